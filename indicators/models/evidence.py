"""Evidence and practice cases (domain §3)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.access import Permission
from core.scoping import ScopedModel
from core.workflow import WorkflowModel
from indicators.models.catalogue import Assignment, Indicator
from indicators.models.scope import NOBODY, is_departmental, visible_by_indicator

Readers = Callable[[Any], Q]
_readers: list[Readers] = []


def register_evidence_readers(readers: Readers) -> None:
    """Let evidence be seen through what it hangs on in an app above.

    Args:
        readers: returns for a user the condition (on ``Evidence``) that they see such a thing.
    """
    if readers not in _readers:
        _readers.append(readers)


class Evidence(WorkflowModel):
    """A file or a link that proves something, for any number of indicators and periods.

    Before it is linked, its own department and the office see it; afterwards the departments of its indicators.
    What was handed in for a row of another app (an issue) is ``for_review`` only once it speaks for an indicator;
    until then it is seen with that row, and by whoever handed it in.
    """

    class Kind(models.TextChoices):
        POLICY = "policy", "政策文件"
        CASE = "case", "办事案例"
        SCREENSHOT = "screenshot", "系统截图"
        TABLE = "table", "统计表"
        PHOTO = "photo", "照片"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        PENDING = "pending", "待审"
        PASSED = "passed", "通过"
        RETURNED = "returned", "退回补正"

    title = models.CharField("名称", max_length=120)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.URLField("网址", blank=True, max_length=500)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, null=True, related_name="+", verbose_name="提供单位"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    added_at = models.DateTimeField("上传时间")
    status = models.CharField("状态", max_length=8, choices=Status)
    for_review = models.BooleanField("送审", default=True)
    return_reason = models.TextField("退回理由", blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)

    class Meta:
        ordering = ["-added_at", "-id"]
        constraints = [
            models.CheckConstraint(name="evidence_is_file_or_link", condition=Q(attachment__isnull=False) | ~Q(link=""))
        ]
        verbose_name = verbose_name_plural = "佐证材料"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("indicators:evidence_detail", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        """Return the condition: what stands for review is seen by the office; unlinked by its department; linked by
        those who see every department, or whose department answers for one of its indicators; and what registered
        apps add. What was handed in for a row of such an app is, without that row, its sender's alone.
        """
        seen = NOBODY
        for readers in _readers:
            seen = seen | readers(user)
        sent = Q(added_by=user.pk)
        if user.can(Permission.REVIEW_EVIDENCE):
            return Q(for_review=True) | sent | seen
        if not (user.sees_all_departments or is_departmental(user)):
            return seen
        links = EvidenceLink.objects.unscoped("the rule of the evidence itself").filter(evidence=OuterRef("pk"))
        # A person without a department must not see rows without one.
        own = NOBODY if user.scope_department_id is None else Q(department=user.scope_department_id)
        unlinked = own & (Q(for_review=True) | sent) & ~Exists(links)
        if user.sees_all_departments:
            return seen | Q(Exists(links)) | unlinked | sent
        answered = Assignment.objects.filter(
            indicator=OuterRef("first_level"), department=user.scope_department_id, valid_to=None
        )
        return seen | Q(Exists(links.filter(Exists(answered)))) | unlinked


class EvidenceLink(ScopedModel):
    """That a piece of evidence speaks for an indicator, from when to when."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="evidence_links", verbose_name="指标")
    first_level = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="所属一级指标")
    checklist_item = models.CharField("佐证清单项", max_length=120, blank=True)
    period_from = models.DateField("适用期间起", null=True, blank=True)
    period_to = models.DateField("适用期间止", null=True, blank=True)

    class Meta:
        ordering = ["evidence_id", "indicator_id", "id"]
        constraints = [
            # An open end is a value here, because to a database two nulls are never the same.
            models.UniqueConstraint(
                "evidence",
                "indicator",
                "checklist_item",
                Coalesce("period_from", Value(date.min, models.DateField())),
                Coalesce("period_to", Value(date.max, models.DateField())),
                name="evidence_once_per_indicator_item_and_period",
            )
        ]
        verbose_name = verbose_name_plural = "佐证关联"

    def __str__(self):
        return f"{self.evidence_id} {self.indicator_id}"

    @classmethod
    def visible_q(cls, user):
        return visible_by_indicator(user, indicator="first_level")


class PracticeCase(WorkflowModel):
    """A practice case (典型案例): background, measures, results."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审"
        PUBLISHED = "published", "已采用"
        RETURNED = "returned", "退回补正"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="cases", verbose_name="一级指标")
    department = models.ForeignKey("departments.Department", models.PROTECT, related_name="+", verbose_name="报送单位")
    title = models.CharField("标题", max_length=120)
    background = models.TextField("背景")
    measures = models.TextField("做法")
    results = models.TextField("成效")
    status = models.CharField("状态", max_length=10, choices=Status)
    return_reason = models.TextField("退回理由", blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="撰写人")
    written_at = models.DateTimeField("撰写时间")
    published_at = models.DateTimeField("采用时间", null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        verbose_name = verbose_name_plural = "典型案例"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("indicators:case_detail", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        """Return the condition: published cases are everybody's; others belong to those who lead, assist or see all."""
        if not user.can(Permission.READ_CATALOGUE):
            return NOBODY
        return Q(status=cls.Status.PUBLISHED) | visible_by_indicator(user, indicator="indicator")
