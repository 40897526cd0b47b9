"""The kind of import ``issues`` (domain §7): new rows become 草稿, 草稿 and 待交办 are edited, the rest is locked."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Q

from core.access import Permission
from core.clock import local_date
from core.exceptions import InvalidInput
from core.import_kinds import Action, ImportKind, ImportRun, Saved
from core.models import AuditEvent, ImportBatch, ImportRow
from core.spreadsheets import Column, ReadRow
from departments.models import Department
from supervision.models import Inspection, Issue, IssueEvent
from supervision.rules.inspections import SOURCE_OF_KIND
from supervision.selectors.details import issues_for
from supervision.services.imports.columns import (
    DUE_ON,
    FOUND_ON,
    INSPECTION,
    NUMBER,
    SOURCE,
    ledger_columns,
)
from supervision.services.imports.images import give_back, image_of, remove_drafts
from supervision.services.imports.known import Known, known_issues, title_key
from supervision.services.moves import write_event
from supervision.services.writing import edit_issue, write_issue

OPTION = "inspection"
LOCKED = "已交办的问题不能用导入修改，请把这一格改回原来的内容"


@dataclass
class RunState:
    """What one pass needs: issues known, inspections by title, and at the commit units by code."""

    known: dict[str, Known]
    inspections: dict[str, Inspection | None]
    preset: Inspection | None
    labels: dict[str, str]
    units: dict[str, Department] = field(default_factory=dict)


class IssueImport(ImportKind):
    """One row is one issue, found by its number; a row without one is new.

    The option ``inspection`` (its id) gives every new row that inspection, and the source that follows from it.
    """

    code = "issues"
    label = "问题台账"
    permission = Permission.KEEP_ISSUES
    key_label = NUMBER
    option_names = (OPTION,)
    notes: ClassVar = (
        "问题编号留空的行记为草稿；填了编号的按编号找到原有问题，空白单元格不改原有内容。",
        "只有草稿和待交办的问题可以修改；已交办的，任何一格与台账不同都会报错，整行不导入。",
        "状态、轮次、进展、验收、销号等列不从文件读取。",
        "牵头单位可以写多个，第一个牵头，其余配合；也可以直接上传本系统导出的台账。",
    )
    sample: ClassVar = {
        "发现时间": dt.date(2026, 11, 23),
        "问题来源": "第三方评估",
        "涉及指标": "A08",
        "问题描述": "大厅收费公示栏未更新，仍列已取消的收费",
        "整改要求": "逐项核对收费目录，更换公示栏",
        "问题类型": "乱收费",
        "严重程度": "一般",
        "牵头单位": "县住建局",
        "时限类型": "限期",
        "整改时限": dt.date(2026, 12, 10),
    }

    def columns(self, run: ImportRun) -> list[Column]:
        return ledger_columns(local_date(run.now), run.department_mapping)

    def department_choices(self) -> Iterable[tuple[str, str]]:
        """Return the units an unknown name may be mapped to."""
        units = Department.objects.filter(valid_to=None).order_by("official_order", "pk")
        return list(units.values_list("code", "short_name"))

    def check_options(self, options: Mapping[str, str], *, actor) -> None:
        """Raise InvalidInput for an inspection the person does not see."""
        if OPTION in options and _inspection(options[OPTION]) is None:
            raise InvalidInput.at(OPTION, "没有这个检查批次", code="unknown_inspection")

    def describe_options(self, options: Mapping[str, str]) -> str:
        """Return which inspection the new rows will belong to."""
        inspection = _inspection(options.get(OPTION, ""))
        return f"新问题归入检查批次“{inspection.title}”" if inspection else ""

    def begin(self, run: ImportRun) -> None:
        """Load the issues of the file that are in the ledger, and the inspections it may name; a fixed number of queries."""
        numbers = {row.values["number"] for row in run.rows if row.values["number"]}
        titles: dict[str, Inspection | None] = {}
        for one in Inspection.objects.unscoped("named by whoever keeps them").order_by("started_on", "id"):
            key = title_key(one.title)
            titles[key] = None if key in titles else one
        run.state = RunState(
            known=known_issues(numbers),
            inspections=titles,
            preset=_inspection(run.options.get(OPTION, "")),
            labels={column.key: column.label for column in self.columns(run)} if numbers else {},
        )

    def key(self, row: ReadRow) -> Any:
        return row.values["number"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        """Refuse what several cells together get wrong, unknown numbers, and changes of locked rows."""
        values, state = row.values, run.state
        settle_units(row)
        if isinstance(values["due_on"], str):
            values["limit_kind"], values["due_on"] = values["limit_kind"] or values["due_on"], None
        check_dates(row, today=local_date(run.now))
        if values["inspection"] and state.inspections.get(title_key(values["inspection"]), ...) in (None, ...):
            self._check_inspection(row, state)
        number = values["number"]
        if number is None:
            return
        known = state.known.get(number)
        if known is None:
            message = f"台账中没有编号为 {number} 的问题；新问题请把编号留空，由系统编号"
            row.add_error(NUMBER, "unknown_number", message)
        elif known.is_locked:
            for name in known.differences(values):
                row.add_error(state.labels[name], "locked_row", LOCKED)

    @staticmethod
    def _check_inspection(row: ReadRow, state: RunState) -> None:
        """Refuse a title no inspection has, or several have, unless the issue is one of theirs already."""
        title = row.values["inspection"]
        known = state.known.get(row.values["number"] or "")
        if known is not None and "inspection" not in known.differences({"inspection": title}):
            return
        several = title_key(title) in state.inspections
        message = f"有几个检查批次都叫“{title}”，请从检查批次页面导入" if several else f"没有名为“{title}”的检查批次"
        row.add_error(INSPECTION, "ambiguous_inspection" if several else "unknown_inspection", message)

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        known = run.state.known.get(row.values["number"])
        if known is not None:
            return Action.UPDATE if known.differences(row.values) else Action.DUPLICATE
        inspection, source = self._inspection_of(row, run.state), row.values["source"]
        if inspection is not None and source not in (None, source_of(inspection)):
            word = Issue.Source(source_of(inspection)).label
            row.add_warning(SOURCE, "source_of_inspection", f"问题归入检查批次“{inspection.title}”，来源记为{word}")
        elif inspection is None and source is None:
            row.add_warning(SOURCE, "no_source", "没有填问题来源，记为明察，登记前请核对")
        return Action.NEW

    @staticmethod
    def _inspection_of(row: ReadRow, state: RunState) -> Inspection | None:
        """Return the inspection a new row belongs to: that of the upload, else the one it names."""
        return state.preset or state.inspections.get(title_key(row.values["inspection"] or ""))

    def commit_rows(self, good: Sequence[tuple[ReadRow, Action]], run: ImportRun) -> list[Saved]:
        run.state.units = {unit.code: unit for unit in Department.objects.all()}
        return super().commit_rows(good, run)

    def commit_row(self, row: ReadRow, run: ImportRun) -> Saved:
        known = run.state.known.get(row.values["number"])
        return self._add(row, run) if known is None else self._change(row, known, run)

    def _add(self, row: ReadRow, run: ImportRun) -> Saved:
        facts = self._facts({name: value for name, value in row.values.items() if value}, run.state)
        assisting = facts.pop("assisting", [])
        inspection = self._inspection_of(row, run.state)
        if inspection is not None:
            facts |= {"inspection": inspection, "source": source_of(inspection)}
        facts.setdefault("source", Issue.Source.OPEN)
        issue = write_issue(facts, actor=run.actor, now=run.now, assisting=assisting, by_import=True)
        return Saved(str(issue.pk))

    def _change(self, row: ReadRow, known: Known, run: ImportRun) -> Saved:
        issue = issues_for(run.actor).get(pk=known.pk)
        before = image_of(issue)
        differences = known.differences(row.values)
        changes = self._facts(differences, run.state)
        assisting = changes.pop("assisting", None)
        if "inspection" in changes:
            changes["inspection"] = run.state.inspections[title_key(row.values["inspection"])]
        if "description" in changes and issue.title == issue.description[: len(issue.title)]:
            changes["title"] = ""  # it was the beginning of the description, and stays so
        edit_issue(issue, actor=run.actor, now=run.now, assisting=assisting, **changes)
        labels = [run.state.labels[name] for name in differences]
        write_event(issue, "import", "导入修改", actor=run.actor, now=run.now, text="、".join(labels))
        return Saved(str(issue.pk), before)

    @staticmethod
    def _facts(values: Mapping[str, Any], state: RunState) -> dict[str, Any]:
        """Return columns of an issue from values of a row."""
        facts = {name: value for name, value in values.items() if name != "number"}
        if "department" in facts:
            facts["department"] = state.units[facts["department"]]
        if "assisting" in facts:
            facts["assisting"] = [state.units[code] for code in facts["assisting"]]
        if "indicator" in facts:
            facts["indicator_id"] = facts.pop("indicator").pk
        return facts

    def touched_since(self, journal: Iterable[Any], since: dt.datetime) -> list[str]:
        """Return the numbers a person has acted on, or a later import has changed, after ``since``."""
        journal = list(journal)
        keys = [entry.target for entry in journal]
        later = ImportRow.objects.unscoped("whether a later import went over the same rows").filter(
            batch__kind=self.code,
            batch__status=ImportBatch.Status.COMMITTED,
            batch__gt=max((entry.batch_id for entry in journal), default=0),
            target__in=keys,
        )
        audited = AuditEvent.objects.filter(
            target_type=Issue._meta.label_lower, target_key__in=keys, at__gt=since, actor__isnull=False
        )
        touched = {*audited.values_list("target_key", flat=True), *later.values_list("target", flat=True)}
        acts = IssueEvent.objects.unscoped("only whether there is any").filter(issue__in=keys, at__gt=since)
        issues = Issue.objects.unscoped("the rows of the import").filter(pk__in=keys)
        found = issues.filter(Q(pk__in=touched) | Q(pk__in=acts.order_by().values("issue")))
        gone = len(set(keys)) - issues.count()
        named = list(found.order_by("number").values_list("number", flat=True))
        return named + ["已删除的草稿"] * (gone > 0)

    def undo_rows(self, journal: Sequence[Any], run: ImportRun) -> None:
        remove_drafts([entry.target for entry in journal if entry.before is None], actor=run.actor, now=run.now)
        for entry in journal:
            if entry.before is not None:
                give_back(entry.target, entry.before, actor=run.actor, now=run.now)


def _inspection(key: str) -> Inspection | None:
    """Return the inspection of that id; those who may import this kind see all."""
    inspections = Inspection.objects.unscoped("whoever imports issues keeps inspections")
    return inspections.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 12 else None


def source_of(inspection: Inspection) -> str:
    """Return which source a finding of the inspection has."""
    return SOURCE_OF_KIND[Inspection.Kind(inspection.kind)]


def settle_units(row: ReadRow) -> None:
    """Put one code, or None, and the list of the others: the first unit of 牵头单位 leads, the rest assists."""
    lead, *others = row.values["department"] or [None]
    helpers = dict.fromkeys([*others, *(row.values["assisting"] or [])])
    row.values["department"] = lead
    row.values["assisting"] = [code for code in helpers if code != lead]


def check_dates(row: ReadRow, *, today: dt.date) -> None:
    """Report what ``write_issue`` would refuse."""
    found_on, due_on = row.values["found_on"], row.values["due_on"]
    if found_on is not None and found_on > today:
        row.add_error(FOUND_ON, "future_date", "发现时间不能晚于今天")
    if found_on is not None and due_on is not None and due_on < found_on:
        row.add_error(DUE_ON, "due_before_found", "整改时限不能早于发现时间")
