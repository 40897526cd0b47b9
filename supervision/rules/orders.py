"""Who may do what with a supervision order or an accountability record (domain §7). Pure predicates."""

from core.access import Permission

#: A head's signature; a head's own reply is signed by giving it.
SIGNATURES = frozenset({"sign_reply"})
SIGNED_BY_DOING = frozenset({"reply"})


def is_supervisor(actor, row) -> bool:
    """R2 and R6 issue, send back and close orders, and keep accountability records."""
    return actor.can(Permission.SUPERVISE)


def may_reply(actor, row) -> bool:
    """R4 and R5 of the department the order went to."""
    return actor.can(Permission.HANDLE_ISSUES) and actor.scope_department_id == row.department_id


def may_sign_reply(actor, row) -> bool:
    """R5 of the department the order went to."""
    return actor.can(Permission.SIGN_ISSUES) and actor.scope_department_id == row.department_id


def is_order_signature(name: str, actor, row) -> bool:
    """Return whether the act ``name`` puts the head's signature under the reply."""
    return name in SIGNATURES or (name in SIGNED_BY_DOING and may_sign_reply(actor, row))
