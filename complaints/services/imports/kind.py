"""The kind of import ``complaints``: the hotline's exports, whatever their layout (domain §6, oracles README §5)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services import notify
from complaints.models import Complaint, ComplaintEvent
from complaints.services.imports.additions import add_orders
from complaints.services.imports.columns import CREATE, CREATED, UNDISPATCHED, hotline_columns
from complaints.services.imports.facts import (
    LONGEST_NUMBER,
    OrderFacts,
    S,
    facts_of_row,
    raw_cells,
    settle_units,
    units_to_create,
)
from complaints.services.imports.images import give_back, remove_orders
from complaints.services.imports.known import Known, known_orders
from complaints.services.imports.relevance import relevance_rule
from complaints.services.imports.rounds import Limits
from complaints.services.imports.updates import update_order
from core.access import Permission
from core.clock import local_date
from core.import_kinds import Action, ImportKind, ImportRun, Saved
from core.models import AuditEvent, ImportBatch, ImportRow
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from core.spreadsheets import ReadRow
from core.spreadsheets.headers import header_key
from departments.models import Department
from departments.selectors import valid_departments
from departments.services.units import create_unit_of_file


@dataclass
class RunState:
    """What one pass needs: the orders known, and at the commit how many orders each unit has to sign for."""

    known: dict[str, Known]
    to_sign: Counter[int] = field(default_factory=Counter)


class ComplaintImport(ImportKind):
    """One row is one order, found by its number."""

    code = "complaints"
    label = "投诉工单"
    permission = Permission.DISPATCH_COMPLAINTS
    key_label = "工单编号"
    notes: ClassVar = (
        "可直接上传 12345 热线平台导出的表格，列名不同也能识别。",
        "工单编号请设为文本格式，以免末几位丢失。",
        "编号已在本平台的按更新处理，空白单元格不改原有内容；本平台已有人办理的，单位、时间、结果和状态不变。",
        "填了办结时间的记为上级已办结；填了承办单位和签收时间的记为办理中；只填承办单位的待签收；其余待受理。",
    )
    sample: ClassVar = {
        "工单编号": "260308666400000001",
        "来电时间": "2026-03-08 00:40",
        "来电人": "匿名",
        "诉求类型": "投诉",
        "诉求内容": "办理营业执照变更登记，希望一次性告知所需材料",
        "承办单位": "县市场监管局",
        "办理时限": "2026-03-13",
    }

    def columns(self, run: ImportRun):
        return hotline_columns(local_date(run.now), run.department_mapping)

    def department_choices(self) -> Iterable[tuple[str, str]]:
        """Return the units, and what else can become of a name nobody knows."""
        units = Department.objects.filter(valid_to=None).order_by("official_order", "pk")
        return [
            (UNDISPATCHED, "先收下，暂不派单（保留原名称）"),
            (CREATE, "按原名称新建单位"),
            *units.values_list("code", "short_name"),
        ]

    def begin(self, run: ImportRun) -> None:
        """Load the orders of the file that are here already; one query."""
        numbers = {row.values["number"] for row in run.rows if row.values["number"]}
        run.state = RunState(known_orders(numbers))

    def key(self, row: ReadRow) -> Any:
        return row.values["number"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        """Refuse what several cells together get wrong, and put units and 匿名 as they are meant."""
        values = row.values
        settle_units(row)
        values["anonymous"] = values["anonymous"] or values["caller"] == "匿名"
        received, closed = values["received_at"], values["closed_at"]
        by_day = bool(row.timeless & {"received_at", "closed_at"})
        if received and closed and is_before(closed, received, by_day=by_day):
            row.add_error("办结时间", "closed_before_received", "办结时间早于来电时间")
        if values["number"] and len(values["number"]) > LONGEST_NUMBER:
            row.add_error("工单编号", "too_long", f"工单编号最多 {LONGEST_NUMBER} 个字")

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        known = run.state.known.get(row.values["number"])
        if known is None:
            return Action.NEW
        differences = known.differences(row.values)
        if known.holds_back(differences):
            row.add_warning(
                "工单编号",
                "row_in_progress",
                "本平台已有人办理这件，承办单位、时间、结果和状态保持不变，只更新其余内容",
            )
        return Action.UPDATE if differences else Action.DUPLICATE

    def commit_rows(self, good: Sequence[tuple[ReadRow, Action]], run: ImportRun) -> list[Saved]:
        rows = [row for row, _ in good]
        codes = self._create_units(rows, run)
        facts = [facts_of_row(row, codes) for row in rows]
        limits = Limits(run.now, work_calendar())
        units = dict(Department.objects.values_list("code", "pk"))
        personal = personal_headers(self.columns(run))
        new = [(one, row) for one, row, (_, action) in zip(facts, rows, good, strict=True) if action == Action.NEW]
        further = {"handled": setting("complaints.hotline_rows")}
        rule = relevance_rule(run.batch_id)
        orders = [
            (
                one,
                further
                | {
                    "relevance": rule.relevance_of(one.type_code, one.content),
                    "raw_columns": raw_columns(one, row, personal),
                },
            )
            for one, row in new
        ]
        added = iter(add_orders(orders, units=units, limits=limits, actor=run.actor))
        saved = []
        for one, (row, action) in zip(facts, good, strict=True):
            if action == Action.NEW:
                complaint, before = next(added), None
            else:
                known = run.state.known[one.number]
                cells = raw_cells(row, personal_in(row, personal))
                complaint, before = update_order(
                    one, known, raw_cells=cells, units=units, limits=limits, actor=run.actor
                )
            if complaint.status == S.DISPATCHED and complaint.handled == Complaint.Handled.HERE:
                run.state.to_sign[complaint.department_id] += 1
            saved.append(Saved(str(complaint.pk), before))
        return saved

    @staticmethod
    def _create_units(rows: list[ReadRow], run: ImportRun) -> dict[str, str]:
        """Create the units the mapping step asked for; return what stood for each → its code."""
        return {
            named: create_unit_of_file(named.removeprefix(CREATED), actor=run.actor, now=run.now).code
            for named in units_to_create(rows)
        }

    def finish(self, run: ImportRun) -> None:
        """Tell each unit once how many orders wait to be signed for."""
        for department in valid_departments(local_date(run.now)).filter(pk__in=run.state.to_sign):
            notify(
                people_with_permission(Permission.HANDLE_COMPLAINTS, department=department),
                kind="complaint.imported",
                title=f"热线表格导入：{run.state.to_sign[department.pk]} 件待签收",
                url=f"{reverse('complaints:list')}?status={S.DISPATCHED}",
                key=f"complaints_imported:{department.pk}:{run.now.isoformat()}",
                now=run.now,
            )

    def touched_since(self, journal: Iterable[Any], since: datetime) -> list[str]:
        """Return the numbers a person has acted on, or a later import has updated, after ``since``."""
        journal = list(journal)
        keys = [entry.target for entry in journal]
        batches = {entry.batch_id for entry in journal}
        later = ImportRow.objects.unscoped("whether a later import went over the same rows").filter(
            batch__kind=self.code, batch__status=ImportBatch.Status.COMMITTED, batch__gt=max(batches, default=0)
        )
        audited = AuditEvent.objects.filter(
            target_type=Complaint._meta.label_lower, target_key__in=keys, at__gt=since, actor__isnull=False
        )
        touched = {*audited.values_list("target_key", flat=True)}
        touched |= {*later.filter(target__in=keys).values_list("target", flat=True)}
        acts = ComplaintEvent.objects.unscoped("only whether there is any")
        acts = acts.filter(complaint=OuterRef("pk"), by_person=True, at__gt=since)
        complaints = Complaint.objects.unscoped("the rows of the import").filter(pk__in=keys)
        found = complaints.filter(Q(pk__in=touched) | Exists(acts))
        return list(found.order_by("number").values_list("number", flat=True))

    def undo_rows(self, journal: Sequence[Any], run: ImportRun) -> None:
        remove_orders([entry.target for entry in journal if entry.before is None])
        for entry in journal:
            if entry.before is not None:
                give_back(entry.target, entry.before, actor=run.actor, now=run.now)


def is_before(closed: datetime, received: datetime, *, by_day: bool) -> bool:
    """Return whether ``closed`` is earlier; by the days alone where one was written without a time."""
    return closed.date() < received.date() if by_day else closed < received


def personal_headers(columns) -> frozenset[str]:
    """Return every header under which a file may name the caller."""
    return frozenset(
        header_key(name) for column in columns if column.sensitive for name in (column.label, *column.aliases)
    )


def personal_in(row: ReadRow, personal: frozenset[str]) -> frozenset[str]:
    """Return the headers of ``row`` that may name the caller, those of columns nobody asked for included."""
    return frozenset(label for label in row.cells if header_key(label) in personal)


def raw_columns(facts: OrderFacts, row: ReadRow, personal: frozenset[str]) -> dict[str, Any]:
    """Return what is kept of the row: its cells by header, and what they say, for the comparison with later files."""
    return {"cells": raw_cells(row, personal_in(row, personal)), "values": facts.as_text()}
