"""Handling rounds: one department's turn at a complaint, immutable once closed (domain §6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.models.complaints import Complaint
from core.extensions import ExtensionRequest
from core.scoping import ScopedModel


def visible_with_complaint(user, *, complaint: str = "complaint") -> Q:
    """Return the condition that the row's complaint, at the lookup path ``complaint``, is one ``user`` sees."""
    return Q((f"{complaint}__in", Complaint.objects.visible_to(user).values("pk")))


class HandlingRound(ScopedModel):
    """One dispatch, dissatisfied call-back or reopening. The rates of domain §6 count these rows.

    ``round_no`` rises only with re-handling, ``sequence`` with every round. ``submitted_at`` is the submission
    that stands; one sent back is cleared. ``due_at`` is as computed or imported, ``effective_due_at`` has
    extension and suspension in it.
    """

    class Ending(models.TextChoices):
        OPEN = "open", "在办"
        CLOSED = "closed", "已办结"
        REHANDLED = "rehandled", "转入重办"
        RETURN_APPROVED = "return_approved", "同意退单"
        REASSIGNED = "reassigned", "改派"
        MERGED_DUPLICATE = "merged_duplicate", "并件"

    class Satisfaction(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY_SATISFIED = "basically_satisfied", "基本满意"
        DISSATISFIED = "dissatisfied", "不满意"
        NOT_RATED = "not_rated", "未评价"
        UNREACHABLE = "unreachable", "无法联系"

    class Solved(models.TextChoices):
        YES = "yes", "已解决"
        PARTLY = "partly", "部分解决"
        NO = "no", "未解决"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rounds", verbose_name="投诉工单")
    sequence = models.PositiveSmallIntegerField("序次")
    round_no = models.PositiveSmallIntegerField("轮次")
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, related_name="handling_rounds", verbose_name="主办单位"
    )
    dispatched_at = models.DateTimeField("派单时间")
    dispatched_estimated = models.BooleanField("派单时间为估计", default=False)
    dispatched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="派单人"
    )
    override_reason = models.TextField("改由被反映单位办理的理由", blank=True)
    sign_due_at = models.DateTimeField("签收时限", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    limit_amount = models.PositiveSmallIntegerField("时限数", null=True, blank=True)
    limit_unit = models.CharField("时限单位", max_length=13, blank=True)
    limit_from = models.DateTimeField("时限起算", null=True, blank=True)
    due_at = models.DateTimeField("办理时限", null=True, blank=True)
    due_imported = models.BooleanField("时限来自导入", default=False)
    effective_due_at = models.DateTimeField("有效时限", null=True, blank=True)
    provisional = models.BooleanField("时限为推算", default=False)
    return_requested_at = models.DateTimeField("申请退单时间", null=True, blank=True)
    extended = models.BooleanField("已延期", default=False)
    suspended_at = models.DateTimeField("中止时间", null=True, blank=True)
    was_suspended = models.BooleanField("曾中止", default=False)
    inner_report = models.TextField("内部报告", blank=True)
    public_reply = models.TextField("公开答复", blank=True)
    is_solved = models.BooleanField("单位称已解决", null=True, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    ending = models.CharField("结束方式", max_length=16, choices=Ending, default=Ending.OPEN)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    satisfaction = models.CharField("满意度", max_length=20, choices=Satisfaction, blank=True)
    solved = models.CharField("诉求人称是否解决", max_length=6, choices=Solved, blank=True)
    result = models.TextField("办理结果", blank=True)

    class Meta:
        ordering = ["complaint_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "sequence"], name="round_sequence_once"),
            models.CheckConstraint(
                name="ended_round_has_moment", condition=Q(ending="open") | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["department", "dispatched_at"], name="round_by_dispatch"),
            models.Index(fields=["effective_due_at"], name="round_by_due"),
            models.Index(fields=["closed_at"], name="round_by_close"),
            models.Index(fields=["sign_due_at"], name="round_by_sign_due"),
        ]
        verbose_name = verbose_name_plural = "办理轮次"

    def __str__(self):
        return f"{self.complaint_id} 第{self.sequence}次"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user)

    @property
    def is_suspended(self) -> bool:
        """Whether the clock stands still now."""
        return self.suspended_at is not None


class AssistingDepartment(ScopedModel):
    """A department that helps in a round, with its own inner due date (default 1 workday before the effective due)."""

    round = models.ForeignKey(HandlingRound, models.PROTECT, related_name="assisting")
    department = models.ForeignKey("departments.Department", models.PROTECT, related_name="+", verbose_name="协办单位")
    due_at = models.DateTimeField("内部时限", null=True, blank=True)
    added_at = models.DateTimeField("加派时间")
    note = models.TextField("协办意见", blank=True)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )

    class Meta:
        ordering = ["round_id", "department__official_order", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "department"], name="assisting_once_per_round")]
        verbose_name = verbose_name_plural = "协办单位"

    def __str__(self):
        return f"{self.round_id} {self.department_id}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user, complaint="round__complaint")


class Extension(ExtensionRequest):
    """The round's request for more working days."""

    round = models.OneToOneField(HandlingRound, models.PROTECT, related_name="extension")
    workdays = models.PositiveSmallIntegerField("延长工作日数")
    due_before = models.DateTimeField("原时限", null=True, blank=True)
    due_after = models.DateTimeField("延期后时限", null=True, blank=True)

    class Meta(ExtensionRequest.Meta):
        verbose_name = verbose_name_plural = "延期申请"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user, complaint="round__complaint")
