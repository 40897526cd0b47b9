"""What pages of units, indicators and issues show about complaints (``core.panels``), and the weekly proposals."""

from datetime import date, datetime, time

from django.db.models import Count, F, Q

from complaints.models import Complaint
from complaints.selectors.conditions import involved_q
from core.access import Permission
from core.dates import SHANGHAI
from core.kept import kept_for_reader

MOST_ROWS = 5
_COLUMNS = ("number", "title", "status", "received_at", "due_at")
_STATUS = dict(Complaint.Status.choices)


def department_panel(user, department) -> dict:
    """Return the context of ``complaints/_department_panel.html``: the unit's open complaints, soonest due first."""
    if not user.can(Permission.READ_COMPLAINTS):
        return {}
    rows = _open_rows(user).filter(involved_q(department.code))
    return _context(rows.order_by(F("clock_due_at").asc(nulls_last=True), "id"), f"department={department.code}")


@kept_for_reader
def indicator_panel(user, indicator) -> dict:
    """Return the context of ``complaints/_indicator_panel.html``: complaints on a first-level indicator, newest first.

    Confidential ones never stand in a panel (domain §6).
    """
    if not user.can(Permission.READ_COMPLAINTS) or indicator.level != 1:
        return {}
    rows = Complaint.objects.visible_to(user).filter(indicator=indicator, confidential=False)
    return _context(rows.order_by("-received_at", "-id"), f"indicator={indicator.code}")


def issue_panel(user, issue) -> dict:
    """Return the context of ``complaints/_issue_panel.html``: the complaints an issue was made of, those one sees."""
    if not user.can(Permission.READ_COMPLAINTS):
        return {}
    lines = Complaint.objects.visible_to(user).filter(issue=issue).order_by("received_at", "id").values(*_COLUMNS)
    shown = [line | {"status_label": _STATUS[line["status"]]} for line in lines]
    return {"complaints": shown} if shown else {}


def open_column(user, keys) -> dict[int, int]:
    """Return how many open complaints each unit leads, by key, as far as ``user`` sees them."""
    rows = _open_rows(user).filter(department__in=keys)
    return dict(rows.values_list("department").annotate(number=Count("pk")).order_by())


def open_matters(today: date) -> dict[str, list[str]]:
    """Return a sentence on the open complaints of each first-level indicator, by its code (domain §4); one query.

    Overdue is what was due before ``today``. What is 不涉营商 or confidential says nothing.
    """
    late = Q(clock_due_at__lt=datetime.combine(today, time.min, SHANGHAI))
    rows = Complaint.objects.unscoped("weekly proposal: every indicator").exclude(relevance=Complaint.Relevance.NO)
    rows = rows.filter(status__in=Complaint.OPEN, confidential=False, indicator__isnull=False).order_by()
    groups = rows.values_list("indicator__code").annotate(number=Count("pk"), late=Count("pk", filter=late))
    return {
        code: [f"有 {number} 件投诉在办" + (f"，其中 {overdue} 件超期" if overdue else "")]
        for code, number, overdue in groups
    }


def _open_rows(user):
    return Complaint.objects.visible_to(user).filter(status__in=Complaint.OPEN, confidential=False)


def _context(rows, query: str) -> dict:
    lines = rows.values(*_COLUMNS)[:MOST_ROWS]
    shown = [line | {"status_label": _STATUS[line["status"]]} for line in lines]
    return {"complaints": shown, "total": rows.count(), "query": query}
