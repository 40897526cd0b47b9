"""Who adds, judges and amends evidence and practice cases (domain §1, §3)."""

from core.access import Permission
from indicators.models import Evidence, PracticeCase


def can_add_evidence(user) -> bool:
    """Return whether ``user`` hands in evidence and cases: R1 R2 R4 R5."""
    return user.can(Permission.ADD_EVIDENCE)


def can_review(user, row: Evidence | PracticeCase) -> bool:
    """Return whether ``user`` judges evidence and cases: R1 R2."""
    return user.can(Permission.REVIEW_EVIDENCE)


def not_for_review(row: Evidence) -> str | None:
    """Judge here only what speaks for an indicator; what belongs to an issue is judged with the issue."""
    return None if row.for_review else "这份材料只用于问题整改，关联指标后才送审"


def can_amend(user, row: Evidence | PracticeCase) -> bool:
    """Return whether ``user`` amends the row: people of the department it came from who may add evidence."""
    return can_add_evidence(user) and user.scope_department_id == row.department_id
