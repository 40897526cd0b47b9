"""Units from a spreadsheet: how the system administrator brings the whole list up to date at once."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import ProtectedError
from django.utils import timezone

from core.access import Permission
from core.exceptions import RuleViolation
from core.import_kinds import Action, ImportKind, ImportRun, Saved
from core.models import AuditEvent
from core.spreadsheets import Column, ReadRow
from core.spreadsheets.fields import Choice, Date, Text, WholeNumber, department_key
from core.workflow import swap
from departments.models import Department, FormerName
from departments.rules import cleaned_aliases, code_refused
from departments.services.units import (
    NewDepartment,
    create_department,
    move_department,
    rename_department,
    update_department,
)

_SEPARATORS = re.compile(r"[;；、,，\n]")
COMPARED = ("name", "short_name", "kind", "aliases", "official_order", "office_phone")


class Aliases(Text):
    """Other names of a unit, separated by semicolons, as a list."""

    def read(self, value, text, source):
        parsed = super().read(value, text, source)
        parsed_list = cleaned_aliases(_SEPARATORS.split(parsed.value))
        return type(parsed)(parsed_list or None)


class DepartmentImport(ImportKind):
    """One row is one unit, found by its code; blank cells leave what is there."""

    code = "departments"
    label = "单位名录"
    permission = Permission.KEEP_DEPARTMENTS
    key_label = "代码"
    notes: ClassVar = (
        "按代码对应已有单位；空白单元格不改原有内容。",
        "名称变了按改名处理，原名称留作曾用名，自导入当日起使用新名称。",
        "撤销单位请在单位页面办理，导入不会删除或撤销单位。",
    )
    sample: ClassVar = {
        "代码": "zjj",
        "全称": "西平县住房和城乡建设局",
        "简称": "县住建局",
        "别名": "住建局;县住房和城乡建设局",
        "类别": "县直部门",
        "排序": 3,
    }

    def columns(self, run: ImportRun):
        kinds = {value: (label,) for value, label in Department.Kind.choices}
        return (
            Column("code", "代码", Text(20), ("单位代码", "code"), required=True),
            Column("name", "全称", Text(80), ("单位名称", "单位全称", "name"), required=True),
            Column("short_name", "简称", Text(40), ("单位简称", "short_name"), required=True),
            Column("aliases", "别名", Aliases(), ("aliases",), note="多个别名用分号隔开"),
            Column("kind", "类别", Choice(kinds, label="类别"), ("kind",)),
            Column("official_order", "排序", WholeNumber(1, 10_000), ("official_order", "序号")),
            Column("office_phone", "办公电话", Text(30), ("电话",)),
            Column("valid_from", "设立日期", Date(), ("valid_from",)),
        )

    def begin(self, run: ImportRun) -> None:
        """Load all units: by code, and whose name is whose."""
        units = {unit.code: unit for unit in Department.objects.all()}
        owners = {
            department_key(name): unit.code
            for unit in units.values()
            for name in (unit.name, unit.short_name, *unit.aliases)
        }
        run.state = {"units": units, "owners": owners}

    def key(self, row: ReadRow) -> Any:
        return row.values["code"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        """Refuse malformed codes and names by which files already find another unit."""
        code = row.values["code"]
        if code and code not in run.state["units"] and (reason := code_refused(code)):
            row.add_error("代码", "invalid_code", reason)
        for label, names in (
            ("全称", [row.values["name"]]),
            ("简称", [row.values["short_name"]]),
            ("别名", row.values["aliases"] or []),
        ):
            for name in filter(None, names):
                if run.state["owners"].setdefault(department_key(name), code) != code:
                    row.add_error(label, "name_taken", f"“{name}”与另一单位的名称或别名相同")

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        unit = run.state["units"].get(row.values["code"])
        if unit is None:
            return Action.NEW
        return Action.UPDATE if self._differences(row, unit) else Action.DUPLICATE

    @staticmethod
    def _differences(row: ReadRow, unit: Department) -> dict[str, Any]:
        """Return the columns in which the file says something else; blank cells say nothing."""
        written = {name: row.values[name] for name in COMPARED if row.values[name] is not None}
        return {name: value for name, value in written.items() if value != getattr(unit, name)}

    def commit_row(self, row: ReadRow, run: ImportRun) -> Saved:
        unit = Department.objects.filter(code=row.values["code"]).first()
        if unit is None:
            return Saved(str(self._create(row, run).pk))
        before = {name: getattr(unit, name) for name in COMPARED}
        self._update(unit, self._differences(row, unit), run)
        return Saved(str(unit.pk), before)

    @staticmethod
    def _create(row: ReadRow, run: ImportRun) -> Department:
        values = row.values
        unit = NewDepartment(
            code=values["code"],
            name=values["name"],
            short_name=values["short_name"],
            kind=values["kind"] or Department.Kind.COUNTY,
            aliases=tuple(values["aliases"] or ()),
            official_order=values["official_order"],
            office_phone=values["office_phone"] or "",
            valid_from=values["valid_from"],
        )
        return create_department(unit, actor=run.actor, now=run.now)

    @staticmethod
    def _update(unit: Department, changes: dict[str, Any], run: ImportRun) -> None:
        who = {"actor": run.actor, "now": run.now}
        if {"name", "short_name"} & changes.keys():
            rename_department(
                unit,
                name=changes.get("name", unit.name),
                short_name=changes.get("short_name", unit.short_name),
                on=timezone.localdate(run.now),
                purpose="单位名录导入",
                **who,
            )
        if {"kind", "aliases", "office_phone"} & changes.keys():
            kept = {name: changes.get(name, getattr(unit, name)) for name in ("kind", "aliases", "office_phone")}
            update_department(unit, **kept, **who)
        if "official_order" in changes:
            move_department(unit, official_order=changes["official_order"], **who)

    def touched_since(self, journal: Iterable[Any], since: datetime) -> list[str]:
        events = AuditEvent.objects.filter(
            target_type=Department._meta.label_lower,
            target_key__in=[entry.target for entry in journal],
            at__gt=since,
            actor__isnull=False,
        )
        return sorted(set(events.values_list("target_label", flat=True)))

    def undo_row(self, entry: Any, run: ImportRun) -> None:
        unit = Department.objects.get(pk=entry.target)
        if entry.before is None:
            try:
                unit.delete()
            except ProtectedError:
                raise RuleViolation(f"{unit.short_name}已被使用，不能撤销导入") from None
            return
        former = FormerName.objects.filter(
            department=unit, name=entry.before["name"], short_name=entry.before["short_name"]
        )
        former.filter(pk__in=former.order_by("-until").values("pk")[:1]).delete()
        swap(unit, **entry.before)
