"""The inbox."""

from django.db.models import F, QuerySet

from accounts.models import Message, User


def inbox(user: User) -> QuerySet[Message]:
    """Return the messages of ``user``, unread first, then newest first."""
    return Message.objects.visible_to(user).order_by(F("read_at").asc(nulls_first=True), "-created_at", "-pk")


def unread_count(user: User) -> int:
    """Return how many messages ``user`` has not read."""
    return Message.objects.visible_to(user).filter(read_at=None).count()
