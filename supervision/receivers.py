"""What happens below that issues must answer to: a unit that is to be closed (domain §2)."""

from core.exceptions import RuleViolation
from supervision.models import Issue, SupervisionOrder


def keep_units_with_open_issues(sender, department, **kwargs) -> None:
    """Refuse to close a unit that still holds an open issue or owes an answer to an order; the office takes them back."""
    issues = Issue.objects.unscoped("a unit is closed for everybody")
    held = issues.filter(status__in=Issue.WITH_DEPARTMENT, department=department).count()
    if held:
        raise RuleViolation(f"{department.short_name}还有 {held} 个未销号的问题，请先收回改交", code="open_issues")
    orders = SupervisionOrder.objects.unscoped("as above").exclude(status=SupervisionOrder.Status.CLOSED)
    owed = orders.filter(department=department).count()
    if owed:
        raise RuleViolation(f"{department.short_name}还有 {owed} 件督办未了结，请先了结", code="open_orders")
