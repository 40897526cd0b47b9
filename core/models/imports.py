"""Imported spreadsheets and what each of their rows did."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.import_kinds import import_kind, kinds_for
from core.models.jobs import Job
from core.scoping import ScopedModel
from core.workflow import WorkflowModel


def random_name(batch, filename: str) -> str:
    """Return a storage name that tells nothing about the file."""
    return f"imports/{secrets.token_hex(16)}"


class ImportBatch(WorkflowModel):
    """One uploaded spreadsheet on its way into the tables of one kind.

    The file itself is kept encrypted (hotline exports hold identities) and read again at each step;
    what a preview found is kept for the page and the API, with sensitive values masked.
    """

    class Status(models.TextChoices):
        """States of api.md."""

        UPLOADED = "uploaded", "已上传"
        PREVIEWED = "previewed", "待确认"
        COMMITTED = "committed", "已导入"
        UNDONE = "undone", "已撤销"
        FAILED = "failed", "未完成"

    kind = models.CharField("类别", max_length=40)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.UPLOADED)
    file = models.FileField("文件", upload_to=random_name, max_length=120)
    file_name = models.CharField("文件名", max_length=200)
    file_size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    department_mapping = models.JSONField("单位对应", default=dict, blank=True)
    options = models.JSONField("导入选项", default=dict, blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    new = models.PositiveIntegerField("新增", default=0)
    update = models.PositiveIntegerField("更新", default=0)
    duplicate = models.PositiveIntegerField("重复", default=0)
    error = models.PositiveIntegerField("错误", default=0)
    errors = models.JSONField("错误清单", default=list)
    warnings = models.JSONField("提醒清单", default=list)
    unmapped_columns = models.JSONField("未识别的列", default=list)
    unknown_departments = models.JSONField("未识别的单位", default=list)
    result = models.JSONField("结果", null=True)
    failure = models.TextField("未完成原因", blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name="后台任务")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间")
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    committed_at = models.DateTimeField("导入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="import_committed_has_time",
                condition=~Q(status__in=["committed", "undone"])
                | Q(committed_at__isnull=False, committed_by__isnull=False, result__isnull=False),
            ),
            models.CheckConstraint(
                name="import_undone_has_time", condition=~Q(status="undone") | Q(undone_at__isnull=False)
            ),
        ]
        verbose_name = verbose_name_plural = "数据导入"

    def __str__(self):
        return f"{self.kind_label} {self.file_name}"

    @classmethod
    def visible_q(cls, user) -> Q:
        """Show a batch to whoever may import its kind."""
        return Q(kind__in=[kind.code for kind in kinds_for(user)])

    def get_absolute_url(self):
        """Return the batch's page."""
        return reverse("core:import", args=[self.pk])

    @property
    def kind_label(self) -> str:
        """The Chinese name of the kind."""
        return import_kind(self.kind).label

    @property
    def options_text(self) -> str:
        """What the options mean, empty without any."""
        return import_kind(self.kind).describe_options(self.options) if self.options else ""


class ImportRow(ScopedModel):
    """What one row of a committed file did, so that it can be undone."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="journal", verbose_name="批次")
    sheet = models.CharField("工作表", max_length=100, blank=True)
    row = models.PositiveIntegerField("行号")
    action = models.CharField("结果", max_length=10)
    target = models.CharField("对象标识", max_length=80)
    before = models.JSONField("原值", null=True)

    class Meta:
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "row"], name="import_row_once"),
            models.CheckConstraint(name="import_row_action", condition=Q(action__in=["new", "update"])),
        ]
        verbose_name = verbose_name_plural = "导入明细"

    def __str__(self):
        return f"{self.sheet} 第 {self.row} 行"

    @classmethod
    def visible_q(cls, user) -> Q:
        """Show what its batch shows."""
        return Q(batch__kind__in=[kind.code for kind in kinds_for(user)])
