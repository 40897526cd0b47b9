"""Business complaints on which the province's clocks run: acceptance decided, case number entered (domain §6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from complaints.models import Complaint
from complaints.selectors.deadlines import Stage, limit_of
from core.access import Permission
from core.clock import local_date
from core.dates import WorkCalendar, due_date
from core.models import DeadlineRule
from core.panels import ToDo
from core.selectors.calendar import best_rule, work_calendar

S = Complaint.Status
#: Nobody has decided on its acceptance.
UNDECIDED = (S.RECEIVED, S.REFUSAL_REVIEW)
MOST_ROWS = 20


def undecided() -> QuerySet[Complaint]:
    """Return the business complaints on whose acceptance nobody has decided."""
    return _business().filter(status__in=UNDECIDED)


def without_provincial_number() -> QuerySet[Complaint]:
    """Return the open business complaints that are not on the province's platform."""
    return _business().filter(status__in=Complaint.OPEN, provincial_number="")


def _business() -> QuerySet[Complaint]:
    rows = Complaint.objects.unscoped("the clocks of regime business run for everybody")
    here = rows.filter(regime=Complaint.Regime.BUSINESS, handled=Complaint.Handled.HERE)
    return here.select_related("current_round", "department").order_by("received_at", "id")


@dataclass(frozen=True, slots=True)
class ProvinceClock:
    """A limit of the province that runs on a complaint: what it is for, when it ends, what follows."""

    label: str
    due_at: datetime
    is_past: bool
    effect: str = ""


def province_clocks(complaint: Complaint, *, now: datetime, calendar: WorkCalendar) -> list[ProvinceClock]:
    """Return the province's limits that run on ``complaint``, counted from its receipt; none outside regime business."""
    if complaint.regime != Complaint.Regime.BUSINESS or complaint.handled != Complaint.Handled.HERE:
        return []
    running = []
    if complaint.status in UNDECIDED:
        running.append((Stage.REVIEW, "决定是否受理", "逾期视为受理"))
    if complaint.is_open and not complaint.provincial_number:
        running.append((Stage.ENTER, "录入省平台", ""))
    clocks = []
    for stage, label, effect in running:
        if limit := limit_of(complaint, stage, complaint.received_at, calendar):
            clocks.append(ProvinceClock(label, limit.due.due_at, limit.due.due_at < now, effect))
    return clocks


def past_limit(rows: QuerySet[Complaint], stage: str, *, now: datetime, calendar: WorkCalendar) -> Iterator[Complaint]:
    """Yield those of ``rows`` whose limit of ``stage``, counted from receipt, ended before the aware ``now``.

    The rules are read once: the number of queries does not grow with the rows.
    """
    rules = list(DeadlineRule.objects.filter(matter=Complaint.Regime.BUSINESS, stage=stage))
    for complaint in rows.iterator(500):
        day = local_date(complaint.received_at)
        rule = best_rule(
            (rule for rule in rules if rule.valid_from <= day and (rule.valid_to is None or rule.valid_to >= day)),
            complaint_type=complaint.type,
            urgency=complaint.urgency,
            grade=complaint.grade,
        )
        if rule is not None and due_date(calendar, complaint.received_at, rule.amount, rule.unit).due_at < now:
            yield complaint


def business_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the office's to-dos: business complaints that should be on the province's platform by now."""
    if not user.can(Permission.DISPATCH_COMPLAINTS):
        return []
    late = past_limit(without_provincial_number(), Stage.ENTER, now=now, calendar=work_calendar())
    return [
        ToDo(
            kind="省平台",
            title=f"{complaint.number} 未录入省平台",
            url=complaint.get_absolute_url(),
            act="补录",
            meta="营商环境投诉应在受理后 1 个工作日内录入省平台",
        )
        for complaint in islice(late, MOST_ROWS)
    ]
