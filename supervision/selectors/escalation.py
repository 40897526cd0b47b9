"""Which rounds have reached a rung that is not on record, and what waits for verifiers and inspectors (domain §6, §7)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar
from core.ladder import SECOND_REHANDLING, Reached, Rung, at_rung, overdue_days, standing_on, stream
from supervision.models import ClearanceRequest, Issue, IssueEscalation, IssueEvidence, LookBack, Verification
from supervision.selectors.conditions import nearly_due_q

CLOCK = "clock_due_on"
A_DAY = timedelta(days=1)


def newly_reached(now: datetime, calendar: WorkCalendar) -> Iterator[Iterator[Reached]]:
    """Yield, source by source, the rounds that reached a rung by the aware ``now``; each source is read when asked.

    An overdue round is given with the rung it stands on; the second relapse proposes 督办 like the second
    re-handling of a complaint.
    """
    records = IssueEscalation.objects.unscoped("the scan compares every round")
    overdue = standing_on(_watched(), overdue_days(now, calendar), clock=CLOCK, records=records)
    yield stream(overdue, clock=CLOCK, is_overdue=True)
    again = _watched().filter(current_round__round_no__gte=SECOND_REHANDLING)
    for rows, rung in ((_nearly_due(local_date(now), calendar), Rung.NEARLY_DUE), (again, Rung.SUPERVISION_PROPOSED)):
        yield stream(at_rung(rows, rung, records=records), clock=CLOCK)


def _watched() -> QuerySet[Issue]:
    """Return the issues whose department's clock runs, by the index of clocks."""
    rows = Issue.objects.unscoped("the scan alerts every department")
    return rows.filter(clock_due_on__isnull=False, current_round__isnull=False)


def _nearly_due(today: date, calendar: WorkCalendar) -> QuerySet[Issue]:
    """Return issues that are nearly due, limits of a working day or less left out."""
    return _watched().filter(nearly_due_q(today, calendar)).exclude(_short_limit_q(today, calendar))


def _short_limit_q(today: date, calendar: WorkCalendar) -> Q:
    """Return the condition of ``is_short_limit`` for what is nearly due on ``today``: a few due days, each with its own."""
    short, day = Q(pk__in=[]), today
    while day <= calendar.next_workday(today):
        opened = datetime.combine(_opened_late(day, calendar), time.min, SHANGHAI)
        short |= Q(clock_due_on=day, current_round__opened_at__gte=opened)
        day += A_DAY
    return short


def is_short_limit(opened_on: date, due_on: date, calendar: WorkCalendar) -> bool:
    """Return whether the limit is one working day or less: no nearly-due reminder is sent for it."""
    return opened_on >= _opened_late(due_on, calendar)


def _opened_late(due_on: date, calendar: WorkCalendar) -> date:
    """Return from which day on an opening left a working day or less until ``due_on``."""
    return calendar.add_workdays(due_on, -1)


@dataclass(frozen=True, slots=True)
class LateVerification:
    """A clearance request whose verification limit has passed, and what decides whose names count on it."""

    request_id: int
    number: str
    departments: frozenset[int]
    givers: frozenset[int]
    signed: frozenset[int]


def late_verifications(today: date) -> list[LateVerification]:
    """Return the standing requests that should have been verified before ``today``, the oldest first; four queries."""
    requests = ClearanceRequest.objects.unscoped("verifiers are reminded whoever's issue it is").filter(
        result=ClearanceRequest.Result.STANDING,
        verify_due_on__lt=today,
        round__issue__status=Issue.Status.VERIFYING,
    )
    columns = ("pk", "round", "round__issue", "round__issue__number", "round__issue__department")
    rows = list(requests.order_by("verify_due_on", "id").values(*columns))
    helpers = Issue.assisting.through._default_manager.filter(issue__in={row["round__issue"] for row in rows})
    signed = Verification.objects.unscoped("as above").filter(request__in={row["pk"] for row in rows})
    given = IssueEvidence.objects.unscoped("as above").filter(
        round__in={row["round"] for row in rows}, phase=IssueEvidence.Phase.AFTER, withdrawn_at=None
    )
    assisting, signers = _grouped(helpers, "issue", "department"), _grouped(signed, "request", "user")
    givers = _grouped(given, "round", "added_by")
    return [
        LateVerification(
            request_id=row["pk"],
            number=row["round__issue__number"],
            departments=assisting[row["round__issue"]] | {row["round__issue__department"]},
            givers=givers[row["round"]],
            signed=signers[row["pk"]],
        )
        for row in rows
    ]


def _grouped(rows: QuerySet, key: str, value: str) -> defaultdict[int, frozenset[int]]:
    groups: dict[int, set[int]] = defaultdict(set)
    for one, other in rows.values_list(key, value):
        groups[one].add(other)
    return defaultdict(frozenset, {one: frozenset(others) for one, others in groups.items()})


@dataclass(frozen=True, slots=True)
class DueDay:
    """How many look-backs and reviews of sustained issues came due on one day."""

    day: date
    look_backs: int
    reviews: int


def days_to_look_back(today: date) -> list[DueDay]:
    """Return the days up to ``today`` on which look-backs or reviews are open, the earliest first; two queries."""
    open_ones = LookBack.objects.unscoped("inspectors look back on every issue").filter(
        done_on=None, result="", due_on__lte=today
    )
    sustained = Issue.objects.unscoped("as above").filter(status=Issue.Status.SUSTAINED, next_review_on__lte=today)
    look_backs, reviews = _counted_by(open_ones, "due_on"), _counted_by(sustained, "next_review_on")
    days = sorted(look_backs.keys() | reviews.keys())
    return [DueDay(day, look_backs.get(day, 0), reviews.get(day, 0)) for day in days]


def _counted_by(rows: QuerySet, column: str) -> dict[date, int]:
    return dict(rows.order_by().values_list(column).annotate(Count("pk")))


def rungs_of(issue: Issue) -> QuerySet[IssueEscalation]:
    """Return what is on record of an issue the reader has fetched, newest first."""
    return IssueEscalation.objects.unscoped("of an issue fetched through the user").filter(issue=issue)
