"""Rectification rounds: one department's turn at an issue, immutable once ended (domain §7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.deputies import MaybeByDeputy
from core.extensions import ExtensionRequest
from core.scoping import ScopedModel
from supervision.models.issues import Issue, visible_with_issue


class IssueRound(ScopedModel):
    """One assignment or relapse. The rates of domain §7 count these rows; withdrawn and objected ones do not count.

    ``round_no`` rises only with a relapse, ``sequence`` with every round. ``due_on`` is as assigned or planned,
    ``effective_due_on`` has the extension in it. ``limit_workdays`` is set where the date was counted from the
    opening, null where somebody wrote it. ``passed_request_at`` is when the clearance request that was
    passed had been made: on time is judged by it, not by when the verifiers came.
    """

    class Ending(models.TextChoices):
        OPEN = "open", "整改中"
        CLEARED = "cleared", "已销号"
        SUSTAINED = "sustained", "长期坚持"
        RELAPSED = "relapsed", "长期坚持中反弹"
        OBJECTED = "objected", "单位异议"
        WITHDRAWN = "withdrawn", "收回"

    #: Endings of rounds that no rate counts.
    NOT_COUNTED = (Ending.OBJECTED, Ending.WITHDRAWN)

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="rounds", verbose_name="问题")
    sequence = models.PositiveSmallIntegerField("序次")
    round_no = models.PositiveSmallIntegerField("轮次")
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, related_name="issue_rounds", verbose_name="牵头单位"
    )
    limit_kind = models.CharField("整改时限类型", max_length=10, choices=Issue.LimitKind)
    opened_at = models.DateTimeField("开始时间")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="交办人"
    )
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )
    due_on = models.DateField("整改时限", null=True, blank=True)
    effective_due_on = models.DateField("有效时限", null=True, blank=True)
    limit_workdays = models.PositiveSmallIntegerField("时限（工作日）", null=True, blank=True)
    provisional = models.BooleanField("时限为推算", default=False)
    extended = models.BooleanField("已延期", default=False)
    measures = models.TextField("整改措施", blank=True)
    goal = models.CharField("整改目标", max_length=300, blank=True)
    plan_person = models.CharField("方案责任人", max_length=60, blank=True)
    plan_due_on = models.DateField("方案完成日期", null=True, blank=True)
    plan_handed_in_at = models.DateTimeField("方案提交时间", null=True, blank=True)
    plan_handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="方案提交人"
    )
    planned_at = models.DateTimeField("方案签发时间", null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="方案签发人"
    )
    passed_request_at = models.DateTimeField("通过验收的申请时间", null=True, blank=True)
    cleared_at = models.DateTimeField("销号时间", null=True, blank=True)
    sustained_at = models.DateTimeField("转长期坚持时间", null=True, blank=True)
    ending = models.CharField("结束方式", max_length=10, choices=Ending, default=Ending.OPEN)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    reason = models.TextField("反弹或收回原因", blank=True)
    assignment_form = models.ForeignKey(
        "supervision.FormNumber", models.PROTECT, null=True, related_name="+", verbose_name="交办单"
    )
    notice_form = models.ForeignKey(
        "supervision.FormNumber", models.PROTECT, null=True, related_name="notice_rounds", verbose_name="整改通知书"
    )

    class Meta:
        ordering = ["issue_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "sequence"], name="issue_round_sequence_once"),
            models.CheckConstraint(
                name="ended_issue_round_has_moment", condition=Q(ending="open") | Q(ended_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="issue_round_opened"),
            models.Index(fields=["department", "opened_at"], name="issue_round_by_opening"),
            models.Index(fields=["effective_due_on"], name="issue_round_by_due"),
        ]
        verbose_name = verbose_name_plural = "整改轮次"

    def __str__(self):
        return f"{self.issue_id} 第{self.sequence}次"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user)

    @property
    def has_plan_to_sign(self) -> bool:
        """Whether a reporter's plan waits for the head."""
        return self.plan_handed_in_at is not None and self.planned_at is None

    def waiting_request(self) -> "ClearanceRequest | None":
        """Return the clearance request that waits for the head's signature or for verification."""
        return self.clearance_requests.filter(result__in=ClearanceRequest.WAITING).last()

    def evidence_givers(self) -> set[int]:
        """Return the people who added an ``after`` item in this round, withdrawn ones left out."""
        given = self.evidence.filter(phase=self.evidence.model.Phase.AFTER, withdrawn_at=None)
        return set(given.values_list("added_by", flat=True))


class IssueExtension(ExtensionRequest):
    """The round's request for a later date."""

    round = models.OneToOneField(IssueRound, models.PROTECT, related_name="extension")
    due_on = models.DateField("申请延至")
    due_before = models.DateField("原时限", null=True, blank=True)

    class Meta(ExtensionRequest.Meta):
        verbose_name = verbose_name_plural = "整改延期申请"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user, issue="round__issue")


class ClearanceRequest(ScopedModel):
    """The department says that the issue is rectified (申请销号); a round may have several, one after the other."""

    class Result(models.TextChoices):
        UNSIGNED = "unsigned", "待负责人签发"
        SENT_BACK = "sent_back", "负责人退回"
        STANDING = "standing", "待验收"
        PASSED = "passed", "通过"
        FAILED = "failed", "不通过"
        DROPPED = "dropped", "随收回作废"

    #: Somebody still has to sign or judge it.
    WAITING = (Result.UNSIGNED, Result.STANDING)

    round = models.ForeignKey(IssueRound, models.PROTECT, related_name="clearance_requests")
    note = models.TextField("完成情况", blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("提出时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    verify_due_on = models.DateField("验收时限", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=Result)
    answered_at = models.DateTimeField("结果时间", null=True, blank=True)
    reason = models.TextField("不通过原因", blank=True)
    form = models.OneToOneField(
        "supervision.FormNumber", models.PROTECT, null=True, related_name="+", verbose_name="销号申请表"
    )

    class Meta:
        ordering = ["round_id", "asked_at", "id"]
        verbose_name = verbose_name_plural = "销号申请"

    def __str__(self):
        return f"{self.round_id} {self.get_result_display()}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user, issue="round__issue")


class Verification(MaybeByDeputy, ScopedModel):
    """One person's judgement of a clearance request; two that pass, by two names, clear the issue."""

    done_by = "user"

    request = models.ForeignKey(ClearanceRequest, models.PROTECT, related_name="verifications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="验收人")
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, null=True, related_name="+", verbose_name="验收人单位"
    )
    passed = models.BooleanField("同意")
    sustained = models.BooleanField("转长期坚持", default=False)
    note = models.TextField("验收意见", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["request_id", "at", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="verifier_once_per_request")]
        verbose_name = verbose_name_plural = "验收意见"

    def __str__(self):
        return f"{self.request_id} {self.user_id}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user, issue="request__round__issue")


class LookBack(ScopedModel):
    """A date after clearing on which somebody looks whether the issue stays away (回头看)."""

    class Result(models.TextChoices):
        HELD = "held", "巩固"
        RELAPSED = "relapsed", "反弹"
        CLOSED = "closed", "因反弹终止"

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="look_backs", verbose_name="问题")
    round = models.ForeignKey(IssueRound, models.PROTECT, related_name="look_backs")
    due_on = models.DateField("应回头看日期")
    done_on = models.DateField("实际日期", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="检查人"
    )
    result = models.CharField("结果", max_length=8, choices=Result, blank=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["issue_id", "due_on", "id"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None, result=""), name="look_back_open")]
        verbose_name = verbose_name_plural = "回头看"

    def __str__(self):
        return f"{self.issue_id} {self.due_on}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user)
