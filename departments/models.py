"""The county's units in their official order, their earlier names, and who succeeds whom (domain §2)."""

from datetime import date

from django.db import models
from django.db.models import Q


class Department(models.Model):
    """A unit. Lists follow ``official_order``, never the alphabet. Everybody signed in may see units."""

    class Kind(models.TextChoices):
        COUNTY = "county", "县直部门"
        VERTICAL = "vertical", "垂直管理"
        JUDICIAL = "judicial", "司法机关"
        PARTY = "party", "县委部门"
        UTILITY = "utility", "公用企业"
        ORGANISATION = "organisation", "群团组织"
        PARK = "park", "园区"
        TOWNSHIP = "township", "乡镇街道"

    code = models.SlugField("代码", max_length=20, unique=True)
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    aliases = models.JSONField("别名", default=list, blank=True)
    kind = models.CharField("类别", max_length=12, choices=Kind, default=Kind.COUNTY)
    official_order = models.PositiveIntegerField("排序", default=0)
    office_phone = models.CharField("办公电话", max_length=30, blank=True)
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="承接单位"
    )
    head_approval = models.BooleanField("日调度须负责人审定", default=True)

    class Meta:
        ordering = ["official_order", "id"]
        constraints = [
            models.CheckConstraint(
                name="department_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=models.F("valid_from")),
            )
        ]
        verbose_name = verbose_name_plural = "单位"

    def __str__(self):
        return self.short_name

    @property
    def is_asked_by_letter(self) -> bool:
        """Whether the unit is asked by a 商请函 instead of a 督办 order, and never named in print (domain §2)."""
        return self.kind in (self.Kind.JUDICIAL, self.Kind.VERTICAL)

    def is_valid_on(self, day: date) -> bool:
        """Return whether the unit exists on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class FormerName(models.Model):
    """A name the unit carried until ``until``; history prints the name valid then."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="former_names")
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    until = models.DateField("使用至")

    class Meta:
        ordering = ["until", "id"]
        verbose_name = verbose_name_plural = "曾用名"

    def __str__(self):
        return f"{self.short_name}（至{self.until}）"
