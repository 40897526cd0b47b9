"""What administrators do that belongs to no single account."""

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction

from accounts.models import User
from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed
from core.settings_registry import SETTINGS, change_setting, settings_in_force


@transaction.atomic
def change_settings(values: Mapping[str, object], *, actor: User, now: datetime) -> list[str]:
    """Store those of ``values`` (by the registry's names) that differ from the ones in force; return their names.

    All or nothing; each change is its own audit line.

    Raises:
        NotAllowed: the actor does not keep the technical settings (S1).
        InvalidInput: at each setting that cannot be read as its kind; field names have ``__`` for the dot.
    """
    if not actor.can(Permission.KEEP_SETTINGS):
        raise NotAllowed("参数由系统管理员设置")
    present, changed, errors = settings_in_force(*SETTINGS), [], []
    for name, value in values.items():
        text = f"{value:%H:%M}" if isinstance(value, time) else value
        try:
            if SETTINGS[name].parse(text) == present[name]:
                continue
            change_setting(name, text, actor=actor, now=now)
        except (InvalidInput, ValueError):
            errors.append(
                {"field": name.replace(".", "__"), "code": "invalid", "detail": f"{SETTINGS[name].label}填写有误"}
            )
        else:
            changed.append(name)
    if errors:
        raise InvalidInput("有参数填写有误，都没有保存", errors=errors)
    return changed


def record_audit_export(*, actor: User, now: datetime, count: int) -> None:
    """Put on record that ``count`` lines of the audit log left the house as a file."""
    record_event(actor=actor, action="core.auditevent.export", target=actor, after={"lines": count}, now=now)
