"""Who may do what with a bulletin (domain §8). Pure predicates."""

from bulletins.models import Bulletin
from core.access import Permission

S = Bulletin.Status
#: Acts that put a name under the paper: on trusted devices the password is asked for again.
SIGNATURES = frozenset({"sign", "void"})


def may_draft(actor, row) -> bool:
    """R1 R2 draft, edit and hand in."""
    return actor.can(Permission.DRAFT_BULLETINS)


def may_review(actor, row) -> bool:
    """R2 reviews and corrects."""
    return actor.can(Permission.REVIEW_BULLETINS)


def may_sign(actor, row) -> bool:
    """R3 signs and voids."""
    return actor.can(Permission.SIGN_BULLETINS)


def may_send_back(actor, row) -> bool:
    """R2 from 待审核, R3 from 待签发; in another state either is told that it is the wrong one."""
    if row.status == S.REVIEW:
        return may_review(actor, row)
    if row.status == S.SIGNING:
        return may_sign(actor, row)
    return may_review(actor, row) or may_sign(actor, row)


def may_acknowledge(actor, row) -> bool:
    """R4 and R5 sign receipt for their department."""
    return actor.can(Permission.ACKNOWLEDGE_BULLETINS) and actor.scope_department_id is not None


def not_yet_acknowledged(actor, row) -> bool:
    """Offer the receipt until the department has signed it."""
    return actor.scope_department_id not in row.acknowledged_by
