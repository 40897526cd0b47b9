"""The indicator catalogue: sets, the tree of three levels, standards, assignments, work plan (domain §3)."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

_ADDRESS = re.compile(r"https?://[^\s(（;；]+")
#: Room for every figure of the catalogue: amounts in 万元 as well as four decimals of a ratio.
FIGURE: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}


class IndicatorSet(models.Model):
    """One year's catalogue. One set is active; series run on from set to set by code."""

    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=80)
    issuer = models.CharField("发布单位", max_length=80, blank=True)
    active = models.BooleanField("使用中", default=False)
    activates_on = models.DateField("启用日期", null=True, blank=True)
    expected_first_level = models.PositiveSmallIntegerField("一级指标应有数", default=28)

    class Meta:
        ordering = ["-year", "-id"]
        constraints = [models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active_set")]
        verbose_name = verbose_name_plural = "指标体系"

    def __str__(self):
        return self.name


class Indicator(models.Model):
    """A node of the catalogue. A row without children is a leaf and carries values."""

    class Direction(models.TextChoices):
        LOWER = "lower", "越低越好"
        HIGHER = "higher", "越高越好"
        YES_NO = "yesno", "是/否"

    class Frequency(models.TextChoices):
        DAILY = "daily", "红（每日）"
        WEEKLY = "weekly", "黄（每周）"
        MONTHLY = "monthly", "绿（每月）"

    class Dimension(models.TextChoices):
        LIFE_CYCLE = "life_cycle", "企业全生命周期"
        REGULATION = "regulation", "监管与服务"
        INNOVATION = "innovation", "包容普惠创新"
        CREDIT = "credit", "信用法治与信心"

    indicator_set = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="indicators", verbose_name="指标体系")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级指标"
    )
    first_level = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="descendants", verbose_name="所属一级指标"
    )
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="上一体系的同一指标"
    )
    level = models.PositiveSmallIntegerField("级别")
    code = models.CharField("代码", max_length=20)
    position = models.PositiveIntegerField("排序", default=0)
    name = models.CharField("名称", max_length=100)
    aliases = models.JSONField("别名", default=list, blank=True)
    dimension = models.CharField("维度", max_length=12, choices=Dimension, blank=True)
    definition = models.TextField("定义", blank=True)
    formula = models.TextField("计算方法", blank=True)
    unit = models.CharField("单位", max_length=20, blank=True)
    direction = models.CharField("方向", max_length=6, choices=Direction, blank=True)
    decimals = models.PositiveSmallIntegerField("显示小数位", null=True, blank=True)
    min_value = models.DecimalField("最小值", null=True, blank=True, **FIGURE)
    max_value = models.DecimalField("最大值", null=True, blank=True, **FIGURE)
    weight = models.DecimalField("权重", max_digits=8, decimal_places=4, default=Decimal(1))
    frequency = models.CharField("调度类别", max_length=8, choices=Frequency, default=Frequency.DAILY)
    evidence_checklist = models.JSONField("佐证清单", default=list, blank=True)
    applicable = models.BooleanField("适用", default=True)
    constraint_reason = models.TextField("客观制约", blank=True)
    constraint_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="制约批准人"
    )
    constraint_expires_on = models.DateField("制约有效期至", null=True, blank=True)
    assumed = models.BooleanField("推定", default=False)
    source = models.TextField("来源", blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        ordering = ["indicator_set_id", "position", "id"]
        indexes = [models.Index(fields=["code"], name="indicator_by_code")]
        constraints = [
            models.UniqueConstraint(fields=["indicator_set", "code"], name="indicator_code_once_per_set"),
            models.CheckConstraint(
                name="first_level_has_no_parent",
                condition=Q(level=1, parent=None) | Q(level__in=[2, 3], parent__isnull=False),
            ),
            models.CheckConstraint(name="weight_not_negative", condition=Q(weight__gte=0)),
            models.CheckConstraint(
                name="constraint_approved_and_dated",
                condition=Q(constraint_approved_by=None)
                | (~Q(constraint_reason="") & Q(constraint_expires_on__isnull=False)),
            ),
        ]
        verbose_name = verbose_name_plural = "指标"

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("indicators:detail", args=[self.code]) + self.set_query

    @property
    def set_query(self) -> str:
        """What an address needs besides the code: the year of a set that is not in use."""
        return "" if self.indicator_set.active else f"?set={self.indicator_set.year}"

    def is_constrained_on(self, day: date) -> bool:
        """Return whether an approved objective constraint is in force on ``day``."""
        return bool(self.constraint_approved_by_id and self.constraint_expires_on and day <= self.constraint_expires_on)


class Source(NamedTuple):
    """Where a figure comes from: an address one may follow, empty without one, and the other words."""

    address: str
    words: str

    @classmethod
    def read(cls, text: str) -> "Source":
        """Return ``text`` with the address at its start set apart from the remark in brackets after it."""
        match = _ADDRESS.match(text)
        return cls(match[0], text[match.end() :].strip()) if match else cls("", text)


class Standard(models.Model):
    """A dated yardstick of a leaf. Frontier, statutory limit and target answer three questions (domain §3)."""

    class Kind(models.TextChoices):
        BASELINE = "baseline", "基期"
        WORST = "worst", "最差值"
        FRONTIER = "frontier", "前沿值"
        STATUTORY = "statutory", "法定时限"
        TARGET = "target", "目标值"

    class Origin(models.TextChoices):
        CATALOGUE = "catalogue", "指标体系"
        OFFICE = "office", "营商办"
        SELF_SET = "self_set", "自定"
        DEMONSTRATION = "demonstration", "演示假设"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="standards", verbose_name="指标")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    value = models.DecimalField("数值", **FIGURE)
    unit = models.CharField("单位", max_length=20, blank=True)
    place = models.CharField("地区", max_length=80, blank=True)
    source = models.TextField("文件或网址", blank=True)
    effective_from = models.DateField("生效日期")
    statutory_until = models.DateField("依据有效期至", null=True, blank=True)
    origin = models.CharField("出处", max_length=14, choices=Origin, default=Origin.OFFICE)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )
    checked_on = models.DateField("核对日期", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["indicator_id", "kind", "effective_from", "id"]
        indexes = [models.Index(fields=["indicator", "kind", "-effective_from"], name="standard_in_force")]
        verbose_name = verbose_name_plural = "标准值"

    def __str__(self):
        return f"{self.indicator_id} {self.get_kind_display()} {self.value}"

    @property
    def origin_of_figure(self) -> Source:
        """The document or address, ready to be linked."""
        return Source.read(self.source)

    def has_lapsed_on(self, day: date) -> bool:
        """Return whether the legal basis ended before ``day``: shown 「依据已废止，待核」."""
        return self.statutory_until is not None and self.statutory_until < day


class Assignment(models.Model):
    """Which department answers for an indicator, leading or assisting, with its people, from when to when."""

    class Role(models.TextChoices):
        LEAD = "lead", "牵头"
        ASSIST = "assist", "配合"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="assignments", verbose_name="指标")
    department = models.ForeignKey(
        "departments.Department", models.PROTECT, related_name="assignments", verbose_name="单位"
    )
    role = models.CharField("职责", max_length=6, choices=Role)
    valid_from = models.DateField("开始日期")
    valid_to = models.DateField("结束日期", null=True, blank=True)
    county_leader = models.CharField("县级分包领导", max_length=40, blank=True)
    responsible_leader = models.CharField("责任领导", max_length=40, blank=True)
    leader_in_charge = models.CharField("分管领导", max_length=40, blank=True)
    direct_person = models.CharField("直接责任人", max_length=40, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="填报员"
    )
    backup_reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="备用填报员"
    )
    assumed = models.BooleanField("推定", default=False)

    class Meta:
        ordering = ["indicator_id", "-role", "department__official_order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(role="lead", valid_to=None), name="one_current_lead_per_indicator"
            ),
            models.UniqueConstraint(
                fields=["indicator", "department"], condition=Q(valid_to=None), name="one_current_role_per_department"
            ),
        ]
        indexes = [models.Index(fields=["department", "role", "valid_to"], name="assignment_by_department")]
        verbose_name = verbose_name_plural = "责任分工"

    def __str__(self):
        return f"{self.indicator_id} {self.get_role_display()} {self.department_id}"


class Measure(models.Model):
    """One line of the work plan (任务分解): who does what until when."""

    class Status(models.TextChoices):
        OPEN = "open", "推进中"
        DONE = "done", "已完成"
        DROPPED = "dropped", "已取消"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measures", verbose_name="指标")
    text = models.TextField("措施")
    department = models.ForeignKey("departments.Department", models.PROTECT, related_name="+", verbose_name="责任单位")
    person = models.CharField("责任人", max_length=40, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    progress_state = models.CharField("状态", max_length=8, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["indicator_id", "id"]
        verbose_name = verbose_name_plural = "工作措施"

    def __str__(self):
        return self.text[:40]

    @property
    def is_ongoing(self) -> bool:
        """Whether the measure has no end: 持续推进."""
        return self.due_on is None


class MeasureNote(models.Model):
    """A dated note of progress on a measure."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="notes")
    text = models.TextField("进展")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    created_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = verbose_name_plural = "措施进展"

    def __str__(self):
        return self.text[:40]
