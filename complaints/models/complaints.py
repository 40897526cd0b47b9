"""A complaint: 12345 orders and business-environment complaints in one table (domain §6)."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.access import Permission
from core.models import DeadlineRule
from core.scoping import ScopedModel
from core.sorting import moment_or_last
from core.workflow import WorkflowModel

if TYPE_CHECKING:
    from complaints.models.rounds import HandlingRound


class Complaint(WorkflowModel):
    """One complaint with the state of its present handling.

    ``department``, ``due_at`` and the two clocks repeat the current round, so that a list of a million rows
    is sorted and filtered by one index; ``services.rounds`` writes them together with the round.
    ``clock_due_at`` is null while no clock runs: no open round, suspended, or a submission stands; so is
    ``clock_quarter_at``, the moment from which a quarter of the limit or less is left.
    """

    class Regime(models.TextChoices):
        HOTLINE = "hotline", "12345 工单"
        BUSINESS = "business", "营商环境投诉"

    class Channel(models.TextChoices):
        PHONE = "phone", "电话"
        WEB = "web", "网络"
        VISIT = "visit", "来访"
        LETTER = "letter", "来信"
        PROVINCIAL = "provincial", "省平台"
        TRANSFER = "transfer", "转办"
        IMPORT = "import", "导入"
        OTHER = "other", "其他"

    class Relevance(models.TextChoices):
        UNKNOWN = "unknown", "未判定"
        YES = "yes", "涉营商"
        NO = "no", "不涉营商"

    class Handled(models.TextChoices):
        HERE = "here", "本平台办理"
        UPSTREAM = "upstream", "上级平台办理"

    class Status(models.TextChoices):
        RECEIVED = "received", "待受理"
        REFUSAL_REVIEW = "refusal_review", "待审不受理"
        ACCEPTED = "accepted", "待派单"
        DISPATCHED = "dispatched", "待签收"
        RETURN_REVIEW = "return_review", "退回待审"
        HANDLING = "handling", "办理中"
        SIGN_OFF = "sign_off", "待单位签发"
        OFFICE_REVIEW = "office_review", "待审核"
        CALLBACK = "callback", "待回访"
        CLOSED = "closed", "已办结"
        ARCHIVED = "archived", "已归档"
        REFUSED = "refused", "不予受理"
        MERGED = "merged", "已并件"
        TRANSFERRED = "transferred", "已移交"

    class Outcome(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY_SATISFIED = "basically_satisfied", "基本满意"
        UNREASONABLE = "unreasonable", "诉求不合理"
        UNREACHABLE = "unreachable", "未评价"
        NO_CALLBACK = "no_callback", "匿名，不回访"
        WITHDRAWN = "withdrawn", "诉求人撤回"
        IMPORTED = "imported", "上级已办结"

    #: The states in which somebody still has to do something.
    OPEN = (
        Status.RECEIVED,
        Status.REFUSAL_REVIEW,
        Status.ACCEPTED,
        Status.DISPATCHED,
        Status.RETURN_REVIEW,
        Status.HANDLING,
        Status.SIGN_OFF,
        Status.OFFICE_REVIEW,
        Status.CALLBACK,
    )
    #: The states in which a department holds the complaint.
    WITH_DEPARTMENT = (Status.DISPATCHED, Status.RETURN_REVIEW, Status.HANDLING, Status.SIGN_OFF)

    number = models.CharField("编号", max_length=40, unique=True)
    regime = models.CharField("类别", max_length=8, choices=Regime, default=Regime.HOTLINE)
    channel = models.CharField("渠道", max_length=10, choices=Channel, default=Channel.PHONE)
    type = models.CharField("诉求类型", max_length=10, choices=DeadlineRule.ComplaintType)
    type_word = models.CharField("原诉求类型", max_length=40, blank=True)
    relevance = models.CharField("是否涉营商", max_length=7, choices=Relevance, default=Relevance.UNKNOWN)
    urgency = models.CharField("紧急程度", max_length=10, choices=DeadlineRule.Urgency, default="normal")
    grade = models.CharField("等级", max_length=1, choices=DeadlineRule.Grade, blank=True)
    title = models.CharField("标题", max_length=120)
    content = models.TextField("诉求内容")
    place = models.CharField("地点", max_length=200, blank=True)
    enterprise = models.CharField("企业", max_length=120, blank=True)
    indicator = models.ForeignKey(
        "indicators.Indicator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name="相关一级指标",
    )
    caller_name_sealed = models.BinaryField("诉求人（加密）", null=True, blank=True, editable=False)
    caller_phone_sealed = models.BinaryField("电话（加密）", null=True, blank=True, editable=False)
    caller_name_masked = models.CharField("诉求人", max_length=40, blank=True)
    caller_phone_masked = models.CharField("电话", max_length=120, blank=True)
    anonymous = models.BooleanField("匿名", default=False)
    confidential = models.BooleanField("保密", default=False)
    accused_department = models.ForeignKey(
        "departments.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被反映单位"
    )
    received_at = models.DateTimeField("受理时间")
    registered_at = models.DateTimeField("登记时间")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    provincial_number = models.CharField("省平台案件号", max_length=60, blank=True)
    provincial_number_at = models.DateTimeField("省平台录入时间", null=True, blank=True)
    upstream_due_at = models.DateTimeField("平台时限", null=True, blank=True)
    handled = models.CharField("办理平台", max_length=8, choices=Handled, default=Handled.HERE)
    raw_columns = models.JSONField("原始列", default=dict, blank=True)
    raw_department = models.CharField("原承办单位", max_length=120, blank=True)

    status = models.CharField("状态", max_length=14, choices=Status)
    outcome = models.CharField("办理结果", max_length=20, choices=Outcome, blank=True)
    entered_status_at = models.DateTimeField("进入本状态时间")
    accepted_at = models.DateTimeField("受理决定时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    refusal_reason = models.TextField("不予受理理由", blank=True)
    provincial_approval = models.JSONField("省级批准", default=dict, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name="并入"
    )
    transferred_to = models.CharField("移交至", max_length=120, blank=True)
    dispatch_count = models.PositiveSmallIntegerField("派单次数", default=0)

    department = models.ForeignKey(
        "departments.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name="承办单位",
    )
    current_round = models.OneToOneField(
        "complaints.HandlingRound", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当前轮次"
    )
    issue = models.ForeignKey(
        "supervision.Issue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name="转入的问题",
    )
    due_at = models.DateTimeField("办理时限", null=True, blank=True)
    clock_due_at = models.DateTimeField("在办时限", null=True, blank=True)
    clock_quarter_at = models.DateTimeField("只剩四分之一时限", null=True, blank=True)
    public_code_hash = models.CharField("查询码", max_length=64, blank=True)

    #: Where the service decided that an act with several targets leads; the table checks that it is one of them.
    chosen_status: str = ""

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="closed_complaint_has_moment",
                condition=~Q(status__in=["closed", "archived"]) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="merged_complaint_names_the_other", condition=~Q(status="merged") | Q(duplicate_of__isnull=False)
            ),
            models.CheckConstraint(
                name="refused_complaint_has_reason",
                condition=~Q(status__in=["refusal_review", "refused"]) | ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="complaint_with_department_names_it",
                condition=~Q(status__in=["dispatched", "return_review", "handling", "sign_off", "office_review"])
                | Q(department__isnull=False),
            ),
        ]
        indexes = [
            # What the scan compares stands in the index (PostgreSQL), so that it never reads a million wide rows.
            models.Index(
                fields=["clock_due_at", "id"],
                include=["current_round", "clock_quarter_at", "relevance"],
                condition=Q(clock_due_at__isnull=False),
                name="complaint_clock",
            ),
            models.Index(
                fields=["current_round", "relevance"], condition=Q(status="dispatched"), name="complaint_unsigned"
            ),
            models.Index(
                fields=["clock_quarter_at"], condition=Q(clock_quarter_at__isnull=False), name="complaint_quarter"
            ),
            models.Index(fields=["status", "clock_due_at", "id"], name="complaint_by_status"),
            models.Index(fields=["department", "status", "clock_due_at"], name="complaint_by_department"),
            models.Index(fields=["-received_at", "-id"], name="complaint_newest_first"),
            models.Index(moment_or_last("due_at"), "id", name="complaint_by_due"),
            models.Index(fields=["indicator", "-received_at"], name="complaint_by_indicator"),
        ]
        verbose_name = verbose_name_plural = "投诉工单"

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("complaints:detail", args=[self.number])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in self.OPEN

    @property
    def round_in_hand(self) -> "HandlingRound":
        """The current round in a state that has one, as those of 待签收 to 待回访 do."""
        assert self.current_round is not None, f"{self.number} has no round in {self.status}"
        return self.current_round

    @property
    def current_extension(self):
        """The request for more time of the current round, None without one."""
        return getattr(self.current_round, "extension", None)

    def is_assisted_by(self, department_id: int | None) -> bool:
        """Return whether the department assists in the current round."""
        if department_id is None or self.current_round is None:
            return False
        return any(row.department_id == department_id for row in self.current_round.assisting.all())

    @classmethod
    def visible_q(cls, user):
        """Everything for those who see all, without what is confidential but for R1 R2; else lead or assisting now.

        Confidential rows: R1 R2 and the lead and assisting departments only (domain §6).
        """
        if user.can(Permission.DISPATCH_COMPLAINTS):
            return Q()
        if user.sees_all_departments:
            return Q(confidential=False)
        if user.scope_department_id is None or not user.can(Permission.READ_CATALOGUE):
            return Q(pk__in=[])
        # By name, because the table of rounds names this one. EXISTS, so that a list walks its index, newest first,
        # until the page is full, instead of sorting everything a department ever had.
        helpers = apps.get_model("complaints", "AssistingDepartment").objects.unscoped("the scope is made of them")
        assisting = helpers.filter(round=OuterRef("current_round"), department=user.scope_department_id)
        return Q(department=user.scope_department_id) | Q(Exists(assisting))

    @classmethod
    def scope_pieces(cls, user) -> tuple[Q, ...]:
        """Return conditions that divide what ``visible_q`` lets ``user`` see without a rest, to count piece by piece.

        Each has an index of its own, which the condition as a whole has not.
        """
        if user.sees_all_departments or user.scope_department_id is None or not user.can(Permission.READ_CATALOGUE):
            return (cls.visible_q(user),)
        own = Q(department=user.scope_department_id)
        helpers = apps.get_model("complaints", "AssistingDepartment").objects.unscoped("the scope is made of them")
        assisted = helpers.filter(department=user.scope_department_id).values("round")
        return own, ~own & Q(current_round__in=assisted)


class CallerPhone(ScopedModel):
    """A blind index of a caller's number: finds repeat callers without storing the number readably."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="caller_phones")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["complaint_id", "id"]
        indexes = [models.Index(fields=["digest"], name="caller_phone_digest")]
        verbose_name = verbose_name_plural = "来电号码索引"

    def __str__(self):
        return f"{self.complaint_id}"

    @classmethod
    def visible_q(cls, user):
        """Only R1 and R2 find complaints by the caller's number (domain §6)."""
        return Q() if user.can(Permission.DISPATCH_COMPLAINTS) else Q(pk__in=[])
