"""Ledgers that make repetition harmless: scheduled runs, idempotent requests, runtime settings."""

from django.conf import settings
from django.db import models


class RunLedger(models.Model):
    """One scheduled act done once, e.g. (``daily_lock``, ``2026-11-25``)."""

    kind = models.CharField("事项", max_length=60)
    key = models.CharField("对象", max_length=120)
    at = models.DateTimeField("执行时间")
    detail = models.JSONField("结果", default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="run_once")]
        verbose_name = verbose_name_plural = "计划执行记录"

    def __str__(self):
        return f"{self.kind} {self.key}"


class IdempotencyKey(models.Model):
    """The first answer to a POST with ``Idempotency-Key``, kept for 24 hours (api.md)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]
        verbose_name = verbose_name_plural = "幂等键"

    def __str__(self):
        return self.key


class Setting(models.Model):
    """A runtime setting changed from its default; the defaults stand in ``core.settings_registry``."""

    name = models.CharField("名称", max_length=80, unique=True)
    value = models.JSONField("值")
    changed_at = models.DateTimeField("修改时间")

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "参数"

    def __str__(self):
        return f"{self.name} = {self.value}"
