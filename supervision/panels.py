"""What pages of units and indicators show about issues (``core.panels``), and what dispatch classes are proposed from."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, F, Q

from core.access import Permission
from core.kept import kept_for_reader
from supervision.models import Issue
from supervision.selectors.conditions import about_q, involved_q, overdue_q

MOST_ROWS = 5
_COLUMNS = ("number", "title", "status", "found_on", "due_on")
_STATUS = dict(Issue.Status.choices)


def department_panel(user, department) -> dict:
    """Return the context of ``supervision/_department_panel.html``: the unit's open issues, soonest due first."""
    if not user.can(Permission.READ_ISSUES):
        return {}
    rows = _with_departments(user).filter(involved_q(department.code))
    rows = rows.order_by(F("clock_due_on").asc(nulls_last=True), "id")
    return _context(rows, f"view=uncleared&department={department.code}")


@kept_for_reader
def indicator_panel(user, indicator) -> dict:
    """Return the context of ``supervision/_indicator_panel.html``: open issues on an indicator or one beneath it."""
    if not user.can(Permission.READ_ISSUES):
        return {}
    rows = Issue.objects.visible_to(user).filter(about_q(indicator.code), status__in=Issue.OPEN)
    return _context(rows.order_by("-created_at", "-id"), f"view=uncleared&indicator={indicator.code}")


def open_column(user, keys) -> dict[int, int]:
    """Return how many open issues each unit leads, by key, as far as ``user`` sees them."""
    if not user.can(Permission.READ_ISSUES):
        return {}
    rows = _with_departments(user).filter(department__in=keys)
    return dict(rows.values_list("department").annotate(number=Count("pk")).order_by())


def _with_departments(user):
    return Issue.objects.visible_to(user).filter(status__in=Issue.WITH_DEPARTMENT)


def _context(rows, query: str) -> dict:
    lines = [line | {"status_label": _STATUS[line["status"]]} for line in rows.values(*_COLUMNS)[:MOST_ROWS]]
    return {"issues": lines, "total": rows.count(), "query": query}


def open_matters(today: date) -> dict[str, list[str]]:
    """Return a sentence on the open issues of each first-level indicator, by its code (domain §4); one query."""
    rows = Issue.objects.unscoped("weekly proposal: every indicator")
    rows = rows.filter(status__in=Issue.WITH_DEPARTMENT, indicator__isnull=False).order_by()
    groups = rows.values_list("indicator__code", "indicator__first_level__code").annotate(
        number=Count("pk"), late=Count("pk", filter=Q(overdue_q(today)))
    )
    open_: dict[str, int] = defaultdict(int)
    late: dict[str, int] = defaultdict(int)
    for own, first_level, number, overdue in groups:
        code = first_level or own
        open_[code] += number
        late[code] += overdue
    return {
        code: [f"有 {number} 个问题在整改" + (f"，其中 {late[code]} 个超期" if late[code] else "")]
        for code, number in open_.items()
    }
