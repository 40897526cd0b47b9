"""Long work done by the worker, with its progress."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.models.attachments import Attachment
from core.scoping import ScopedModel


class Job(ScopedModel):
    """One piece of background work somebody waits for: an import's preview or commit, a large export."""

    class State(models.TextChoices):
        """Where the work stands; written only by ``core.services.jobs``."""

        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    kind = models.CharField("事项", max_length=60)
    label = models.CharField("名称", max_length=200)
    arguments = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    failure = models.TextField("原因", blank=True)
    file = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+", verbose_name="结果文件")
    next_url = models.CharField("完成后前往", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="发起人"
    )
    created_at = models.DateTimeField("发起时间")
    heartbeat_at = models.DateTimeField("最近进展")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="job_finished_has_time",
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_by_heartbeat")]
        verbose_name = verbose_name_plural = "后台任务"

    def __str__(self):
        return self.label

    @classmethod
    def visible_q(cls, user) -> Q:
        """Show a job to whoever started it."""
        return Q(created_by=user.pk)

    def get_absolute_url(self):
        """Return the progress page."""
        return reverse("core:job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def percent(self) -> int:
        """Progress in whole per cent; a running job never shows 100."""
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
