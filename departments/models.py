"""The county's units in their official order, their earlier names, who succeeds whom, the leading group (domain §2)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.access import Permission
from core.scoping import ScopedModel


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

    class Instrument(models.TextChoices):
        ORDER = "order", "督办单"
        LETTER = "letter", "商请函"

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
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        ordering = ["official_order", "id"]
        constraints = [
            models.CheckConstraint(
                name="department_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="department_successor_of_closed_only",
                condition=Q(successor=None) | (Q(valid_to__isnull=False) & ~Q(successor=F("id"))),
            ),
        ]
        verbose_name = verbose_name_plural = "单位"

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        """Return the unit's page."""
        return reverse("departments:detail", args=[self.code])

    @property
    def is_asked_by_letter(self) -> bool:
        """Whether the unit is asked by a 商请函 instead of a 督办 order, and never named in print (domain §2)."""
        return self.kind in (self.Kind.JUDICIAL, self.Kind.VERTICAL)

    @property
    def instrument(self) -> "Department.Instrument":
        """The paper by which the unit is asked; decided by its kind."""
        return self.Instrument.LETTER if self.is_asked_by_letter else self.Instrument.ORDER

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
        constraints = [
            models.UniqueConstraint(fields=["department", "until"], name="one_former_name_until_a_day"),
        ]
        verbose_name = verbose_name_plural = "曾用名"

    def __str__(self):
        return f"{self.short_name}（至{self.until}）"


class LeadingGroupMember(ScopedModel):
    """A person of the leading group with position and, for county leaders, the fields they take charge of.

    A plain name and title, not an account: county leaders belong to no unit and need none to be listed.
    """

    class Position(models.TextChoices):
        HEAD = "head", "组长"
        DEPUTY = "deputy", "副组长"
        MEMBER = "member", "成员"

    name = models.CharField("姓名", max_length=40)
    job_title = models.CharField("职务", max_length=80)
    position = models.CharField("组内职务", max_length=6, choices=Position)
    fields_in_charge = models.TextField("分管领域", blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="leading_group_members", verbose_name="单位"
    )
    official_order = models.PositiveIntegerField("排序", default=0)
    valid_from = models.DateField("任职开始")
    valid_to = models.DateField("任职结束", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        ordering = ["official_order", "id"]
        constraints = [
            models.CheckConstraint(
                name="leading_group_term_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="leading_group_position_known", condition=Q(position__in=["head", "deputy", "member"])
            ),
        ]
        verbose_name = verbose_name_plural = "领导小组成员"

    def __str__(self):
        return f"{self.name}（{self.get_position_display()}）"

    @classmethod
    def visible_q(cls, user) -> Q:
        """Show the group to every business role."""
        return Q() if user.can(Permission.READ_CATALOGUE) else Q(pk__in=[])
