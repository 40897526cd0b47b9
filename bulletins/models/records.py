"""What hangs on a bulletin once it is signed: files, receipts, numbers; and the schedule of drafting."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from bulletins.models.bulletins import Bulletin, visible_with_bulletin
from core.scoping import ScopedModel


class BulletinFile(ScopedModel):
    """One frozen file of an issued bulletin, to the byte."""

    class Format(models.TextChoices):
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel 附件"
        HTML = "html", "网页"

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="files")
    format = models.CharField("格式", max_length=5, choices=Format)
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, related_name="+")
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveIntegerField("字节数")

    class Meta:
        ordering = ["bulletin_id", "format"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "format"], name="bulletin_file_once")]
        verbose_name = verbose_name_plural = "通报文件"

    def __str__(self):
        return f"{self.bulletin_id} {self.format}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_bulletin(user)


class Receipt(ScopedModel):
    """That a department has received an issued bulletin (签收), once."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="receipts")
    department = models.ForeignKey("departments.Department", models.PROTECT, related_name="+", verbose_name="单位")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签收人")
    at = models.DateTimeField("签收时间")

    class Meta:
        ordering = ["bulletin_id", "at", "id"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "department"], name="receipt_once")]
        verbose_name = verbose_name_plural = "通报签收"

    def __str__(self):
        return f"{self.bulletin_id} {self.department_id}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_bulletin(user)


class BulletinCounter(models.Model):
    """The next number of a kind and year (of signing). Given numbers stay given: it only ever rises."""

    kind = models.CharField("种类", max_length=20, choices=Bulletin.Kind)
    year = models.PositiveSmallIntegerField("年度")
    next_serial = models.PositiveIntegerField("下一号", default=1)

    class Meta:
        ordering = ["-year", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="bulletin_counter_once"),
            models.CheckConstraint(name="bulletin_serial_from_one", condition=Q(next_serial__gte=1)),
        ]
        verbose_name = verbose_name_plural = "发文编号"

    def __str__(self):
        return f"{self.kind} {self.year} {self.next_serial}"


class ReportSchedule(models.Model):
    """When a kind of report is drafted by itself; the office sets it (domain §8)."""

    kind = models.CharField("种类", max_length=20, choices=Bulletin.Kind, unique=True)
    enabled = models.BooleanField("自动生成", default=True)
    weekday = models.PositiveSmallIntegerField("星期", null=True, blank=True)
    day_of_month = models.PositiveSmallIntegerField("每月几日", null=True, blank=True)
    month = models.PositiveSmallIntegerField("几月", null=True, blank=True)
    at = models.TimeField("时刻")
    drafting_from = models.DateField("从何日起补生成")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="schedule_weekday_is_iso", condition=Q(weekday=None) | Q(weekday__gte=1, weekday__lte=7)
            )
        ]
        verbose_name = verbose_name_plural = "生成计划"

    def __str__(self):
        return self.get_kind_display()


class ReportRun(models.Model):
    """One attempt to draft a report: when, for which period, how it ended."""

    class Outcome(models.TextChoices):
        RUNNING = "running", "生成中"
        DONE = "done", "已生成"
        SKIPPED = "skipped", "未生成"
        FAILED = "failed", "失败"

    kind = models.CharField("种类", max_length=20, choices=Bulletin.Kind)
    period = models.CharField("期间", max_length=30)
    planned_at = models.DateTimeField("计划时间")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    detail = models.TextField("说明", blank=True)
    bulletin = models.ForeignKey(Bulletin, models.SET_NULL, null=True, blank=True, related_name="runs")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["kind", "-started_at"], name="run_by_kind")]
        verbose_name = verbose_name_plural = "生成记录"

    def __str__(self):
        return f"{self.kind} {self.period}"
