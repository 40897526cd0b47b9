"""What is measured: append-only observations, and the official scores entered separately (domain §3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.access import Permission
from core.scoping import ScopedModel
from indicators.models.catalogue import FIGURE, Indicator
from indicators.models.scope import NOBODY, visible_by_indicator


class Observation(ScopedModel):
    """One value of a leaf as of a date. Never changed; a correction is a new row that supersedes with a reason.

    The current value is the newest accepted one by as-of date, then by acceptance.
    """

    class Source(models.TextChoices):
        REPORT = "report", "日调度"
        IMPORT = "import", "导入"
        CORRECTION = "correction", "更正"
        CARRIED = "carried", "沿用上一体系"

    class Standing(models.TextChoices):
        PENDING = "pending", "待采纳"
        ACCEPTED = "accepted", "已采纳"
        REJECTED = "rejected", "未采纳"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations", verbose_name="指标")
    first_level = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name="所属一级指标")
    value = models.DecimalField("数值", **FIGURE)
    as_of = models.DateField("数据日期")
    source = models.CharField("来源", max_length=10, choices=Source)
    standing = models.CharField("采纳情况", max_length=8, choices=Standing)
    report = models.ForeignKey(
        "indicators.DailyReport", models.PROTECT, null=True, blank=True, related_name="observations"
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="更正对象"
    )
    reason = models.TextField("理由", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="采纳人"
    )
    accepted_at = models.DateTimeField("采纳时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("失效时间", null=True, blank=True)

    class Meta:
        ordering = ["indicator_id", "-as_of", "-accepted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="accepted_value_has_moment", condition=~Q(standing="accepted") | Q(accepted_at__isnull=False)
            ),
            models.CheckConstraint(name="correction_has_reason", condition=~Q(source="correction") | ~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["indicator", "standing", "-as_of", "-accepted_at"], name="current_value"),
            models.Index(fields=["first_level", "standing", "-accepted_at"], name="values_by_first_level"),
        ]
        verbose_name = verbose_name_plural = "指标数值"

    def __str__(self):
        return f"{self.indicator_id} {self.as_of} {self.value}"

    @classmethod
    def visible_q(cls, user):
        """Return the condition: accepted values are everybody's, pending ones belong to who leads, assists or sees all."""
        if not user.can(Permission.READ_CATALOGUE):
            return NOBODY
        return Q(standing=cls.Standing.ACCEPTED) | visible_by_indicator(user, indicator="first_level")


class OfficialScore(models.Model):
    """A score or rank given by the province or city for a year; never mixed with 自评分."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="official_scores")
    year = models.PositiveSmallIntegerField("年度")
    issuer = models.CharField("评价单位", max_length=80)
    score = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True, blank=True)
    rank = models.PositiveSmallIntegerField("位次", null=True, blank=True)
    out_of = models.PositiveSmallIntegerField("参评数", null=True, blank=True)
    source = models.TextField("文件或网址", blank=True)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["-year", "indicator_id", "id"]
        verbose_name = verbose_name_plural = "官方评价结果"

    def __str__(self):
        return f"{self.year} {self.issuer}"
