"""Who may do what with a coordination item (domain §4). Pure predicates."""

from core.access import Permission


def may_keep(actor, item) -> bool:
    """Return whether R1 or R2: they give it an owner and a due date, answer it, close it."""
    return actor.can(Permission.KEEP_COORDINATION)


def may_reply(actor, item) -> bool:
    """Return whether the actor answers: the office, or the owner it was given to."""
    return may_keep(actor, item) or (item.owner_id is not None and item.owner_id == actor.pk)


def may_close(actor, item) -> bool:
    """Return whether the actor closes: the office, or the leader who wrote the instruction."""
    return may_keep(actor, item) or (actor.can(Permission.WRITE_INSTRUCTIONS) and item.asked_by_id == actor.pk)
