"""The audit log: append-only rows, sealed afterwards with a running number and a hash chain."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """Who did what to which row, when, from where, and why. Written in the transaction of the change.

    ``sequence`` and ``seal`` are given by ``core.services.audit.seal_audit`` so that writers never
    queue for the chain (architecture §12.6). No phone or name of a complainant ever stands here.
    """

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=80, blank=True)
    on_behalf_of = models.CharField("代替", max_length=80, blank=True)
    action = models.CharField("操作", max_length=100)
    target_type = models.CharField("对象类型", max_length=80)
    target_key = models.CharField("对象标识", max_length=80)
    target_label = models.CharField("对象", max_length=200)
    before = models.JSONField("变更前", null=True)
    after = models.JSONField("变更后", null=True)
    purpose = models.TextField("事由", blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True)
    sequence = models.PositiveBigIntegerField("序号", null=True, unique=True)
    seal = models.CharField("校验", max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["target_type", "target_key", "-at"], name="audit_by_target"),
            models.Index(fields=["-at", "-id"], name="audit_newest_first"),
        ]
        verbose_name = verbose_name_plural = "审计记录"

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action} {self.target_label}"
