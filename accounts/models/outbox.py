"""What goes out of the house beside the inbox: e-mail and group robots, kept until it is gone or given up."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.access import Permission
from core.scoping import ScopedModel


class OutboxMessage(ScopedModel):
    """One message to one address of one channel; ``key`` keeps it from being queued twice.

    The secret parts of a channel (robot keys, passwords) stand in the settings, never here.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"
        WECOM = "wecom", "企业微信群"
        DINGTALK = "dingtalk", "钉钉群"

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("收件地址", max_length=254, blank=True)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    key = models.CharField("去重键", max_length=200)
    state = models.CharField("状态", max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送时间")
    attempted_at = models.DateTimeField("上次发送时间", null=True, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)
    failure = models.CharField("原因", max_length=200, blank=True)
    created_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "address", "key"], name="outbox_once_per_key"),
            models.CheckConstraint(
                name="sent_message_has_moment", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="outbox_by_turn"),
            models.Index(fields=["attempted_at"], name="outbox_by_attempt"),
        ]
        verbose_name = verbose_name_plural = "外发消息"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the list: a message has no page of its own."""
        return reverse("accounts:outbox")

    @classmethod
    def visible_q(cls, user) -> Q:
        """Show everything to the office, which watches what goes out, and nothing to anybody else."""
        return Q() if user.can(Permission.REMIND_DEPARTMENTS) else Q(pk__in=[])
