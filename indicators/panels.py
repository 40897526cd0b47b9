"""What pages of units show about indicators (``core.panels``): who leads and assists what now."""

from django.db.models import Count

from core.access import Permission
from indicators.models import Assignment

_CURRENT = {"valid_to": None, "indicator__indicator_set__active": True}


def duties_panel(user, department) -> dict:
    """Return the context of ``indicators/_duties_panel.html``: the unit's current duties in the active set."""
    if not user.can(Permission.READ_CATALOGUE):
        return {}
    duties = Assignment.objects.filter(department=department, **_CURRENT)
    duties = duties.order_by("-role", "indicator__position", "indicator_id")
    words = dict(Assignment.Role.choices)
    rows = duties.values("role", "indicator__code", "indicator__name", "county_leader", "assumed")
    return {"duties": [row | {"word": words[row["role"]]} for row in rows]}


def lead_column(user, keys) -> dict[int, int]:
    """Return how many indicators of the active set each unit leads, by key."""
    return _counts(keys, Assignment.Role.LEAD)


def assist_column(user, keys) -> dict[int, int]:
    """Return how many indicators of the active set each unit assists with, by key."""
    return _counts(keys, Assignment.Role.ASSIST)


def _counts(keys, role: str) -> dict[int, int]:
    rows = Assignment.objects.filter(role=role, department__in=keys, **_CURRENT)
    return dict(rows.values_list("department").annotate(number=Count("pk")).order_by())
