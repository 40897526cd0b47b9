"""Inspections: on site, undercover, by a third party, special, or looking back (domain §7)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.access import Permission
from core.scoping import ScopedModel


class Inspection(ScopedModel):
    """One inspection with its plan, team, places and report. It has no state machine.

    Planned while its start lies ahead, closed when its report is attached and no finding is left in draft;
    both are derived. Its findings are issues in draft with ``inspection`` set.
    """

    class Kind(models.TextChoices):
        OPEN = "open", "明察"
        COVERT = "covert", "暗访"
        THIRD_PARTY = "third_party", "第三方评估"
        SPECIAL = "special", "专项督查"
        LOOK_BACK = "look_back", "回头看"

    title = models.CharField("名称", max_length=120)
    kind = models.CharField("方式", max_length=12, choices=Kind)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    places = models.CharField("检查地点", max_length=500, blank=True)
    basis = models.CharField("检查依据", max_length=300, blank=True)
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="检查人员")
    indicators = models.ManyToManyField("indicators.Indicator", blank=True, related_name="+", verbose_name="涉及指标")
    plan = models.ForeignKey(
        "core.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查方案"
    )
    plan_approved_by = models.CharField("方案批准人", max_length=60, blank=True)
    plan_approved_on = models.DateField("方案批准日期", null=True, blank=True)
    report = models.ForeignKey(
        "indicators.Evidence", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查报告"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        ordering = ["-started_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="inspection_ends_after_it_begins", condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on"))
            )
        ]
        verbose_name = verbose_name_plural = "检查批次"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("supervision:inspection", args=[self.pk])

    @classmethod
    def visible_q(cls, user):
        """Everybody who reads all departments; never a department: an undercover visit is not announced (domain §1)."""
        return Q() if user.can(Permission.READ_INSPECTIONS) else Q(pk__in=[])

    def is_planned(self, today: date) -> bool:
        """Return whether the inspection still lies ahead of ``today`` (Asia/Shanghai)."""
        return today < self.started_on
