"""The inbox: whoever must act next gets one message per row and state (domain §1)."""

from django.db import models
from django.db.models import Q

from core.scoping import ScopedModel


class Message(ScopedModel):
    """One message to one person. ``key`` names row and state, so that nobody is told twice."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="messages", verbose_name="收件人")
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    key = models.CharField("去重键", max_length=200)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="message_once_per_key")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="message_newest_first"),
            # Counted on every page, in the top bar.
            models.Index(fields=["user"], condition=Q(read_at=None), name="message_unread"),
        ]
        verbose_name = verbose_name_plural = "消息"

    def __str__(self):
        return self.title

    @classmethod
    def visible_q(cls, user):
        """One's own messages, and while deputising those of the absent person."""
        return Q(user=user.acting_for or user)
