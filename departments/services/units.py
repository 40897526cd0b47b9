"""Units: created, renamed, moved in the order, closed with a successor. Nothing is ever deleted (domain §2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction
from django.db.models import F, Max

from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.spreadsheets.fields import department_key
from core.workflow import swap
from departments.models import Department, FormerName
from departments.rules import can_set_head_approval, cleaned_aliases, code_refused
from departments.services.access import require, require_text
from departments.signals import department_closing

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """What a new unit is created from; without an order it comes last."""

    code: str
    name: str
    short_name: str
    kind: str
    aliases: tuple[str, ...] = ()
    official_order: int | None = None
    office_phone: str = ""
    valid_from: date | None = None


@transaction.atomic
def create_department(unit: NewDepartment, *, actor, now: datetime) -> Department:
    """Add a unit to the list.

    Who: S1 (``KEEP_DEPARTMENTS``), or the system. Raises ``InvalidInput`` for a code that is taken or malformed,
    a missing name, an unknown kind, or a name by which files already find another unit.
    """
    require(actor, Permission.KEEP_DEPARTMENTS)
    return _create(unit, actor=actor, now=now)


@transaction.atomic
def create_unit_of_file(name: str, *, actor, now: datetime) -> Department:
    """Add a unit that a file of complaints names and the list lacks (domain §6, the import's mapping step).

    Its code is the next free ``unit1``, ``unit2``…, its kind 县直部门; the system administrator corrects both.
    Who: R1 R2. Raises ``InvalidInput`` for a name by which files already find another unit.
    """
    require(actor, Permission.DISPATCH_COMPLAINTS)
    taken = set(Department.objects.filter(code__startswith="unit").values_list("code", flat=True))
    code = next(code for number in count(1) if (code := f"unit{number}") not in taken)
    unit = NewDepartment(code=code, name=name, short_name=name[:40], kind=Department.Kind.COUNTY)
    return _create(unit, actor=actor, now=now)


def _create(unit: NewDepartment, *, actor, now: datetime) -> Department:
    _check_code(unit.code)
    require_text(name=(unit.name, "全称"), short_name=(unit.short_name, "简称"))
    _check_kind(unit.kind)
    aliases = cleaned_aliases(unit.aliases)
    _check_names_free({"name": [unit.name], "short_name": [unit.short_name], "aliases": aliases}, besides=None)
    department = Department.objects.create(
        code=unit.code,
        name=unit.name.strip(),
        short_name=unit.short_name.strip(),
        kind=unit.kind,
        aliases=aliases,
        official_order=unit.official_order or _last_place() + 1,
        office_phone=unit.office_phone.strip(),
        valid_from=unit.valid_from,
    )
    record_event(
        actor=actor, action="departments.department.create", target=department, after=facts(department), now=now
    )
    return department


@transaction.atomic
def update_department(
    department: Department, *, kind: str, aliases: Iterable[str], office_phone: str, actor, now: datetime
) -> Department:
    """Change kind, aliases and the office's landline; names change by ``rename_department`` only.

    Who: S1. Raises ``InvalidInput`` for an unknown kind or an alias by which files find another unit.
    """
    require(actor, Permission.KEEP_DEPARTMENTS)
    _check_kind(kind)
    aliases = cleaned_aliases(aliases)
    _check_names_free({"aliases": aliases}, besides=department)
    before = facts(department)
    swap(department, kind=kind, aliases=aliases, office_phone=office_phone.strip())
    return _recorded("update", department, before, actor=actor, now=now)


@transaction.atomic
def rename_department(
    department: Department, *, name: str, short_name: str, on: date, actor, now: datetime, purpose: str = ""
) -> Department:
    """Give the unit a new name from ``on`` (today or earlier); history goes on printing the old one before it.

    Who: S1. Imports still find the unit by its former names. Raises ``InvalidInput`` for a day to come or one
    that does not lie after the last renaming, ``RuleViolation`` when nothing changes.
    """
    require(actor, Permission.KEEP_DEPARTMENTS)
    require_text(name=(name, "全称"), short_name=(short_name, "简称"))
    name, short_name = name.strip(), short_name.strip()
    if (name, short_name) == (department.name, department.short_name):
        raise RuleViolation("新名称与现名称相同")
    _check_renaming_day(department, on, today=local_date(now))
    _check_names_free({"name": [name], "short_name": [short_name]}, besides=department)
    before = facts(department)
    FormerName.objects.create(
        department=department, name=department.name, short_name=department.short_name, until=on - ONE_DAY
    )
    swap(department, name=name, short_name=short_name)
    return _recorded("rename", department, before, actor=actor, now=now, purpose=purpose, on=on)


@transaction.atomic
def close_department(
    department: Department, *, on: date, successor: Department | None, actor, now: datetime, purpose: str
) -> Department:
    """Let the unit exist through ``on`` and no longer; ``successor`` takes its place in later imports.

    Who: S1. Upper apps hear of it before it happens (``department_closing``) and may refuse. Raises
    ``InvalidInput`` without a reason or for a day before it began, ``RuleViolation`` when it is closed already
    or the successor is not there on the next day.
    """
    require(actor, Permission.KEEP_DEPARTMENTS)
    require_text(purpose=(purpose, "依据"))
    if department.valid_to is not None:
        raise RuleViolation(f"{department.short_name}已于 {department.valid_to:%Y-%m-%d} 撤销")
    if department.valid_from and on < department.valid_from:
        raise InvalidInput.at("on", "撤销日期早于设立日期")
    if successor is not None and (successor.pk == department.pk or not successor.is_valid_on(on + ONE_DAY)):
        raise RuleViolation("承接单位应是撤销次日仍在的其他单位")
    department_closing.send(sender=Department, department=department, on=on, successor=successor)
    before = facts(department)
    swap(department, valid_to=on, successor=successor)
    return _recorded("close", department, before, actor=actor, now=now, purpose=purpose)


@transaction.atomic
def move_department(department: Department, *, official_order: int, actor, now: datetime) -> Department:
    """Move the unit to the place ``official_order`` (from 1); the units between move up or down by one.

    Who: S1. Raises ``InvalidInput`` for a place outside the list.
    """
    require(actor, Permission.KEEP_DEPARTMENTS)
    last = _last_place()
    if not 1 <= official_order <= last:
        raise InvalidInput.at("official_order", f"排序应在 1 到 {last} 之间")
    old = department.official_order
    before = facts(department)
    others = Department.objects.exclude(pk=department.pk)
    if official_order < old:
        others.filter(official_order__range=(official_order, old)).update(official_order=F("official_order") + 1)
    else:
        others.filter(official_order__range=(old, official_order)).update(official_order=F("official_order") - 1)
    swap(department, official_order=official_order)
    return _recorded("move", department, before, actor=actor, now=now)


@transaction.atomic
def set_head_approval(department: Department, *, head_approval: bool, actor, now: datetime) -> Department:
    """Say whether daily reports of the unit need its head's approval (domain §4).

    Who: the unit's own head (``SET_DEPARTMENT_OPTIONS``), or S1 for any unit.
    """
    if not can_set_head_approval(actor, department):
        raise NotAllowed("这项设置由本单位负责人或系统管理员修改")
    before = facts(department)
    swap(department, head_approval=head_approval)
    return _recorded("set_head_approval", department, before, actor=actor, now=now)


def facts(department: Department) -> dict:
    """Return what the audit log keeps of a unit."""
    return {
        "code": department.code,
        "name": department.name,
        "short_name": department.short_name,
        "aliases": department.aliases,
        "kind": department.kind,
        "official_order": department.official_order,
        "office_phone": department.office_phone,
        "valid_from": department.valid_from,
        "valid_to": department.valid_to,
        "successor": department.successor.code if department.successor else None,
        "head_approval": department.head_approval,
    }


def _recorded(
    act: str, department: Department, before: dict, *, actor, now: datetime, purpose="", **more
) -> Department:
    """Write the audit event with what changed, and give the unit back."""
    after = facts(department)
    changed = [name for name in after if after[name] != before[name]]
    record_event(
        actor=actor,
        action=f"departments.department.{act}",
        target=department,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | more,
        purpose=purpose,
        now=now,
    )
    return department


def _check_code(code: str) -> None:
    if reason := code_refused(code):
        raise InvalidInput.at("code", reason)
    if Department.objects.filter(code=code).exists():
        raise InvalidInput.at("code", f"代码 {code} 已被使用", code="unique")


def _check_kind(kind: str) -> None:
    if kind not in Department.Kind.values:
        raise InvalidInput.at("kind", "请选择类别", code="invalid_choice")


def _check_renaming_day(department: Department, on: date, *, today: date) -> None:
    if on > today:
        raise InvalidInput.at("on", "改名日期不能晚于今天；到日子再改")
    last = department.former_names.aggregate(last=Max("until"))["last"]
    begun = max(filter(None, [last and last + ONE_DAY, department.valid_from]), default=None)
    if begun and on <= begun:
        raise InvalidInput.at("on", f"改名日期应晚于 {begun:%Y-%m-%d}")


def _check_names_free(names: dict[str, list[str]], *, besides: Department | None) -> None:
    """Refuse a name by which files already find another unit: rows would go to the wrong one."""
    others = Department.objects.exclude(pk=besides.pk) if besides else Department.objects.all()
    taken = {
        department_key(name): unit.short_name for unit in others for name in (unit.name, unit.short_name, *unit.aliases)
    }
    for field, written in names.items():
        for name in written:
            if owner := taken.get(department_key(name)):
                raise InvalidInput.at(field, f"“{name}”与{owner}的名称或别名相同", code="unique")


def _last_place() -> int:
    return Department.objects.aggregate(last=Max("official_order"))["last"] or 0
