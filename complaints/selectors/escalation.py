"""Which rounds have reached a rung that is not on record: streamed, so that a million rows need no memory."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from complaints.models import Complaint, Escalation
from complaints.selectors.conditions import nearly_due_q, sign_overdue_q
from core.dates import Unit, WorkCalendar
from core.ladder import SECOND_REHANDLING, Reached, Rung, at_rung, overdue_marks, standing_on, stream

CLOCK = "clock_due_at"
A_DAY = timedelta(days=1)


def newly_reached(now: datetime, calendar: WorkCalendar) -> Iterator[Iterator[Reached]]:
    """Yield, source by source, the rounds that reached a rung by the aware ``now``; each source is read when asked.

    What is 不涉营商 is left out (domain §6). An overdue round is given with the rung it stands on.
    """
    records = Escalation.objects.unscoped("the scan compares every round")
    overdue = standing_on(_watched(), overdue_marks(now, calendar), clock=CLOCK, records=records)
    yield stream(overdue, clock=CLOCK, is_overdue=True)
    again = _watched().filter(current_round__round_no__gte=SECOND_REHANDLING)
    for rows, rung in (
        (_nearly_due(now, calendar), Rung.NEARLY_DUE),
        (again, Rung.SUPERVISION_PROPOSED),
        (_open().filter(sign_overdue_q(now)), Rung.UNSIGNED),
    ):
        yield stream(at_rung(rows, rung, records=records), clock=CLOCK)


def _open() -> QuerySet[Complaint]:
    rows = Complaint.objects.unscoped("the scan alerts every department")
    return rows.exclude(relevance=Complaint.Relevance.NO)


def _watched() -> QuerySet[Complaint]:
    """Return the complaints whose clock runs, by the index of clocks."""
    return _open().filter(clock_due_at__isnull=False)


def _nearly_due(now: datetime, calendar: WorkCalendar) -> QuerySet[Complaint]:
    """Return complaints that are nearly due, limits of a working day or less left out."""
    return _watched().filter(nearly_due_q(now, calendar)).exclude(_short_limit_q())


def _short_limit_q() -> Q:
    """Return the condition of ``deadlines.is_short_limit``."""
    hours = Q(current_round__limit_unit__in=(Unit.WORK_HOUR, Unit.NATURAL_HOUR))
    a_day = Q(current_round__limit_unit__in=(Unit.WORKDAY, Unit.NATURAL_DAY), current_round__limit_amount__lte=1)
    start = Coalesce("current_round__limit_from", "current_round__dispatched_at")
    a_day_later = ExpressionWrapper(start + Value(A_DAY), DateTimeField())
    within_a_day = Q(current_round__limit_unit="", clock_due_at__lte=a_day_later)
    return hours | a_day | within_a_day


def rungs_of(complaint: Complaint) -> QuerySet[Escalation]:
    """Return what is on record of a complaint the reader has fetched, newest first."""
    rows = Escalation.objects.unscoped("of a complaint fetched through the user")
    return rows.filter(complaint=complaint).select_related("recorded_by")
