"""What lets a person in: earlier passwords, browser sessions, trusted devices, API tokens."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from core.access import Permission
from core.scoping import ScopedModel


class PasswordRecord(models.Model):
    """The hash of a password once used; the last five may not be chosen again."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="password_records")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = verbose_name_plural = "历史密码"

    def __str__(self):
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class OwnedByPerson(ScopedModel):
    """Rows that only their own person sees."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="%(class)ss", verbose_name="人员")

    class Meta:
        abstract = True

    @classmethod
    def visible_q(cls, user):
        return Q(user_id=user.pk)


class TrustedDevice(OwnedByPerson):
    """A browser its person trusts for 30 days; it is recognised by a cookie whose hash stands here."""

    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField("设备", max_length=120)
    created_at = models.DateTimeField("登记时间")
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = verbose_name_plural = "信任设备"

    def __str__(self):
        return self.label

    def is_valid_at(self, now: datetime) -> bool:
        """Return whether the device still counts at the aware ``now``."""
        return self.revoked_at is None and now < self.expires_at


class BrowserSession(OwnedByPerson):
    """One log-in of one browser, so that a person sees where they are logged in and can end it."""

    session_key = models.CharField(max_length=40, unique=True)
    label = models.CharField("设备", max_length=120)
    address = models.CharField("来源地址", max_length=64, blank=True)
    started_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")
    device = models.ForeignKey(TrustedDevice, models.SET_NULL, null=True, blank=True, related_name="sessions")

    class Meta:
        ordering = ["-seen_at", "-id"]
        verbose_name = verbose_name_plural = "登录会话"

    def __str__(self):
        return f"{self.label} {self.address}"


class ApiToken(OwnedByPerson):
    """A key for REST clients. Only its hash is kept; the text is shown once, when it is issued."""

    class Scope(models.TextChoices):
        READ = "read", "只读"
        WRITE = "write", "读写"
        FEED = "feed", "日历订阅"  # stands in an address, so it opens the calendar feed and nothing else

    name = models.CharField("用途", max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField("开头", max_length=12)
    scope = models.CharField("范围", max_length=5, choices=Scope, default=Scope.READ)
    allowed_addresses = models.JSONField("允许的地址", default=list, blank=True)
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="签发人")
    created_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("有效期至")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self):
        return f"{self.name}（{self.hint}…）"

    @classmethod
    def visible_q(cls, user):
        """One's own; the system administrator sees all, because they issue and revoke them."""
        return Q() if user.can(Permission.KEEP_ACCOUNTS) else super().visible_q(user)

    def is_valid_at(self, now: datetime) -> bool:
        """Return whether the token still opens a door at the aware ``now``."""
        return self.revoked_at is None and now < self.expires_at
