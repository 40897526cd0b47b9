"""Who sees departmental rows of an indicator: the departments that lead or assist it now (domain §1)."""

from django.db.models import Exists, OuterRef, Q

from core.access import Permission
from indicators.models.catalogue import Assignment

#: The condition no row meets, and the one every row meets. The latter is not the empty ``Q()``, because
#: ``Q(a=1) | Q()`` is only ``Q(a=1)``.
NOBODY = Q(pk__in=[])
EVERYTHING = ~NOBODY


def leads_or_assists(user, *, indicator: str) -> Q:
    """Return the condition that the user's department answers for the row's first-level indicator now.

    Args:
        user: the signed-in person.
        indicator: the row's lookup path to its first-level indicator, e.g. ``indicator``.
    """
    answers = Assignment.objects.filter(
        indicator=OuterRef(indicator), department=user.scope_department_id, valid_to=None
    )
    return Q(Exists(answers))


def visible_by_indicator(user, *, indicator: str) -> Q:
    """Return who sees a row: all of it for those who see every department, else by assignment."""
    if user.sees_all_departments:
        return EVERYTHING
    if not is_departmental(user):
        return NOBODY
    return leads_or_assists(user, indicator=indicator)


def is_departmental(user) -> bool:
    """Return whether the person works for a department; administrators see no business data."""
    return user.scope_department_id is not None and user.can(Permission.READ_CATALOGUE)
