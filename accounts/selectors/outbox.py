"""What the office sees of the outbox."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import OutboxMessage
from core.access import Permission
from core.panels import ToDo


def outbox_for(user, state: str = "") -> QuerySet[OutboxMessage]:
    """Return the messages, newest first, of one state when given."""
    rows = OutboxMessage.objects.visible_to(user)
    return rows.filter(state=state) if state in OutboxMessage.State.values else rows


def outbox_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the to-do of the office while messages have failed."""
    if not user.can(Permission.REMIND_DEPARTMENTS):
        return []
    failed = outbox_for(user, OutboxMessage.State.FAILED).count()
    if not failed:
        return []
    return [ToDo("消息", f"{failed} 条提醒没有发出去", f"{reverse('accounts:outbox')}?state=failed", "查看")]
