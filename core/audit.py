"""Writing audit events. Sealing and verifying them: ``core.services.audit``."""

from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.deputies import absent_name
from core.models.audit import AuditEvent

#: The caller's network address, set by ``core.middleware.RequestFactsMiddleware`` for one request.
caller_address: ContextVar[str] = ContextVar("caller_address", default="")


def plain(value: Any) -> Any:
    """Return ``value`` as JSON can keep it: decimals and moments as text, rows by their text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def record_event(
    *,
    actor,
    action: str,
    target,
    now: datetime,
    before: dict | None = None,
    after: dict | None = None,
    purpose: str = "",
) -> AuditEvent:
    """Write one line of the audit log in the caller's transaction.

    Args:
        actor: the acting user, or None for the system; a deputy's line also names the absent person.
        action: ``app.model.verb``.
        target: the row acted on.
        now: the moment of the act, aware.
        before, after: the facts that changed; never a complainant's name or phone.
        purpose: the reason given.
    """
    return AuditEvent.objects.create(
        at=now,
        actor=actor,
        actor_name=actor.name if actor else "系统",
        on_behalf_of=absent_name(actor),
        action=action,
        target_type=target._meta.label_lower,
        target_key=str(target.pk),
        target_label=str(target)[:200],
        before=plain(before),
        after=plain(after),
        purpose=purpose,
        address=caller_address.get(),
    )
