"""Account administration by two people: one proposes, another approves (domain §1, 三员)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.access import Permission
from core.workflow import WorkflowModel


class AccountRequest(WorkflowModel):
    """A change to an account that takes effect when the security administrator approves it."""

    class Kind(models.TextChoices):
        CREATE = "create", "新建账号"
        ROLES = "roles", "变更角色"
        DEPARTMENT = "department", "调整单位"
        DISABLE = "disable", "停用账号"
        ENABLE = "enable", "启用账号"

    class Status(models.TextChoices):
        PENDING = "pending", "待审批"
        APPROVED = "approved", "已通过"
        REJECTED = "rejected", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("事项", max_length=12, choices=Kind)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PENDING)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="account_requests", verbose_name="账号"
    )
    username = models.CharField("登录名", max_length=40)
    wanted = models.JSONField("申请内容", default=dict)
    before = models.JSONField("变更前", default=dict)
    reason = models.CharField("事由", max_length=500)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="申请人")
    proposed_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decision_note = models.CharField("审批意见", max_length=500, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["username"], condition=Q(status="pending"), name="one_open_request_per_account"
            ),
            models.CheckConstraint(
                name="decided_request_names_who_and_when",
                condition=~Q(status__in=["approved", "rejected"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_names_its_account", condition=Q(kind="create") | Q(user__isnull=False)
            ),
        ]
        verbose_name = verbose_name_plural = "账号申请"

    def __str__(self):
        return f"{self.get_kind_display()} {self.username}"

    @classmethod
    def visible_q(cls, user):
        """System and security administrators see every request, everybody else none."""
        sees = user.can(Permission.KEEP_ACCOUNTS) or user.can(Permission.APPROVE_ACCOUNTS)
        return Q() if sees else Q(pk__in=())

    def get_absolute_url(self) -> str:
        """Return the address of the request's page."""
        return reverse("accounts:request", args=[self.pk])
