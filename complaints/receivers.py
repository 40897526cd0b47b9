"""What happens below that complaints must answer to: a unit that is to be closed (domain §2)."""

from complaints.models import Complaint
from core.exceptions import RuleViolation


def keep_units_with_open_complaints(sender, department, **kwargs) -> None:
    """Refuse to close a unit that still handles an open complaint; the office withdraws and dispatches it first."""
    complaints = Complaint.objects.unscoped("a unit is closed for everybody")
    held = complaints.filter(status__in=Complaint.OPEN, department=department).count()
    if held:
        raise RuleViolation(f"{department.short_name}还有 {held} 件未办结的工单，请先改派", code="open_complaints")
