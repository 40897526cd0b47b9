"""The rates of rectification counted in SQL: the conditions of ``supervision.rules.rates`` as filters of aggregates.

One query per breakdown, whatever the number of rounds, and no model instances (domain §7, Rates).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, TruncDate

from core.clock import local_date
from core.dates import SHANGHAI
from core.rates import Figure, Window
from departments.models import Department
from indicators.models import Indicator
from supervision.models import Issue, IssueExtension, IssueRound
from supervision.rules.rates import FIGURES, Tally, end_of, total_of

Ending = IssueRound.Ending


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rows of one breakdown, each with code, label, and counts, and the total from their sums."""

    rows: list[tuple[dict[str, Any], Tally]]
    total: Tally


def counted_rounds(user) -> QuerySet[IssueRound]:
    """Return the rounds whose counts ``user`` may see: all, or those of one's own department."""
    rounds = IssueRound.objects.unscoped("counts by department, no content").order_by()
    if user.sees_all_departments:
        return rounds
    return rounds.filter(department=user.scope_department_id) if user.scope_department_id else rounds.none()


# --- the conditions, in the order of the rules ----------------------------------------------------
def within(column: str, window: Window) -> Q:
    """Return the condition that the moment lies in the period and not after the cut-off."""
    return Q((f"{column}__gte", window.start), (f"{column}__lt", window.end), (f"{column}__lte", window.cut_off))


def not_yet(column: str, cut_off: datetime) -> Q:
    """Return the condition that the moment had not come by the cut-off."""
    return Q((column, None)) | Q((f"{column}__gt", cut_off))


def counted_q(cut_off: datetime) -> Q:
    """Return the condition of ``RoundFacts.counts``, for rounds opened by the cut-off."""
    kept = ~Q(ending__in=IssueRound.NOT_COUNTED) | Q(ended_at__gt=cut_off)
    revoked = Issue.objects.unscoped("counts by department, no content").filter(revoked_at__lte=cut_off)
    # The few revoked ones are left out by an index of their own; a join would read every issue there is.
    return kept & ~Q(Exists(revoked.filter(pk=OuterRef("issue")))) & Q(opened_at__lte=cut_off)


def sustained_q(cut_off: datetime) -> Q:
    """Return the condition that the round stood in 长期坚持 at the cut-off."""
    not_relapsed = ~Q(ending=Ending.RELAPSED) | Q(ended_at__gt=cut_off)
    return Q(sustained_at__lte=cut_off) & not_yet("cleared_at", cut_off) & not_relapsed


def due_then(cut_off: datetime) -> Case:
    """Return the effective date as it stood at the cut-off: an extension granted later has not been granted yet."""
    granted_later = Q(extension__answer=IssueExtension.Answer.AGREED, extension__answered_at__gt=cut_off)
    return Case(When(granted_later, then=F("extension__due_before")), default=F("effective_due_on"))


def last_day_over(cut_off: datetime) -> date:
    """Return the last day whose end had come by the cut-off."""
    day = local_date(cut_off)
    return day if end_of(day) <= cut_off else day - timedelta(days=1)


def figure_conditions(window: Window) -> dict[str, tuple[Q, Q]]:
    """Return for each figure the conditions (numerator, denominator), one for one those of ``rules.rates``.

    They are asked of ``rated_rounds``, which carry ``due_then`` and ``requested_on``.
    """
    cut_off = window.cut_off
    opened, done = within("opened_at", window), Q(cleared_at__lte=cut_off)
    passed = done | Q(sustained_at__lte=cut_off)
    owed = opened & ~sustained_q(cut_off)
    due = Q(due_then__gte=local_date(window.start), due_then__lt=local_date(window.end))
    due &= Q(due_then__lte=last_day_over(cut_off))
    immediate = opened & Q(limit_kind=Issue.LimitKind.IMMEDIATE)
    return {
        "cleared": (opened & done, owed),
        "cleared_on_time": (due & passed & Q(requested_on__lte=F("due_then")), due),
        "immediate_done": (immediate & done, immediate),
    }


def touching(window: Window) -> Q:
    """Return the condition that ``due_then`` or the opening can lie in ``window``; each part has an index.

    Only an extension, granted after the cut-off, lets a round be due earlier than its effective date says.
    """
    first, after = local_date(window.start), local_date(window.end)
    due = Q(effective_due_on__gte=first) & (Q(effective_due_on__lt=after) | Q(extended=True))
    return Q(opened_at__gte=window.start, opened_at__lt=window.end) | due


def rated_rounds(user, window: Window) -> QuerySet[IssueRound]:
    """Return the rounds that can count in a figure of ``window``: opened in it, or due in it."""
    rounds = counted_rounds(user).filter(counted_q(window.cut_off), touching(window))
    return rounds.annotate(
        due_then=due_then(window.cut_off), requested_on=TruncDate("passed_request_at", tzinfo=SHANGHAI)
    )


def aggregates(window: Window) -> dict[str, Count]:
    """Return the aggregates of one row: ``<key>_n`` and ``<key>_d`` of each figure, and ``sustained``."""
    standing = within("opened_at", window) & sustained_q(window.cut_off)
    found = {"sustained": Count("pk", filter=standing)}
    for key, (numerator, denominator) in figure_conditions(window).items():
        found |= {f"{key}_n": Count("pk", filter=numerator), f"{key}_d": Count("pk", filter=denominator)}
    return found


def tally_of(row: Mapping[str, Any]) -> Tally:
    """Return the counts of an aggregated row."""
    result = Tally(sustained=row["sustained"])
    for figure in FIGURES:
        result.counts[figure.key].add(row[f"{figure.key}_n"], row[f"{figure.key}_d"])
    return result


def counted_by(rounds: QuerySet[IssueRound], window: Window, column: str) -> dict[Any, Tally]:
    """Return the counts of each value of ``column``; one query."""
    rows = rounds.values(column).annotate(**aggregates(window))
    return {row[column]: tally_of(row) for row in rows}


# --- the breakdowns -------------------------------------------------------------------------------
def rates_by_department(user, window: Window) -> Statistics:
    """Return the counts of each department in official order that had a round by the cut-off; two queries."""
    tallies = counted_by(rated_rounds(user, window), window, "department_id")
    theirs = counted_rounds(user).filter(department=OuterRef("pk"), opened_at__lte=window.cut_off)
    names = Department.objects.filter(Exists(theirs)).order_by("official_order", "pk")
    rows = [
        ({"code": code, "label": label}, tallies.get(pk, Tally()))
        for pk, code, label in names.values_list("pk", "code", "short_name")
    ]
    return _with_total(rows)


def rates_by_indicator(user, window: Window) -> Statistics:
    """Return the counts of each first-level indicator, what belongs to none last; two queries.

    Sets of several years meet under one code, with the newest name.
    """
    tallies = counted_by(with_first_level(rated_rounds(user, window)), window, "first_level")
    names = Indicator.objects.filter(pk__in=[key for key in tallies if key]).order_by("code", "-indicator_set__year")
    rows: dict[str, tuple[dict[str, Any], Tally]] = {}
    for pk, code, name in names.values_list("pk", "code", "name"):
        _, tally = rows.setdefault(code, ({"code": code, "label": f"{code} {name}"}, Tally()))
        tally.add(tallies[pk])
    if None in tallies:
        rows[""] = ({"code": "", "label": "未关联指标"}, tallies[None])
    return _with_total(list(rows.values()))


def with_first_level(rounds: QuerySet[IssueRound]) -> QuerySet[IssueRound]:
    """Return the rounds with ``first_level``, the key of the first-level indicator their issue belongs to."""
    return rounds.annotate(first_level=Coalesce("issue__indicator__first_level_id", "issue__indicator_id"))


def rates_by_source(user, window: Window) -> Statistics:
    """Return the counts of each source that has any, in the order of the sources; one query."""
    return _by_choice(user, window, "issue__source", Issue.Source.choices)


def rates_by_category(user, window: Window) -> Statistics:
    """Return the counts of each category that has any, in the order of the categories; one query."""
    return _by_choice(user, window, "issue__category", Issue.Category.choices)


def _by_choice(user, window: Window, column: str, choices) -> Statistics:
    tallies = counted_by(rated_rounds(user, window), window, column)
    return _with_total([({"code": code, "label": label}, tallies[code]) for code, label in choices if code in tallies])


def rates_by_period(user, windows: Iterable[tuple[str, Window]]) -> Statistics:
    """Return the counts of each of a few (label, window); one query each, and no total."""
    rows = []
    for label, window in windows:
        counts = rated_rounds(user, window).aggregate(**aggregates(window))
        rows.append(({"code": label, "label": label}, tally_of(counts)))
    return Statistics(rows, Tally())


def rates_of(user, window: Window) -> Tally:
    """Return the counts of all rounds the user's figures hold; one query."""
    return tally_of(rated_rounds(user, window).aggregate(**aggregates(window)))


def cleared_of(user, window: Window) -> Tally:
    """Return 整改率 alone: only what was opened in the period is looked at, as the ledger's head asks it every time."""
    opened = counted_rounds(user).filter(counted_q(window.cut_off), within("opened_at", window))
    counts = opened.aggregate(
        cleared=Count("pk", filter=Q(cleared_at__lte=window.cut_off)),
        owed=Count("pk", filter=~sustained_q(window.cut_off)),
    )
    result = Tally()
    result.counts["cleared"].add(counts["cleared"], counts["owed"])
    return result


def _with_total(rows: list[tuple[dict[str, Any], Tally]]) -> Statistics:
    return Statistics(rows, total_of(tally for _, tally in rows))


# --- as printed -----------------------------------------------------------------------------------
def figures_of(tally: Tally) -> dict[str, dict[str, Any]]:
    """Return ``{key: {label, numerator, denominator, value, text, formula}}`` (api.md); ``value`` null without rounds."""
    return {figure.key: _figure(figure, tally) for figure in FIGURES}


def _figure(figure: Figure, tally: Tally) -> dict[str, Any]:
    count = tally.counts[figure.key]
    return {
        "label": figure.label,
        "numerator": count.numerator,
        "denominator": count.denominator,
        "value": count.value,
        "text": count.text,
        "formula": figure.formula,
    }


# --- the rounds behind a number -------------------------------------------------------------------
#: The part of a breakdown that is no figure: rounds standing in 长期坚持.
SUSTAINED = "sustained"
COLUMNS = (
    *("issue__number", "issue__title", "department__short_name", "round_no", "limit_kind", "opened_at"),
    *("due_then", "requested_on", "cleared_at", "sustained_at", "ending", "ended_at"),
)
_GROUP_COLUMNS = {"department": "department__code", "source": "issue__source", "category": "issue__category"}


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is asked about: figure (or ``sustained``), part, and the row of the breakdown it stands in.

    ``code`` None asks for the total, "" for what belongs to no indicator.
    """

    figure: str
    part: str
    group: str = "department"
    code: str | None = None


def rounds_behind(user, window: Window, question: Question) -> QuerySet[IssueRound]:
    """Return every round the number counts, whether or not ``user`` may open its issue; their count is the number."""
    if question.figure == SUSTAINED:
        condition = within("opened_at", window) & sustained_q(window.cut_off)
    else:
        numerator, denominator = figure_conditions(window)[question.figure]
        condition = numerator if question.part == "numerator" else denominator
    rounds = rated_rounds(user, window).filter(condition)
    if question.code is None:
        return rounds
    if question.group == "indicator":
        named = Indicator.objects.filter(code=question.code).values("pk")
        belongs = Q(("first_level__in", named)) if question.code else Q(("first_level", None))
        return with_first_level(rounds).filter(belongs)
    column = _GROUP_COLUMNS.get(question.group)
    return rounds.filter(**{column: question.code}) if column else rounds


def rows_behind(user, rounds: QuerySet[IssueRound]) -> QuerySet[IssueRound, dict]:
    """Return plain rows of those ``rounds`` whose issue ``user`` may open, the newest first."""
    visible = Issue.objects.visible_to(user).values("pk")
    return rounds.filter(issue__in=visible).order_by("-opened_at", "-pk").values(*COLUMNS)
