"""What happens below that complaints must answer to: a unit that is to be closed, an order on a complaint."""

from datetime import datetime

from complaints.models import Complaint, ComplaintEvent
from core.exceptions import RuleViolation


def keep_units_with_open_complaints(sender, department, **kwargs) -> None:
    """Refuse to close a unit that still handles an open complaint; the office withdraws and dispatches it first."""
    complaints = Complaint.objects.unscoped("a unit is closed for everybody")
    held = complaints.filter(status__in=Complaint.OPEN, department=department).count()
    if held:
        raise RuleViolation(f"{department.short_name}还有 {held} 件未办结的工单，请先改派", code="open_complaints")


def write_on_timeline(sender, *, number: str, kind: str, label: str, text: str, actor, now: datetime, **kwargs) -> None:
    """Write what happened to an order, or was put on record, on the timeline of the complaint it is about."""
    complaint = Complaint.objects.unscoped("an order names its subject").filter(number=number).first()
    if complaint is not None:
        ComplaintEvent.objects.create(
            complaint=complaint,
            kind=kind,
            label=label,
            text=text,
            at=now,
            actor=actor,
            department=complaint.department,
            round=complaint.current_round,
            by_person=True,
        )
