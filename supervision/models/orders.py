"""Supervision orders (督办) and accountability records, and what they are about (domain §7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.access import Permission
from core.deputies import MaybeByDeputy
from core.scoping import ScopedModel
from core.workflow import WorkflowModel
from supervision.models.issues import Issue
from supervision.models.records import FormNumber


def visible_to_department_q(user) -> Q:
    """Return the condition: everybody who reads all departments, and the department itself."""
    if not user.can(Permission.READ_ISSUES):
        return Q(pk__in=[])
    if user.sees_all_departments:
        return Q()
    return Q(pk__in=[]) if user.scope_department_id is None else Q(department=user.scope_department_id)


class SupervisionOrder(WorkflowModel):
    """An order (督办单), or to units that take no orders a letter (商请函), on an open issue or complaint.

    Number, title, department and due date of its subject, its 交办单 and how often it was reminded are a copy taken
    when it was issued: complaints lie above this app, and a copy does not change with its subject.
    """

    class SubjectKind(models.TextChoices):
        ISSUE = "issue", "问题"
        COMPLAINT = "complaint", "投诉工单"

    class Status(models.TextChoices):
        AWAITING = "awaiting", "待回复"
        SIGN_OFF = "sign_off", "待单位签发"
        REPLIED = "replied", "已回复"
        CLOSED = "closed", "已了结"

    number = models.CharField("文号", max_length=60, unique=True)
    form = models.OneToOneField(FormNumber, models.PROTECT, related_name="order", verbose_name="编号")
    subject_kind = models.CharField("事由类别", max_length=10, choices=SubjectKind)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name="问题")
    subject_number = models.CharField("事由编号", max_length=40, db_index=True)
    subject_title = models.CharField("事由", max_length=120)
    subject_url = models.CharField("事由地址", max_length=200)
    subject_due_on = models.DateField("原时限", null=True, blank=True)
    subject_form = models.CharField("原交办编号", max_length=60, blank=True)
    reminders_before = models.CharField("前次催办", max_length=120, blank=True)
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, related_name="supervision_orders", verbose_name="承办单位"
    )
    issuer = models.ForeignKey(
        "departments.Department", models.PROTECT, null=True, related_name="+", verbose_name="督办单位"
    )
    requirement = models.TextField("督办要求")
    due_on = models.DateField("回复时限")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="督办人")
    issued_at = models.DateTimeField("发出时间")
    status = models.CharField("状态", max_length=10, choices=Status)
    reply = models.TextField("回复", blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回复人"
    )
    reply_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    send_back_reason = models.TextField("退回理由", blank=True)
    closing_note = models.TextField("了结意见", blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="了结人"
    )
    closed_at = models.DateTimeField("了结时间", null=True, blank=True)
    evidence = models.ManyToManyField("indicators.Evidence", blank=True, related_name="+", verbose_name="回复材料")

    #: Where the service decided that an act with several targets leads; the table checks that it is one of them.
    chosen_status: str = ""

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="order_on_issue_names_it", condition=~Q(subject_kind="issue") | Q(issue__isnull=False)
            ),
            models.CheckConstraint(
                name="closed_order_has_moment", condition=~Q(status="closed") | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["department", "status", "due_on"], name="order_by_department"),
            models.Index(fields=["status", "due_on"], name="order_by_status"),
            models.Index(fields=["-issued_at", "-id"], name="order_newest_first"),
        ]
        verbose_name = verbose_name_plural = "督办"

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("supervision:order", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        return visible_to_department_q(user)


class OrderEvent(MaybeByDeputy, ScopedModel):
    """One line of an order's timeline: it keeps the replies that were sent back."""

    order = models.ForeignKey(SupervisionOrder, models.CASCADE, related_name="events")
    kind = models.CharField("事项", max_length=40)
    label = models.CharField("名称", max_length=60)
    text = models.TextField("内容", blank=True)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["order", "-at"], name="order_timeline")]
        verbose_name = verbose_name_plural = "督办事件"

    def __str__(self):
        return f"{self.order_id} {self.label}"

    @classmethod
    def visible_q(cls, user):
        """Return the condition that a line is seen with its order."""
        return Q(order__in=SupervisionOrder.objects.visible_to(user).values("pk"))


class AccountabilityRecord(ScopedModel):
    """A praise, summons, criticism, proposal of accountability or referral, on a department (domain §7).

    The office and 督查局 propose; they do not punish. ``subject_number`` may name an issue, complaint or order.
    """

    class Kind(models.TextChoices):
        PRAISE = "praise", "通报表扬"
        SUMMONS = "summons", "约谈"
        CRITICISM = "criticism", "通报批评"
        PROPOSAL = "proposal", "问责建议"
        REFERRAL = "referral", "移送"

    kind = models.CharField("类别", max_length=10, choices=Kind)
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, related_name="accountability_records", verbose_name="单位"
    )
    person = models.CharField("对象", max_length=60, blank=True)
    on = models.DateField("日期")
    document_number = models.CharField("文号", max_length=60, blank=True)
    note = models.TextField("说明", blank=True)
    subject_number = models.CharField("事由编号", max_length=60, blank=True, db_index=True)
    subject_title = models.CharField("事由", max_length=120, blank=True)
    subject_url = models.CharField("事由地址", max_length=200, blank=True)
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="accountability_records", verbose_name="问题"
    )
    order = models.ForeignKey(
        SupervisionOrder, models.PROTECT, null=True, blank=True, related_name="accountability_records"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = verbose_name_plural = "问责与表扬记录"

    def __str__(self):
        return f"{self.department_id} {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("supervision:record", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        return visible_to_department_q(user)
