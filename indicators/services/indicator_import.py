"""The catalogue from a spreadsheet: what the export wrote, read again (domain §3)."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from core.clock import local_date
from core.import_kinds import Action, ImportKind, ImportRun, Saved
from core.models import AuditEvent
from core.spreadsheets import Column, ReadRow
from core.spreadsheets.fields import Choice, DepartmentNames, Departments, Figure, Multiline, Parsed, Source, Text
from core.workflow import swap
from departments.models import Department
from indicators.models import Assignment, Indicator, IndicatorSet, Observation, Standard
from indicators.services.assignments import assign_department
from indicators.services.indicators import CODE as CODE_FORM
from indicators.services.indicators import NewIndicator, create_indicator, edit_indicator
from indicators.services.standards import Yardstick, add_standard

CODE, PARENT, LEAD, ASSIST = "代码", "上级代码", "牵头单位", "配合单位"
_SEPARATORS = re.compile(r"[;；\n]")
#: Columns that are the indicator's own.
OWN = ("name", "aliases", "dimension", "unit", "direction", "weight", "definition", "formula")
#: Standards of a row: kind, column of the value, of the unit, of the source.
STANDARDS = (
    (Standard.Kind.BASELINE, "baseline", None, None),
    (Standard.Kind.WORST, "worst", None, None),
    (Standard.Kind.FRONTIER, "frontier", "frontier_unit", "frontier_source"),
    (Standard.Kind.STATUTORY, "statutory", "statutory_unit", "statutory_source"),
    (Standard.Kind.TARGET, "target", None, None),
)


class Words(Text):
    """Several words separated by semicolons, as a list."""

    def read(self, value: object, text: str, source: Source) -> Parsed:
        words = [word.strip() for word in _SEPARATORS.split(super().read(value, text, source).value)]
        return Parsed([word for word in words if word] or None)


class IndicatorImport(ImportKind):
    """One row is one indicator of the set in force, found by its code; blank cells leave what is there."""

    code = "indicators"
    label = "指标体系"
    key_label = CODE
    notes: ClassVar = (
        "按代码对应现用指标体系中的指标；空白单元格不改原有内容。新指标的上级须已存在，或在表中排在前面。",
        "标准值与现有的不同时，自导入当日起用新的，原有的留作历史。",
        "责任分工只在一级指标上填写；换了牵头单位即为移交，配合单位只增不减。",
        "导出的指标目录可以修改后再导入；当前值、得分等列不导入。",
    )
    sample: ClassVar = {
        CODE: "A08.2",
        PARENT: "A08",
        "名称": "报装时间",
        "单位": "天",
        "方向": "越低越好",
        "权重": 1,
        "前沿值": 4,
        "前沿单位": "天",
        "前沿出处": "某县政务服务网",
    }

    def columns(self, run: ImportRun) -> tuple[Column, ...]:
        names = [
            (code, (name, short_name, *aliases))
            for code, name, short_name, aliases in Department.objects.values_list(
                "code", "name", "short_name", "aliases"
            )
        ]
        departments = Departments(DepartmentNames(names, run.department_mapping))
        dimensions = {value: (label,) for value, label in Indicator.Dimension.choices}
        directions = {value: (label, value) for value, label in Indicator.Direction.choices}
        return (
            Column("code", CODE, Text(20), ("指标代码", "指标编号"), required=True),
            Column("parent", PARENT, Text(20), ("上级指标",), note="新的二级、三级指标必填"),
            Column("name", "名称", Text(100), ("指标名称", "指标"), required=True),
            Column("aliases", "别名", Words(), note="多个别名用分号隔开"),
            Column("dimension", "维度", Choice(dimensions, label="维度"), note="一级指标填写"),
            Column("unit", "单位", Text(20), ("计量单位",)),
            Column("direction", "方向", Choice(directions, label="方向")),
            Column("weight", "权重", Figure()),
            Column("definition", "定义", Multiline(4000), ("指标定义",)),
            Column("formula", "计算方法", Multiline(4000), ("公式",)),
            Column("lead", LEAD, departments),
            Column("assist", ASSIST, departments, ("协办单位",)),
            Column("baseline", "基期", Figure(), ("基期值",)),
            Column("worst", "最差值", Figure()),
            Column("frontier", "前沿值", Figure()),
            Column("frontier_unit", "前沿单位", Text(20)),
            Column("frontier_source", "前沿出处", Multiline(1000), ("前沿来源",)),
            Column("statutory", "法定时限", Figure()),
            Column("statutory_unit", "法定单位", Text(20)),
            Column("statutory_source", "法定依据", Multiline(1000)),
            Column("target", "目标值", Figure()),
        )

    def department_choices(self) -> Iterable[tuple[str, str]]:
        return Department.objects.values_list("code", "short_name")

    def begin(self, run: ImportRun) -> None:
        """Load the set in force with standards and duties of today."""
        nodes = {row.code: row for row in Indicator.objects.filter(indicator_set__active=True)}
        today = local_date(run.now)
        standards: dict[tuple[str, str], Standard] = {}
        rows = Standard.objects.filter(indicator__indicator_set__active=True, effective_from__lte=today)
        for row in rows.select_related("indicator").order_by("effective_from", "id"):
            standards[row.indicator.code, row.kind] = row
        duties: dict[str, dict[str, str]] = {}
        assignments = Assignment.objects.filter(indicator__indicator_set__active=True, valid_to=None)
        for code, department, role in assignments.values_list("indicator__code", "department__code", "role"):
            duties.setdefault(code, {})[department] = role
        run.state = {
            "set": IndicatorSet.objects.filter(active=True).first(),
            "nodes": nodes,
            "valued": valued_indicators(),
            "coming": set(nodes),
            "standards": standards,
            "duties": duties,
            "today": today,
        }

    def key(self, row: ReadRow) -> Any:
        return row.values["code"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        """Refuse what does not fit the tree, weights below 0, and duties below the first level."""
        if run.state["set"] is None:
            row.add_error(CODE, "no_set", "还没有使用中的指标体系")
        elif (node := run.state["nodes"].get(row.values["code"])) is None:
            self._check_new(row, run)
        else:
            self._check_known(row, node, run)
        if row.values["weight"] is not None and row.values["weight"] < 0:
            row.add_error("权重", "out_of_range", "权重不能小于 0")
        self._check_duties(row, run)
        if not row.errors:
            run.state["coming"].add(row.values["code"])

    @staticmethod
    def _check_known(row: ReadRow, node: Indicator, run: ImportRun) -> None:
        parent = row.values["parent"]
        if parent and parent != node.code.rpartition(".")[0]:
            row.add_error(PARENT, "parent_fixed", "已有指标的上级不能改")
        for label, name in (("单位", "unit"), ("方向", "direction")):
            if node.pk in run.state["valued"] and name in own_changes(row, node):
                row.add_error(label, "unit_fixed", f"{node.code} 已有数值，{label}不能改")

    def _check_duties(self, row: ReadRow, run: ImportRun) -> None:
        if row.values["lead"] and len(row.values["lead"]) > 1:
            row.add_error(LEAD, "one_lead", "牵头单位只能有一个")
        for label, key in ((LEAD, "lead"), (ASSIST, "assist")):
            if row.values[key] and "." in (row.values["code"] or "") and self._says_other_duties(row, run):
                row.add_error(label, "first_level_only", "责任分工只在一级指标上填写")

    @staticmethod
    def _check_new(row: ReadRow, run: ImportRun) -> None:
        code = row.values["code"] or ""
        above = code.rpartition(".")[0]
        if not CODE_FORM.fullmatch(code):
            row.add_error(CODE, "invalid_code", "代码应写作 A08、A08.2 或 A08.2.1")
        elif above and row.values["parent"] not in (None, above):
            row.add_error(PARENT, "parent_mismatch", f"{code} 的上级应为 {above}")
        elif above and above not in run.state["coming"]:
            row.add_error(PARENT, "unknown_parent", f"上级指标 {above} 不存在，或排在本行之后")
        elif above and (node := run.state["nodes"].get(above)) is not None and has_standards(node, run):
            row.add_error(PARENT, "parent_is_leaf", f"{above} 已有数值或标准值，不能再设下级指标")
        elif not above and not row.values["dimension"]:
            row.add_error("维度", "missing_required", "新的一级指标请填写维度")

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        node = run.state["nodes"].get(row.values["code"])
        if node is None:
            return Action.NEW
        changes = own_changes(row, node) or self._new_standards(row, run) or self._says_other_duties(row, run)
        return Action.UPDATE if changes else Action.DUPLICATE

    def _new_standards(self, row: ReadRow, run: ImportRun) -> list[Yardstick]:
        """Return the standards in which the file says something else than what is in force."""
        found = []
        for kind, value_key, unit_key, source_key in STANDARDS:
            value = row.values[value_key]
            if value is None:
                continue
            unit = (row.values[unit_key] if unit_key else None) or row.values["unit"] or ""
            current = run.state["standards"].get((row.values["code"], kind))
            if current is None or current.value != value or (unit and current.unit not in ("", unit)):
                source = (row.values[source_key] if source_key else None) or ""
                found.append(Yardstick(kind, value, run.state["today"], unit=unit, source=source))
        return found

    @staticmethod
    def _says_other_duties(row: ReadRow, run: ImportRun) -> list[tuple[str, str]]:
        """Return the (department, role) the file adds to the running duties of the row's first level."""
        duties = run.state["duties"].get((row.values["code"] or "").partition(".")[0], {})
        wanted = [(code, Assignment.Role.LEAD) for code in row.values["lead"] or []]
        wanted += [(code, Assignment.Role.ASSIST) for code in row.values["assist"] or [] if code not in duties]
        return [(code, role) for code, role in wanted if duties.get(code) != role]

    # --- writing -----------------------------------------------------------------------------------

    def commit_row(self, row: ReadRow, run: ImportRun) -> Saved:
        node = run.state["nodes"].get(row.values["code"])
        before: dict[str, Any] | None = None
        if node is None:
            node = run.state["nodes"][row.values["code"]] = self._create(row, run)
        else:
            changes = own_changes(row, node)
            before = {"columns": {name: stored(getattr(node, name)) for name in changes}}
            if changes:
                edit_indicator(node, actor=run.actor, now=run.now, **changes)
        standards = [
            add_standard(node, yardstick, actor=run.actor, now=run.now).pk
            for yardstick in self._new_standards(row, run)
        ]
        running = set(Assignment.objects.filter(indicator=node, valid_to=None).values_list("pk", flat=True))
        begun = [self._assign(node, code, role, run) for code, role in self._says_other_duties(row, run)]
        if before is not None:
            still = set(Assignment.objects.filter(pk__in=running, valid_to=None).values_list("pk", flat=True))
            before |= {"standards": standards, "begun": begun, "ended": sorted(running - still)}
        return Saved(str(node.pk), before)

    @staticmethod
    def _create(row: ReadRow, run: ImportRun) -> Indicator:
        values = row.values
        new = NewIndicator(
            code=values["code"],
            name=values["name"],
            dimension=values["dimension"] or "",
            unit=values["unit"] or "",
            direction=values["direction"] or "",
            weight=Decimal(1) if values["weight"] is None else values["weight"],
        )
        node = create_indicator(run.state["set"], new, actor=run.actor, now=run.now)
        words = {name: values[name] for name in ("aliases", "definition", "formula") if values[name]}
        return edit_indicator(node, actor=run.actor, now=run.now, **words)

    @staticmethod
    def _assign(node: Indicator, code: str, role: str, run: ImportRun) -> int:
        department = Department.objects.get(code=code)
        return assign_department(node, department=department, role=role, actor=run.actor, now=run.now).pk

    # --- taking back -------------------------------------------------------------------------------

    def touched_since(self, journal: Iterable[Any], since: datetime) -> list[str]:
        keys = [entry.target for entry in journal]
        events = AuditEvent.objects.filter(
            target_type=Indicator._meta.label_lower, target_key__in=keys, at__gt=since, actor__isnull=False
        )
        touched = set(events.values_list("target_label", flat=True))
        valued = Indicator.objects.filter(pk__in=[entry.target for entry in journal if entry.before is None])
        touched |= {str(row) for row in valued if row.pk in valued_indicators()}
        return sorted(touched)

    def undo_row(self, entry: Any, run: ImportRun) -> None:
        node = Indicator.objects.get(pk=entry.target)
        if entry.before is None:
            Standard.objects.filter(indicator=node).delete()
            Assignment.objects.filter(indicator=node).delete()
            node.delete()
            return
        Standard.objects.filter(pk__in=entry.before["standards"]).delete()
        Assignment.objects.filter(pk__in=entry.before["begun"]).delete()
        Assignment.objects.filter(pk__in=entry.before["ended"]).update(valid_to=None)
        if columns := entry.before["columns"]:
            swap(node, **columns)


def valued_indicators() -> frozenset[int]:
    """Return the keys of the indicators for which any value was ever entered."""
    rows = Observation.objects.unscoped("whether there is any value, whoever reported it")
    return frozenset(rows.order_by().values_list("indicator_id", flat=True).distinct())


def own_changes(row: ReadRow, node: Indicator) -> dict[str, Any]:
    """Return the indicator's own columns in which the file says something else; blank cells say nothing."""
    written = {name: row.values[name] for name in OWN if row.values[name] is not None}
    return {name: value for name, value in written.items() if value != getattr(node, name)}


def has_standards(node: Indicator, run: ImportRun) -> bool:
    """Return whether the node carries a standard, and so is a leaf that cannot get others beneath it."""
    return any((node.code, kind) in run.state["standards"] for kind in Standard.Kind)


def stored(value: Any) -> Any:
    """Return a column's value as JSON can keep it."""
    return str(value) if isinstance(value, Decimal) else value
