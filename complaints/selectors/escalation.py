"""Which rounds have reached a rung that is not on record: streamed, so that a million rows need no memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from complaints.models import Complaint, Escalation
from complaints.rules.escalation import SECOND_REHANDLING, overdue_marks
from complaints.selectors.conditions import nearly_due_q, sign_overdue_q
from core.dates import Unit, WorkCalendar

Rung = Escalation.Rung
CHUNK = 2_000
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reached:
    """One round that stands on a rung since the last scan; by being overdue, or for another reason."""

    complaint_id: int
    number: str
    round_id: int
    department_id: int
    rung: int
    is_overdue: bool


def newly_reached(now: datetime, calendar: WorkCalendar) -> Iterator[Iterator[Reached]]:
    """Yield, source by source, the rounds that reached a rung by the aware ``now``; each source is read when asked.

    What is 不涉营商 is left out (domain §6). An overdue round is given with the rung it stands on.
    """
    yield _stream(_standing(now, calendar), is_overdue=True)
    yield _stream(_nearly_due(now, calendar))
    yield _stream(
        _at_rung(_watched().filter(current_round__round_no__gte=SECOND_REHANDLING), Rung.SUPERVISION_PROPOSED)
    )
    yield _stream(_at_rung(_open().filter(sign_overdue_q(now)), Rung.UNSIGNED))


def _open() -> QuerySet[Complaint]:
    rows = Complaint.objects.unscoped("the scan alerts every department")
    return rows.exclude(relevance=Complaint.Relevance.NO)


def _watched() -> QuerySet[Complaint]:
    """Return the complaints whose clock runs, by the index of clocks."""
    return _open().filter(clock_due_at__isnull=False)


def _standing(now: datetime, calendar: WorkCalendar) -> QuerySet[Complaint]:
    """Return overdue complaints with the ``rung`` they stand on, where it is not on record."""
    marks = sorted(overdue_marks(now, calendar).items(), reverse=True)
    rung = Case(
        *(When(clock_due_at__lt=mark, then=Value(int(rung))) for rung, mark in marks), output_field=IntegerField()
    )
    return _unrecorded(_watched().filter(clock_due_at__lt=now).annotate(rung=rung))


def _nearly_due(now: datetime, calendar: WorkCalendar) -> QuerySet[Complaint]:
    """Return complaints that are nearly due, limits of a working day or less left out."""
    return _at_rung(_watched().filter(nearly_due_q(now, calendar)).exclude(_short_limit_q()), Rung.NEARLY_DUE)


def _short_limit_q() -> Q:
    """Return the condition of ``deadlines.is_short_limit``."""
    hours = Q(current_round__limit_unit__in=(Unit.WORK_HOUR, Unit.NATURAL_HOUR))
    a_day = Q(current_round__limit_unit__in=(Unit.WORKDAY, Unit.NATURAL_DAY), current_round__limit_amount__lte=1)
    start = Coalesce("current_round__limit_from", "current_round__dispatched_at")
    a_day_later = ExpressionWrapper(start + Value(A_DAY), DateTimeField())
    within_a_day = Q(current_round__limit_unit="", clock_due_at__lte=a_day_later)
    return hours | a_day | within_a_day


def _at_rung(rows: QuerySet[Complaint], rung: int) -> QuerySet[Complaint]:
    return _unrecorded(rows.annotate(rung=Value(int(rung), output_field=IntegerField())))


def _unrecorded(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Leave out what is on record already."""
    known = Escalation.objects.unscoped("the scan compares every round")
    return rows.filter(~Exists(known.filter(round=OuterRef("current_round"), rung=OuterRef("rung"))))


def _stream(rows: QuerySet[Complaint], *, is_overdue: bool = False) -> Iterator[Reached]:
    columns = ("pk", "number", "current_round", "department", "rung")
    for row in rows.order_by("clock_due_at", "id").values(*columns).iterator(CHUNK):
        yield Reached(
            complaint_id=row["pk"],
            number=row["number"],
            round_id=row["current_round"],
            department_id=row["department"],
            rung=row["rung"],
            is_overdue=is_overdue,
        )


def rungs_of(complaint: Complaint) -> QuerySet[Escalation]:
    """Return what is on record of a complaint the reader has fetched, newest first."""
    rows = Escalation.objects.unscoped("of a complaint fetched through the user")
    return rows.filter(complaint=complaint).select_related("recorded_by")
