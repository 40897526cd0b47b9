"""The rates of handling counted in SQL: the conditions of ``complaints.rules.rates`` as filters of aggregates.

One query per breakdown, whatever the number of rounds, and no model instances. What is 不涉营商 is left out of all
figures and counted apart (domain §6).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from complaints.models import Complaint, HandlingRound
from complaints.rules.rates import CONTENT, FIGURES, RATED, Definition, Tally, total_of
from core.models import DeadlineRule
from core.rates import Window
from departments.models import Department
from indicators.models import Indicator

Ending = HandlingRound.Ending

RETURNED = Q(ending=Ending.RETURN_APPROVED)
REASSIGNED = Q(ending=Ending.REASSIGNED)
MERGED = Q(ending=Ending.MERGED_DUPLICATE)
STAYED = Q(ending__in=(Ending.OPEN, Ending.CLOSED, Ending.REHANDLED))
COUNTED = Q(complaint__relevance__in=(Complaint.Relevance.UNKNOWN, Complaint.Relevance.YES))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rows of one breakdown, each with code, label, and counts, and the total from their sums."""

    rows: list[tuple[dict[str, Any], Tally]]
    total: Tally


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Rounds that went over into the period, came in it, and left it: opening + received = finished + moved + closing.

    ``finished`` were closed by their unit, ``moved`` returned, reassigned or merged.
    """

    opening: int
    received: int
    finished: int
    moved: int

    @property
    def closing(self) -> int:
        """What goes over into the next period."""
        return self.opening + self.received - self.finished - self.moved


@dataclass(frozen=True, slots=True)
class Received:
    """Complaints received in the period, and what of them is counted apart."""

    received: int
    irrelevant: int
    upstream: int
    without_unit: int


def counted_rounds(user) -> QuerySet[HandlingRound]:
    """Return the rounds whose counts ``user`` may see: all, or those of one's own department."""
    rounds = HandlingRound.objects.unscoped("counts by department, no content").order_by()
    if user.sees_all_departments:
        return rounds
    return rounds.filter(department=user.scope_department_id) if user.scope_department_id else rounds.none()


# --- the conditions, in the order of the rules ----------------------------------------------------
def within(column: str, window: Window) -> Q:
    """Return the condition that the moment lies in the period and not after the cut-off (rule 1)."""
    return Q((f"{column}__gte", window.start), (f"{column}__lt", window.end), (f"{column}__lte", window.cut_off))


def not_yet(column: str, window: Window) -> Q:
    """Return the condition that the moment had not come by the cut-off (rule 2)."""
    return Q((column, None)) | Q((f"{column}__gt", window.cut_off))


def owed(window: Window) -> Q:
    """Return the condition that a due time stands against the unit at the cut-off.

    None does while the round is suspended (it moves on resumption), nor once the complainant withdrew, which
    closes a round without a submission.
    """
    withdrawn = Q(ending__in=(Ending.CLOSED, Ending.REHANDLED), submitted_at=None, closed_at__lte=window.cut_off)
    return Q(effective_due_at__isnull=False) & not_yet("suspended_at", window) & ~withdrawn


def figure_conditions(window: Window, definition: str) -> dict[str, tuple[Q, Q | None]]:
    """Return for each figure the conditions (numerator, denominator), one for one those of ``rules.rates``.

    They are asked of rounds dispatched by the cut-off and not merged. A plain count has no denominator.
    """
    dispatched, closed_within = within("dispatched_at", window), within("closed_at", window)
    closed = Q(closed_at__lte=window.cut_off)
    submitted, unsubmitted = Q(submitted_at__lte=window.cut_off), not_yet("submitted_at", window)
    finished = closed_within & STAYED
    signed_or_lost_later = (
        Q(signed_at__lte=window.cut_off) | not_yet("closed_at", window) | Q(closed_at__gt=F("sign_due_at"))
    )
    sign_owed = within("sign_due_at", window) & (STAYED | REASSIGNED & signed_or_lost_later)
    close_owed = close_owed_condition(window, definition)
    rated = finished & Q(complaint__anonymous=False)
    return {
        "on_time_sign": (sign_owed & Q(signed_at__lte=F("sign_due_at")), sign_owed),
        "close": (dispatched & STAYED & closed, dispatched & STAYED),
        "on_time_close": (close_owed & STAYED & submitted & Q(submitted_at__lte=F("effective_due_at")), close_owed),
        "overdue_open": (STAYED & owed(window) & unsubmitted & Q(effective_due_at__lt=window.cut_off), None),
        "satisfaction": (rated & Q(satisfaction__in=CONTENT), rated & Q(satisfaction__in=RATED)),
        "return": (dispatched & RETURNED, dispatched),
        "rehandle": (dispatched & STAYED & Q(round_no__gte=2), finished),
        "extension": (dispatched & Q(extended=True), dispatched),
        "solved": (finished & Q(solved=HandlingRound.Solved.YES), finished & ~Q(solved="")),
    }


def close_owed_condition(window: Window, definition: str) -> Q:
    """Return what 按期办结率 divides by: due or handed in, whichever came first, in the period; or closed in it."""
    if definition == Definition.CLOSED:
        return within("closed_at", window) & STAYED & owed(window)
    handed_in_first = Q(submitted_at__lte=window.cut_off, submitted_at__lt=F("effective_due_at"))
    due_first = not_yet("submitted_at", window) | Q(submitted_at__gte=F("effective_due_at"))
    due = within("effective_due_at", window)
    first = handed_in_first & within("submitted_at", window) | due_first & due
    lost_late = REASSIGNED & Q(closed_at__lte=window.cut_off, closed_at__gt=F("effective_due_at")) & due
    return owed(window) & (STAYED & first | lost_late)


def touching(window: Window) -> Q:
    """Return a condition of all rounds that can count in ``window``, answered by indexes.

    A round closed before the period can only count by a sign limit that lies in it; whatever else puts a round
    into a figure comes before it is closed. One dispatched after the period counts only while it is overdue.
    """
    since = min(window.start, window.cut_off)
    not_over = Q(closed_at=None) | Q(closed_at__gte=since) | Q(sign_due_at__gte=since)
    return not_over & (Q(dispatched_at__lt=window.end) | not_yet("submitted_at", window))


def aggregates(window: Window, definition: str) -> dict[str, Count]:
    """Return the aggregates of one row: ``<key>_n`` and ``<key>_d`` of each figure, and ``requested``."""
    found = {"requested": Count("pk", filter=within("dispatched_at", window) & Q(return_requested_at__isnull=False))}
    for key, (numerator, denominator) in figure_conditions(window, definition).items():
        found[f"{key}_n"] = Count("pk", filter=numerator)
        if denominator is not None:
            found[f"{key}_d"] = Count("pk", filter=denominator)
    return found


def tally_of(row: Mapping[str, Any]) -> Tally:
    """Return the counts of an aggregated row."""
    result = Tally(requested=row["requested"])
    for figure in FIGURES:
        result.counts[figure.key].add(row[f"{figure.key}_n"], row.get(f"{figure.key}_d", 0))
    return result


def rated_rounds(user, window: Window) -> QuerySet[HandlingRound]:
    """Return the rounds that can count in a figure of ``window``."""
    return counted_rounds(user).filter(COUNTED, touching(window), ~MERGED, dispatched_at__lte=window.cut_off)


def counted_by(user, window: Window, column: str, definition: str) -> dict[Any, Tally]:
    """Return the counts of each value of ``column``; one query."""
    rows = rated_rounds(user, window).values(column).annotate(**aggregates(window, definition))
    return {row[column]: tally_of(row) for row in rows}


# --- the breakdowns -------------------------------------------------------------------------------
def rates_by_department(user, window: Window, definition: str = Definition.DUE) -> Statistics:
    """Return the counts of each department in official order that had a round by the cut-off; two queries.

    One whose rounds all count nowhere (merged, 不涉营商) has a row of zeros.
    """
    tallies = counted_by(user, window, "department_id", definition)
    theirs = counted_rounds(user).filter(department=OuterRef("pk"), dispatched_at__lte=window.cut_off)
    names = Department.objects.filter(Exists(theirs)).order_by("official_order", "pk")
    rows = [
        ({"code": code, "label": label}, tallies.get(pk, Tally()))
        for pk, code, label in names.values_list("pk", "code", "short_name")
    ]
    return _with_total(rows)


def rates_by_type(user, window: Window, definition: str = Definition.DUE) -> Statistics:
    """Return the counts of each type of complaint that has any, in the order of the types; one query."""
    tallies = counted_by(user, window, "complaint__type", definition)
    types = DeadlineRule.ComplaintType.choices
    return _with_total([({"code": code, "label": label}, tallies[code]) for code, label in types if code in tallies])


def rates_by_indicator(user, window: Window, definition: str = Definition.DUE) -> Statistics:
    """Return the counts of each first-level indicator, what belongs to none last; two queries."""
    tallies = counted_by(user, window, "complaint__indicator_id", definition)
    names = Indicator.objects.filter(pk__in=[key for key in tallies if key]).order_by("code")
    rows = [
        ({"code": code, "label": f"{code} {name}"}, tallies[pk])
        for pk, code, name in names.values_list("pk", "code", "name")
    ]
    if None in tallies:
        rows.append(({"code": "", "label": "未关联指标"}, tallies[None]))
    return _with_total(rows)


def rates_by_period(user, windows: Iterable[tuple[str, Window]], definition: str = Definition.DUE) -> Statistics:
    """Return the counts of each of a few (label, window) of one's rounds; one query each, and no total."""
    rows = []
    for label, window in windows:
        counts = rated_rounds(user, window).aggregate(**aggregates(window, definition))
        rows.append(({"code": label, "label": label}, tally_of(counts)))
    return Statistics(rows, Tally())


def _with_total(rows: list[tuple[dict[str, Any], Tally]]) -> Statistics:
    return Statistics(rows, total_of(tally for _, tally in rows))


# --- what came and went ---------------------------------------------------------------------------
def carry_over(user, window: Window) -> dict[int, CarryOver]:
    """Return 结转 of each department by key; merged rounds are in it, as they were received (rule 3). One query."""
    columns = ("department_id", "opening", "received", "finished", "moved")
    rows = carried_rounds(user, window).values("department_id").annotate(**carried(window))
    return {department: CarryOver(*counts) for department, *counts in rows.values_list(*columns)}


def carry_over_total(user, window: Window) -> CarryOver:
    """Return 结转 of all departments the user sees; one query."""
    return CarryOver(**carried_rounds(user, window).aggregate(**carried(window)))


def carried_rounds(user, window: Window) -> QuerySet[HandlingRound]:
    """Return the rounds that were there at some time of the period."""
    dispatched = Q(dispatched_at__lt=window.end, dispatched_at__lte=window.cut_off)
    return counted_rounds(user).filter(COUNTED, touching(window), dispatched)


def carried(window: Window) -> dict[str, Count]:
    """Return the aggregates of a ``CarryOver``."""
    ended = within("closed_at", window)
    open_at_start = Q(closed_at=None) | Q(closed_at__gte=window.start)
    return {
        "opening": Count("pk", filter=Q(dispatched_at__lt=window.start) & open_at_start),
        "received": Count("pk", filter=within("dispatched_at", window)),
        "finished": Count("pk", filter=ended & STAYED),
        "moved": Count("pk", filter=ended & (RETURNED | REASSIGNED | MERGED)),
    }


def received(user, window: Window) -> Received:
    """Return how many complaints were received, with what is counted apart; one query."""
    complaints = Complaint.objects.unscoped("counts, no content").filter(within("received_at", window))
    if not user.sees_all_departments:
        own = user.scope_department_id
        complaints = complaints.filter(department=own) if own else complaints.none()
    irrelevant = Q(relevance=Complaint.Relevance.NO)
    return Received(
        **complaints.aggregate(
            received=Count("pk"),
            irrelevant=Count("pk", filter=irrelevant),
            upstream=Count("pk", filter=Q(handled=Complaint.Handled.UPSTREAM) & ~irrelevant),
            without_unit=Count("pk", filter=Q(department=None) & ~irrelevant),
        )
    )
