"""Who may keep the catalogue and what hangs on it, and what a row itself forbids (domain §1, §3)."""

from core.access import Permission
from indicators.models import Measure


def can_keep_catalogue(user) -> bool:
    """Return whether ``user`` keeps indicators, standards, duties and measures: R1 R2."""
    return user.can(Permission.KEEP_CATALOGUE)


def can_approve_constraints(user) -> bool:
    """Return whether ``user`` approves objective constraints: R2."""
    return user.can(Permission.APPROVE_CONSTRAINTS)


def can_correct_values(user) -> bool:
    """Return whether ``user`` enters corrections and official results: R1 R2."""
    return user.can(Permission.CORRECT_VALUES)


def can_note_measure(user, measure: Measure) -> bool:
    """Return whether ``user`` notes progress on ``measure``: R1 R2, and R4 R5 of the responsible department."""
    own = user.can(Permission.REPORT) and user.scope_department_id == measure.department_id
    return own or can_keep_catalogue(user)
