"""Daily dispatch (日调度): one report per first-level indicator and date (domain §4)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.scoping import ScopedModel
from core.workflow import WorkflowModel
from indicators.models.catalogue import FIGURE, Indicator
from indicators.models.scope import visible_by_indicator


class Coordination(models.TextChoices):
    """Whom the difficulty needs."""

    SELF = "self", "自行解决"
    OFFICE = "office", "营商办协调"
    COUNTY_LEADER = "county_leader", "县领导协调"


class DailyReport(WorkflowModel):
    """The lead department's report on one first-level indicator for one date.

    ``submitted_at`` and ``reported_at`` belong to the submission that stands. ``first_reported_at`` is when the
    report first reached 已报 and ``first_submitted_at`` the submission with which it did: they decide on time or
    late, survive a return, and are cleared by a withdrawal, which counts as not reported.
    """

    #: Whether the department may still write; put there by ``indicators.selectors.expectation.judge_closure``.
    closure: Any

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审定"
        REPORTED = "reported", "已报"
        RETURNED = "returned", "退回补正"
        ACCEPTED = "accepted", "已采纳"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="daily_reports", verbose_name="一级指标")
    date = models.DateField("日期")
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, related_name="daily_reports", verbose_name="牵头单位"
    )
    status = models.CharField("状态", max_length=10, choices=Status)
    no_change = models.BooleanField("今日无变化", default=False)
    progress = models.TextField("工作进展", blank=True)
    difficulty = models.TextField("困难问题", blank=True)
    coordination = models.CharField("协调层级", max_length=14, choices=Coordination, default=Coordination.SELF)
    evidence = models.ManyToManyField("indicators.Evidence", related_name="reports", blank=True, verbose_name="佐证")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="起草人"
    )
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="保存人"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    reported_at = models.DateTimeField("报出时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次报出之提交时间", null=True, blank=True)
    first_reported_at = models.DateTimeField("首次报出时间", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="采纳人"
    )
    accepted_at = models.DateTimeField("采纳时间", null=True, blank=True)
    return_reason = models.TextField("退回理由", blank=True)
    open_until = models.DateTimeField("退回后开放至", null=True, blank=True)

    class Meta:
        ordering = ["-date", "indicator__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "date"], name="one_report_per_indicator_and_date"),
            models.CheckConstraint(
                name="reported_has_moments",
                condition=~Q(status__in=["reported", "accepted"])
                | Q(submitted_at__isnull=False, reported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="accepted_has_moment", condition=~Q(status="accepted") | Q(accepted_at__isnull=False)
            ),
            models.CheckConstraint(name="returned_has_reason", condition=~Q(status="returned") | ~Q(return_reason="")),
        ]
        indexes = [
            models.Index(fields=["date", "department"], name="report_by_date"),
            models.Index(fields=["department", "-date"], name="report_by_department"),
            models.Index(fields=["status", "date"], name="report_by_status"),
        ]
        verbose_name = verbose_name_plural = "日调度报告"

    def __str__(self):
        return f"{self.date} {self.indicator_id} {self.get_status_display()}"

    def get_absolute_url(self):
        return reverse("indicators:report_detail", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        return visible_by_indicator(user, indicator="indicator")


class ReportValue(ScopedModel):
    """A leaf's value as it stands on a report; ``text`` is what was typed, kept even when it is wrong."""

    report = models.ForeignKey(DailyReport, models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="指标")
    text = models.CharField("填写内容", max_length=60)
    value = models.DecimalField("数值", null=True, blank=True, **FIGURE)
    as_of = models.DateField("数据日期")
    reason = models.TextField("说明", blank=True)
    evidence_later = models.BooleanField("佐证后补", default=False)

    class Meta:
        ordering = ["report_id", "id"]  # as they were given: errors name them by position
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="one_value_per_report_and_leaf")]
        indexes = [models.Index(fields=["report"], condition=Q(evidence_later=True), name="evidence_to_follow")]
        verbose_name = verbose_name_plural = "填报数值"

    def __str__(self):
        return f"{self.indicator_id} {self.text}"

    @property
    def is_yes_no(self) -> bool:
        """Whether the value reads 是 or 否."""
        return self.indicator.direction == Indicator.Direction.YES_NO

    @classmethod
    def visible_q(cls, user):
        return visible_by_indicator(user, indicator="report__indicator")


class DateUnlock(ScopedModel):
    """The office opens a locked (indicator, date) again until a moment, with a reason."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="unlocks", verbose_name="一级指标")
    date = models.DateField("日期")
    reason = models.TextField("理由")
    until = models.DateTimeField("开放至")
    unlocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="解锁人")
    unlocked_at = models.DateTimeField("解锁时间")

    class Meta:
        ordering = ["-unlocked_at", "-id"]
        indexes = [models.Index(fields=["indicator", "date"], name="unlock_by_date")]
        verbose_name = verbose_name_plural = "解锁记录"

    def __str__(self):
        return f"{self.indicator_id} {self.date}"

    @classmethod
    def visible_q(cls, user):
        return visible_by_indicator(user, indicator="indicator")


class DispatchClass(models.Model):
    """From when an indicator is dispatched daily, weekly or monthly (精准分类调度)."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="dispatch_classes", verbose_name="一级指标")
    frequency = models.CharField("调度类别", max_length=8, choices=Indicator.Frequency)
    effective_from = models.DateField("生效日期")
    reason = models.TextField("理由", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    decided_at = models.DateTimeField("确认时间")

    class Meta:
        ordering = ["indicator_id", "effective_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "effective_from"], name="one_dispatch_class_per_day")
        ]
        verbose_name = verbose_name_plural = "调度类别"

    def __str__(self):
        return f"{self.indicator_id} {self.get_frequency_display()} {self.effective_from}"


class DispatchClassProposal(models.Model):
    """What the system proposes once a week from light, lateness and unchanged days; R2 decides."""

    class Decision(models.TextChoices):
        OPEN = "open", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未采纳"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="一级指标")
    week = models.CharField("周", max_length=8)
    proposed = models.CharField("建议类别", max_length=8, choices=Indicator.Frequency)
    grounds = models.JSONField("依据", default=list)
    decision = models.CharField("处理", max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    reason = models.TextField("理由", blank=True)
    proposed_at = models.DateTimeField("建议时间")

    class Meta:
        ordering = ["-week", "indicator__position", "id"]
        constraints = [models.UniqueConstraint(fields=["indicator", "week"], name="one_proposal_per_week")]
        verbose_name = verbose_name_plural = "调度类别建议"

    def __str__(self):
        return f"{self.indicator_id} {self.week} {self.get_proposed_display()}"
