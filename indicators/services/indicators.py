"""Editing the catalogue's rows: words and figures, applicability, objective constraints (domain §3)."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation
from core.workflow import swap
from indicators.models import Indicator, IndicatorSet, Observation
from indicators.rules.catalogue import can_approve_constraints, can_keep_catalogue
from indicators.services.access import require
from indicators.services.catalogue_file import default_range

CODE = re.compile(r"[A-Z]\d{2}(\.\d{1,2}){0,2}", re.ASCII)
#: What may be edited. Code, level and place in the tree never change; the dispatch class has its own act.
EDITABLE = (
    *("name", "aliases", "dimension", "definition", "formula", "unit", "direction", "decimals"),
    *("min_value", "max_value", "weight", "evidence_checklist", "source"),
)


@transaction.atomic
def edit_indicator(indicator: Indicator, *, actor, now: datetime, **changes: Any) -> Indicator:
    """Change columns of ``EDITABLE``; only what differs is written and audited. Who: R1 R2.

    Raises:
        RuleViolation: unit or direction of a leaf that has values, which would change their meaning.
        InvalidInput: the least value lies above the greatest, or a weight below 0.
        VersionConflict: somebody else changed the row meanwhile.
    """
    require(can_keep_catalogue(actor), "修改指标")
    if unknown := set(changes) - set(EDITABLE):
        raise AssertionError(f"not editable: {sorted(unknown)}")
    changed = {name: value for name, value in changes.items() if getattr(indicator, name) != value}
    if not changed:
        return indicator
    if {"unit", "direction"} & set(changed) and has_values(indicator):
        raise RuleViolation("该指标已有数值，单位和方向不能再改，请在新一年的体系中调整")
    check_figures(indicator, changed)
    before = {name: getattr(indicator, name) for name in changed}
    swap(indicator, **changed)
    record_event(
        actor=actor, action="indicators.indicator.edit", target=indicator, before=before, after=changed, now=now
    )
    return indicator


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """What is said about a new indicator; below the first level the code begins with that of its parent."""

    code: str
    name: str
    dimension: str = ""
    unit: str = ""
    direction: str = ""
    weight: Decimal = Decimal(1)


@transaction.atomic
def create_indicator(indicator_set: IndicatorSet, new: NewIndicator, *, actor, now: datetime) -> Indicator:
    """Add an indicator to a set, under the parent its code names. Who: R1 R2.

    Raises InvalidInput for a code that is malformed, taken or without its parent, and for a first-level row
    without dimension; RuleViolation when the parent carries values or standards itself.
    """
    require(can_keep_catalogue(actor), "新增指标")
    parent = check_place(indicator_set, new)
    low, high = default_range(new.unit, new.direction)
    last = indicator_set.indicators.aggregate(last=Max("position"))["last"] or 0
    node = Indicator.objects.create(
        indicator_set=indicator_set,
        **asdict(replace(new, dimension=new.dimension or (parent.dimension if parent else ""))),
        parent=parent,
        first_level=parent.first_level if parent else None,
        level=new.code.count(".") + 1,
        position=last + 1,
        min_value=low,
        max_value=high,
    )
    if parent is None:
        node.first_level = node
        node.save(update_fields=["first_level"])
    record_event(actor=actor, action="indicators.indicator.create", target=node, after=asdict(new), now=now)
    return node


def check_place(indicator_set: IndicatorSet, new: NewIndicator) -> Indicator | None:
    """Return the parent a new indicator belongs under, None on the first level; raise when it has no place."""
    if not CODE.fullmatch(new.code):
        raise InvalidInput.at("code", "代码应写作 A08、A08.2 或 A08.2.1")
    if indicator_set.indicators.filter(code=new.code).exists():
        raise InvalidInput.at("code", f"{new.code} 已经存在")
    above = new.code.rpartition(".")[0]
    if not above:
        if not new.dimension:
            raise InvalidInput.at("dimension", "一级指标请选择维度")
        return None
    parent = indicator_set.indicators.filter(code=above).select_related("first_level").first()
    if parent is None:
        raise InvalidInput.at("code", f"上级指标 {above} 不存在")
    if has_values(parent) or parent.standards.exists():
        raise RuleViolation(f"{above} 已有数值或标准值，不能再设下级指标")
    return parent


@transaction.atomic
def remove_indicator(indicator: Indicator, *, actor, now: datetime) -> None:
    """Take an indicator out of a set that is not yet in use, with its standards and duties. Who: R1 R2.

    Raises RuleViolation for a set in use, where an indicator is made inapplicable instead, and while others
    lie beneath it.
    """
    require(can_keep_catalogue(actor), "删除指标")
    if indicator.indicator_set.active:
        raise RuleViolation("使用中的指标不能删除，可以设为不适用")
    if indicator.children.exists():
        raise RuleViolation("请先删除下级指标")
    record_event(
        actor=actor,
        action="indicators.indicator.remove",
        target=indicator,
        before={"code": indicator.code, "name": indicator.name},
        now=now,
    )
    indicator.standards.all().delete()
    indicator.assignments.all().delete()
    indicator.dispatch_classes.all().delete()
    indicator.delete()


def has_values(indicator: Indicator) -> bool:
    """Return whether any value was ever entered for the leaf."""
    rows = Observation.objects.unscoped("whether there is any value, whoever reported it")
    return rows.filter(indicator=indicator).exists()


def check_figures(indicator: Indicator, changed: dict[str, Any]) -> None:
    """Raise InvalidInput when range or weight would make no sense."""
    low = changed.get("min_value", indicator.min_value)
    high = changed.get("max_value", indicator.max_value)
    if low is not None and high is not None and low > high:
        raise InvalidInput.at("max_value", "最大值小于最小值")
    if changed.get("weight", indicator.weight) < 0:
        raise InvalidInput.at("weight", "权重不能小于 0")


@transaction.atomic
def set_applicable(indicator: Indicator, *, applicable: bool, reason: str, actor, now: datetime) -> Indicator:
    """Take an indicator and everything beneath it out of scores and coverage, or back in. Who: R1 R2."""
    require(can_keep_catalogue(actor), "调整指标是否适用")
    if indicator.applicable == applicable:
        raise RuleViolation("该指标已适用" if applicable else "该指标已不适用")
    swap(indicator, applicable=applicable)
    record_event(
        actor=actor,
        action="indicators.indicator.set_applicable",
        target=indicator,
        before={"applicable": not applicable},
        after={"applicable": applicable},
        purpose=reason,
        now=now,
    )
    return indicator


@transaction.atomic
def propose_constraint(indicator: Indicator, *, reason: str, expires_on: date, actor, now: datetime) -> Indicator:
    """Put an objective constraint forward; it takes effect when R2 approves. Who: R1 R2.

    A proposal takes the place of an earlier one, approved or not. R2 are told.
    """
    require(can_keep_catalogue(actor), "提出客观制约")
    check_expiry(expires_on, now)
    swap(indicator, constraint_reason=reason, constraint_expires_on=expires_on, constraint_approved_by=None)
    record_event(
        actor=actor,
        action="indicators.indicator.propose_constraint",
        target=indicator,
        after={"reason": reason, "expires_on": expires_on},
        now=now,
    )
    notify(
        people_with_permission(Permission.APPROVE_CONSTRAINTS),
        kind="constraint.proposed",
        title=f"{indicator} 的客观制约待批准",
        url=indicator.get_absolute_url(),
        key=f"constraint:{indicator.pk}:{indicator.version}",
        now=now,
    )
    return indicator


@transaction.atomic
def approve_constraint(indicator: Indicator, *, actor, now: datetime) -> Indicator:
    """Approve the objective constraint put forward: the row leaves the lists of shame until it expires. Who: R2."""
    require(can_approve_constraints(actor), "批准客观制约", "营商办审核")
    if not indicator.constraint_reason:
        raise RuleViolation("没有待批准的客观制约")
    if indicator.constraint_approved_by_id is not None:
        raise RuleViolation("客观制约已批准")
    check_expiry(indicator.constraint_expires_on, now)
    swap(indicator, constraint_approved_by=actor)
    record_event(
        actor=actor,
        action="indicators.indicator.approve_constraint",
        target=indicator,
        after={"reason": indicator.constraint_reason, "expires_on": indicator.constraint_expires_on},
        now=now,
    )
    return indicator


@transaction.atomic
def lift_constraint(indicator: Indicator, *, reason: str, actor, now: datetime) -> Indicator:
    """Refuse a proposed constraint, or end an approved one before it expires. Who: R2."""
    require(can_approve_constraints(actor), "解除客观制约", "营商办审核")
    if not indicator.constraint_reason:
        raise RuleViolation("没有客观制约")
    before = {"reason": indicator.constraint_reason, "expires_on": indicator.constraint_expires_on}
    swap(indicator, constraint_reason="", constraint_expires_on=None, constraint_approved_by=None)
    record_event(
        actor=actor,
        action="indicators.indicator.lift_constraint",
        target=indicator,
        before=before,
        purpose=reason,
        now=now,
    )
    return indicator


def check_expiry(expires_on: date | None, now: datetime) -> None:
    """Raise InvalidInput unless the constraint still has a day to run."""
    if expires_on is None or expires_on < local_date(now):
        raise InvalidInput.at("expires_on", "有效期应不早于今天")
