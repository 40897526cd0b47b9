"""The office's list of what departments asked for and leaders instructed (domain §4)."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.workflow import WorkflowModel
from indicators.models.catalogue import Indicator
from indicators.models.dispatch import Coordination, DailyReport
from indicators.models.scope import visible_by_indicator


class CoordinationItem(WorkflowModel):
    """A difficulty from a report, or a leader's instruction (批示), with owner, due date and reply."""

    class Origin(models.TextChoices):
        REPORT = "report", "日调度"
        INSTRUCTION = "instruction", "领导批示"

    class Status(models.TextChoices):
        OPEN = "open", "待办"
        REPLIED = "replied", "已回复"
        CLOSED = "closed", "已办结"

    origin = models.CharField("来源", max_length=12, choices=Origin)
    report = models.OneToOneField(
        DailyReport, models.PROTECT, null=True, blank=True, related_name="coordination_item", verbose_name="日调度报告"
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="coordination_items", verbose_name="一级指标")
    coordination = models.CharField("协调层级", max_length=14, choices=Coordination)
    text = models.TextField("内容")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办人"
    )
    due_on = models.DateField("办理期限", null=True, blank=True)
    status = models.CharField("状态", max_length=8, choices=Status)
    reply = models.TextField("答复", blank=True)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = verbose_name_plural = "协调事项"

    def __str__(self):
        return self.text[:40]

    def get_absolute_url(self):
        return reverse("indicators:coordination_detail", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        return visible_by_indicator(user, indicator="indicator")
