"""The work calendar, the limits and the office hours: dated tables, read through selectors (domain §5)."""

import uuid

from django.db import models
from django.db.models import F, Q


class CalendarRevision(models.Model):
    """One change of the calendar or the office hours. The newest ``token`` is the version every process compares.

    The token is random, not a counter: after a rollback a counter would come again for other content.
    """

    token = models.UUIDField("版本", default=uuid.uuid4, editable=False)
    at = models.DateTimeField("时间")
    label = models.CharField("内容", max_length=200)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "日历修订"

    def __str__(self):
        return self.label


class CalendarDay(models.Model):
    """One day of a published year. A year has all its days here or none; none means presumed."""

    class Kind(models.TextChoices):
        WORK = "work", "上班"
        REST = "rest", "休息"

    class Source(models.TextChoices):
        STATE_COUNCIL = "state_council", "国务院"
        MANUAL = "manual", "手工"
        PRESUMED = "presumed", "推定"

    date = models.DateField("日期", unique=True)
    kind = models.CharField("安排", max_length=4, choices=Kind)
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("来源", max_length=13, choices=Source)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(name="calendar_day_is_never_presumed", condition=~Q(source="presumed")),
            models.CheckConstraint(name="calendar_day_kind_known", condition=Q(kind__in=["work", "rest"])),
        ]
        verbose_name = verbose_name_plural = "日历日"

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {self.get_kind_display()}"


class DeadlineRule(models.Model):
    """A limit in force from ``valid_from`` to ``valid_to``; an empty type, urgency or grade fits any."""

    class Matter(models.TextChoices):
        HOTLINE = "hotline", "12345 工单"
        BUSINESS = "business", "营商环境投诉"

    class Stage(models.TextChoices):
        SIGN_FOR = "sign_for", "签收"
        HANDLE = "handle", "办理"
        EXTENSION = "extension", "延期"
        ENTER = "enter", "录入省平台"
        REVIEW = "review", "受理审查"

    class ComplaintType(models.TextChoices):
        CONSULT = "consult", "咨询"
        HELP = "help", "求助"
        SUGGESTION = "suggestion", "建议"
        COMPLAINT = "complaint", "投诉"
        REPORT = "report", "举报"
        PRAISE = "praise", "表扬"
        OTHER = "other", "其他"

    class Urgency(models.TextChoices):
        NORMAL = "normal", "普通"
        URGENT = "urgent", "紧急"

    class Grade(models.TextChoices):
        A = "A", "A 类"
        B = "B", "B 类"
        C = "C", "C 类"

    class Unit(models.TextChoices):
        WORK_HOUR = "work_hour", "工作小时"
        NATURAL_HOUR = "natural_hour", "小时"
        WORKDAY = "workday", "个工作日"
        NATURAL_DAY = "natural_day", "天"
        NATURAL_MONTH = "natural_month", "个月"

    matter = models.CharField("事项", max_length=10, choices=Matter)
    stage = models.CharField("环节", max_length=10, choices=Stage)
    type = models.CharField("诉求类型", max_length=10, choices=ComplaintType, blank=True)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, blank=True)
    grade = models.CharField("等级", max_length=1, choices=Grade, blank=True)
    amount = models.PositiveSmallIntegerField("时限")
    unit = models.CharField("单位", max_length=13, choices=Unit)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效前一日", null=True, blank=True)

    class Meta:
        ordering = ["matter", "stage", "grade", "urgency", "type", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "stage", "type", "urgency", "grade", "valid_from"], name="deadline_rule_once_per_day"
            ),
            models.UniqueConstraint(
                fields=["matter", "stage", "type", "urgency", "grade"],
                condition=Q(valid_to=None),
                name="deadline_rule_one_open_end",
            ),
            models.CheckConstraint(name="deadline_rule_amount_from_one", condition=Q(amount__gte=1)),
            models.CheckConstraint(
                name="deadline_rule_dates_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        ]
        verbose_name = verbose_name_plural = "办理时限"

    def __str__(self):
        return f"{self.subject}{self.get_stage_display()} {self.limit}"

    @property
    def subject(self) -> str:
        """Return what the limit is for: 12345 工单 · 紧急 · 投诉."""
        parts = [
            self.get_matter_display(),
            self.get_grade_display(),
            self.get_urgency_display(),
            self.get_type_display(),
        ]
        return " · ".join(part for part in parts if part)

    @property
    def limit(self) -> str:
        """Return the amount with its unit: 5 个工作日."""
        return f"{self.amount} {self.get_unit_display()}"


class OfficeHours(models.Model):
    """The county's office hours from ``valid_from`` on, until the next row begins."""

    valid_from = models.DateField("生效日期", unique=True)
    morning_start = models.TimeField("上午上班")
    morning_end = models.TimeField("上午下班")
    afternoon_start = models.TimeField("下午上班")
    afternoon_end = models.TimeField("下午下班")

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="office_hours_in_order",
                condition=Q(morning_start__lt=F("morning_end"))
                & Q(morning_end__lte=F("afternoon_start"))
                & Q(afternoon_start__lt=F("afternoon_end")),
            )
        ]
        verbose_name = verbose_name_plural = "办公时间"

    def __str__(self):
        return f"{self.valid_from:%Y-%m-%d} 起 {self.text}"

    @property
    def text(self) -> str:
        """Return the hours as 08:30–12:00，14:30–17:30."""
        morning = f"{self.morning_start:%H:%M}–{self.morning_end:%H:%M}"
        return f"{morning}，{self.afternoon_start:%H:%M}–{self.afternoon_end:%H:%M}"
