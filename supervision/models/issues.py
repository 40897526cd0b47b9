"""An issue of the ledger: what was found, who rectifies it, by when (domain §7)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from core.access import Permission
from core.workflow import WorkflowModel
from supervision.models.inspections import Inspection

if TYPE_CHECKING:
    from supervision.models.rounds import IssueRound


class Issue(WorkflowModel):
    """One issue with the state of its present rectification.

    ``due_on`` is the date that binds, extension included. ``clock_due_on`` repeats it while the department's
    clock runs (待签收, 待报方案, 整改中) and is null otherwise, so that a ledger of 100,000 rows is sorted and
    filtered by one index; ``services.rounds`` writes it. ``department`` before the first assignment is who is
    meant, and sees nothing yet.
    """

    class Source(models.TextChoices):
        OPEN = "open", "明察"
        COVERT = "covert", "暗访"
        THIRD_PARTY = "third_party", "第三方评估"
        PUBLIC_REPORT = "public_report", "群众举报"
        HOTLINE = "hotline", "12345转入"
        SUPERIOR = "superior", "上级交办"
        SELF_CHECK = "self_check", "自查"
        PEOPLES_CONGRESS = "npc", "人大执法检查"
        SPECIAL_SUPERVISOR = "special_supervisor", "特邀监督员"
        VISIT = "visit", "企业走访"
        AUDIT = "audit", "审计"
        MEDIA = "media", "媒体"

    class Category(models.TextChoices):
        POLICY = "policy", "政策落实"
        ATTITUDE = "attitude", "服务态度"
        TIMELINESS = "timeliness", "办理时限"
        FEES = "fees", "乱收费"
        PROCEDURES = "procedures", "环节繁琐"
        DISCLOSURE = "disclosure", "信息公开"
        EVIDENCE = "evidence", "佐证不全"
        OTHER = "other", "其他"

    class Severity(models.TextChoices):
        NORMAL = "normal", "一般"
        MAJOR = "major", "较重"
        SEVERE = "severe", "严重"

    class LimitKind(models.TextChoices):
        DEADLINE = "deadline", "限期"
        IMMEDIATE = "immediate", "立行立改"
        STAGED = "staged", "阶段性"
        LONG_TERM = "long_term", "长期坚持"

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        REGISTERED = "registered", "待交办"
        ASSIGNED = "assigned", "待签收"
        PLANNING = "planning", "待报方案"
        RECTIFYING = "rectifying", "整改中"
        VERIFYING = "verifying", "待验收"
        SUSTAINED = "sustained", "长期坚持"
        CLEARED = "cleared", "已销号"
        REVOKED = "revoked", "已撤销"

    #: The states in which the department's clock runs.
    CLOCK_RUNS = (Status.ASSIGNED, Status.PLANNING, Status.RECTIFYING)
    #: The states in which a department holds the issue and it is not yet cleared.
    WITH_DEPARTMENT = (*CLOCK_RUNS, Status.VERIFYING)
    #: The states in which somebody still has to do something before it is cleared.
    OPEN = (Status.DRAFT, Status.REGISTERED, *WITH_DEPARTMENT)

    number = models.CharField("问题编号", max_length=40, unique=True)
    source = models.CharField("问题来源", max_length=20, choices=Source)
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name="检查批次"
    )
    indicator = models.ForeignKey(
        "indicators.Indicator", models.PROTECT, null=True, blank=True, related_name="issues", verbose_name="涉及指标"
    )
    category = models.CharField("问题类型", max_length=12, choices=Category, default=Category.OTHER)
    severity = models.CharField("严重程度", max_length=8, choices=Severity, default=Severity.NORMAL)
    title = models.CharField("标题", max_length=120)
    description = models.TextField("问题描述")
    place = models.CharField("发现地点", max_length=120, blank=True)
    requirement = models.TextField("整改要求", blank=True)
    goal = models.CharField("整改目标", max_length=300, blank=True)
    remark = models.TextField("备注", blank=True)
    department = models.ForeignKey(
        "departments.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name="牵头单位",
    )
    assisting = models.ManyToManyField(
        "departments.Department", blank=True, related_name="assisted_issues", verbose_name="配合单位"
    )
    responsible_leader = models.CharField("责任领导", max_length=60, blank=True)
    responsible_person = models.CharField("责任人", max_length=60, blank=True)
    limit_kind = models.CharField("整改时限类型", max_length=10, choices=LimitKind, default=LimitKind.DEADLINE)
    found_on = models.DateField("发现时间")
    due_on = models.DateField("整改时限", null=True, blank=True)
    clock_due_on = models.DateField("在办时限", null=True, blank=True, editable=False)

    status = models.CharField("状态", max_length=10, choices=Status)
    entered_status_at = models.DateTimeField("进入本状态时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("录入时间")
    own_department = models.ForeignKey(
        "departments.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="自查单位"
    )
    registered_at = models.DateTimeField("登记时间", null=True, blank=True)
    first_assigned_at = models.DateTimeField("首次交办时间", null=True, blank=True)
    cleared_at = models.DateTimeField("销号时间", null=True, blank=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    next_review_on = models.DateField("下次复查日期", null=True, blank=True)
    current_round = models.OneToOneField(
        "supervision.IssueRound", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当前轮次"
    )
    relapsed = models.BooleanField("回潮", default=False)

    #: Where the service decided that an act with several targets leads; the table checks that it is one of them.
    chosen_status: str = ""
    #: Whether fewer than two of R6 and R2 may verify; None where the rule has to count them.
    lacks_verifiers: bool | None = None

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="issue_due_not_before_found", condition=Q(due_on=None) | Q(due_on__gte=F("found_on"))
            ),
            models.CheckConstraint(
                name="assigned_issue_names_department",
                condition=~Q(status__in=["assigned", "planning", "rectifying", "verifying", "sustained", "cleared"])
                | Q(department__isnull=False),
            ),
            models.CheckConstraint(
                name="cleared_issue_has_moment", condition=~Q(status="cleared") | Q(cleared_at__isnull=False)
            ),
            models.CheckConstraint(
                name="sustained_issue_has_review", condition=~Q(status="sustained") | Q(next_review_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["clock_due_on", "id"], condition=Q(clock_due_on__isnull=False), name="issue_clock"),
            models.Index(fields=["status", "clock_due_on", "id"], name="issue_by_status"),
            models.Index(fields=["department", "status", "clock_due_on", "id"], name="issue_of_department"),
            models.Index(fields=["-created_at", "-id"], name="issue_newest_first"),
            models.Index(fields=["indicator", "-created_at"], name="issue_by_indicator"),
            models.Index(fields=["registered_at", "status"], name="issue_by_registration"),
            models.Index(fields=["found_on", "id"], name="issue_by_finding"),
            models.Index(fields=["due_on", "id"], name="issue_by_due"),
            models.Index(fields=["cleared_at", "id"], condition=Q(cleared_at__isnull=False), name="issue_by_clearing"),
            # By this one the rates leave out what was revoked.
            models.Index(fields=["revoked_at", "id"], condition=Q(revoked_at__isnull=False), name="issue_revoked"),
        ]
        verbose_name = verbose_name_plural = "问题"

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("supervision:issue", args=[self.number])

    @property
    def round_in_hand(self) -> "IssueRound":
        """The current round in a state that has one, as those from 待签收 to 已销号 do."""
        assert self.current_round is not None, f"{self.number} has no round in {self.status}"
        return self.current_round

    @property
    def current_extension(self):
        """The request for more time of the current round, None without one."""
        return getattr(self.current_round, "extension", None)

    @property
    def waiting_result(self) -> str:
        """``unsigned`` or ``standing`` while a clearance request waits for the head or the verifiers, else empty."""
        request = None if self.current_round is None else self.current_round.waiting_request()
        return "" if request is None else request.result

    def is_evidenced_by(self, person_id: int) -> bool:
        """Return whether the person added an ``after`` item in the current round that stands."""
        return self.current_round is not None and person_id in self.current_round.evidence_givers()

    def is_verified_by(self, person_id: int) -> bool:
        """Return whether the person has put their name to the request that waits."""
        request = None if self.current_round is None else self.current_round.waiting_request()
        return request is not None and request.verifications.filter(user=person_id).exists()

    def is_assisted_by(self, department_id: int | None) -> bool:
        """Return whether the department assists now."""
        return department_id is not None and any(unit.pk == department_id for unit in self.assisting.all())

    def concerns(self, department_id: int | None) -> bool:
        """Return whether the department leads or assists: such people never verify the issue (domain §7)."""
        return department_id is not None and (department_id == self.department_id or self.is_assisted_by(department_id))

    @classmethod
    def visible_q(cls, user):
        """Everything for those who see all; else lead or assisting from the first assignment on, and one's own drafts.

        A department never sees a draft of others (domain §1); what it wrote as its own self-check it sees.
        """
        if not user.can(Permission.READ_ISSUES):
            return Q(pk__in=[])
        if user.sees_all_departments:
            return Q()
        own = user.scope_department_id
        if own is None:
            return Q(pk__in=[])
        assisting = cls.assisting.through._default_manager.filter(issue=OuterRef("pk"), department=own)
        assigned = Q(first_assigned_at__isnull=False)
        return assigned & (Q(department=own) | Q(Exists(assisting))) | ~assigned & Q(own_department=own)

    @classmethod
    def scope_pieces(cls, user) -> tuple[Q, ...]:
        """Return conditions that divide what ``visible_q`` lets ``user`` see without a rest, to count piece by piece.

        Each has an index of its own, which the condition as a whole has not.
        """
        own = user.scope_department_id
        if user.sees_all_departments or own is None or not user.can(Permission.READ_ISSUES):
            return (cls.visible_q(user),)
        assigned, leads = Q(first_assigned_at__isnull=False), Q(department=own)
        assisted = Q(pk__in=cls.assisting.through._default_manager.filter(department=own).values("issue"))
        return assigned & leads, assigned & ~leads & assisted, ~assigned & Q(own_department=own)


def visible_with_issue(user, *, issue: str = "issue") -> Q:
    """Return the condition that the row's issue, at the lookup path ``issue``, is one ``user`` sees."""
    return Q((f"{issue}__in", Issue.objects.visible_to(user).values("pk")))
