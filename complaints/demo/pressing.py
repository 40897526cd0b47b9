"""Complaints of the demonstration that are pressed with an order, and one that has become an issue."""

from datetime import datetime

from django.db import transaction

from complaints.demo.loading import LEDGER, find_cast
from complaints.demo.story import Cast
from complaints.models import Complaint
from complaints.services.supervision import raise_issue, supervise_complaint
from core.clock import local_date
from core.ledger import claim_run
from supervision.services.writing import assign_issue, register_issue

#: Who presses, and what they ask for; the longest overdue first.
ORDERS = (
    ("office_lead", "请查明超期原因，三个工作日内办结并书面回复诉求人。"),
    ("inspector", "请单位负责人包案办理，每日报告进展，按期回复办理结果。"),
)
REQUIREMENT = "同一诉求重办三次仍有反映，请举一反三，清理同类事项并完善办理制度。"


@transaction.atomic
def press_demo_complaints(*, now: datetime) -> int:
    """Press the complaints longest overdue and raise an issue from one handled three times; return how many.

    Once per database, after the demonstration's issues, so that numbers follow the order of time.
    Raises RuleViolation when the demo accounts are not there.
    """
    cast = find_cast(now)
    if not claim_run(LEDGER, "complaint_orders", now=now):
        return 0
    rows = Complaint.objects.unscoped("the demonstration's own").select_related("department", "current_round")
    overdue = rows.filter(clock_due_at__lt=now, department__isnull=False).order_by("clock_due_at", "id")
    pressed = list(zip(overdue, ORDERS, strict=False))
    for complaint, (supervisor, requirement) in pressed:
        due_on = cast.calendar.add_workdays(local_date(now), 3)
        supervise_complaint(complaint, requirement=requirement, due_on=due_on, actor=cast.people[supervisor], now=now)
    again = rows.filter(status__in=(Complaint.Status.CLOSED, Complaint.Status.ARCHIVED), current_round__round_no=3)
    raised = again.order_by("-closed_at", "-id")[:1]
    for complaint in raised:
        _raise(complaint, cast)
    return len(pressed) + len(raised)


def _raise(complaint: Complaint, cast: Cast) -> None:
    """Let the office make an issue of the complaint and assign it to the unit that handled it."""
    office, now = cast.people["office"], cast.now
    due_on = cast.calendar.add_workdays(local_date(now), 15)
    issue = raise_issue(complaint, requirement=REQUIREMENT, due_on=due_on, actor=office, now=now)
    register_issue(issue, actor=office, now=now, is_told=False)
    assign_issue(issue, department=complaint.department, actor=office, now=now)
