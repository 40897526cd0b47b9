"""Telling people, in the transaction of what they are told about."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Message, User


def notify(
    users: Iterable[User], *, kind: str, title: str, url: str, key: str, now: datetime, body: str = ""
) -> list[Message]:
    """Put one message into each person's inbox, once per ``key``.

    Args:
        users: the recipients; duplicates are harmless.
        kind: a stable code such as ``daily_report.returned``.
        title: the Chinese sentence shown in the list; no complainant's name or phone.
        url: the page of the row; opening it marks the message read.
        key: names row and state, e.g. ``daily_report:12:returned:3``.
        now: the moment, aware.
    """
    messages = [
        Message(user=user, kind=kind, title=title[:200], url=url, key=key, created_at=now, body=body)
        for user in set(users)
    ]
    return Message.objects.bulk_create(messages, ignore_conflicts=True)


def mark_read(*, user: User, now: datetime, message_id: int | None = None, url: str | None = None) -> int:
    """Mark one's message, or every message that leads to ``url``, as read; return how many were unread."""
    rows = Message.objects.visible_to(user).filter(read_at=None)
    rows = rows.filter(pk=message_id) if message_id is not None else rows.filter(url=url)
    return rows.update(read_at=now)


def mark_all_read(*, user: User, now: datetime) -> int:
    """Mark every message of one's inbox as read; return how many were unread."""
    return Message.objects.visible_to(user).filter(read_at=None).update(read_at=now)
