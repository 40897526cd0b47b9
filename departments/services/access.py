"""The two checks every write of this app begins with."""

from core.access import Permission
from core.exceptions import InvalidInput, NotAllowed

KEEPERS = {
    Permission.KEEP_DEPARTMENTS: "单位由系统管理员维护",
    Permission.KEEP_LEADING_GROUP: "领导小组名单由营商办维护",
    Permission.DISPATCH_COMPLAINTS: "导入中新建单位由营商办办理",
}


def require(actor, permission: Permission) -> None:
    """Raise ``NotAllowed`` unless ``actor`` has ``permission``; ``None`` is the system and may."""
    if actor is not None and not actor.can(permission):
        raise NotAllowed(KEEPERS[permission])


def require_text(**fields: tuple[str, str]) -> None:
    """Raise ``InvalidInput`` at each field whose text is blank; a field is ``name=(text, label)``."""
    for name, (text, label) in fields.items():
        if not text.strip():
            raise InvalidInput.at(name, f"请填写{label}", code="required")
