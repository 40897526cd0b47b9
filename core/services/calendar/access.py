"""Who may keep the calendar: the office, or the system itself."""

from core.access import Permission
from core.exceptions import NotAllowed


def require(actor, permission: Permission) -> None:
    """Raise ``NotAllowed`` unless ``actor`` has ``permission``; ``None`` is the system and may."""
    if actor is not None and not actor.can(permission):
        raise NotAllowed("日历与规则由营商办维护")
