"""The hotline's export declared as a kind of import, over a list of orders in memory.

The complaints app will declare the same columns over its own table; here they prove that the reader,
the field types and the framework reproduce the expected results without knowing anything of complaints.
"""

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from core.import_kinds import Action, ImportKind, ImportRun
from core.spreadsheets import Column, ReadRow
from core.spreadsheets.fields import (
    SATISFACTION,
    DateTime,
    DepartmentNames,
    Departments,
    DueDateTime,
    Flag,
    Multiline,
    NumberId,
    Person,
    Phones,
    Text,
)

ROOT = Path(__file__).resolve().parents[2]


@cache
def departments() -> list[tuple[str, list[str]]]:
    """Return (code, names) of the county's departments."""
    with (ROOT / "departments/data/departments.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            (row["code"], [row["name"], row["short_name"], *filter(None, row["aliases"].split(";"))])
            for row in csv.DictReader(file)
        ]


def columns(mapping: dict[str, str] | None = None) -> list[Column]:
    """Return the columns of the hotline's exports."""
    units = Departments(DepartmentNames(departments(), mapping))
    return [
        Column("number", "工单编号", NumberId(), ("工单号", "编号", "受理编号", "热线单号"), required=True),
        Column("received_at", "来电时间", DateTime(), ("受理时间", "诉求时间", "登记时间", "反映时间"), required=True),
        Column("caller", "来电人", Person(), ("诉求人", "求助人员", "姓名", "联系人"), sensitive=True),
        Column("phone", "联系电话", Phones(), ("来电号码", "求助号码", "手机"), sensitive=True),
        Column("type", "诉求类型", Text(), ("工单类型", "性质")),
        Column("content", "诉求内容", Multiline(), ("反映内容", "主要内容"), required=True),
        Column("department", "承办单位", units, ("主办单位", "办理单位", "责任单位")),
        Column("co_departments", "协办单位", units),
        Column("due_at", "办理时限", DueDateTime(), ("办结期限", "截止时间", "规定日期")),
        Column("signed_at", "签收时间", DateTime()),
        Column("closed_at", "办结时间", DateTime(), ("反馈时间",)),
        Column("result", "办理结果", Multiline(), ("办理情况",)),
        Column("satisfaction", "满意度", SATISFACTION, ("评价", "回访结果")),
        Column("confidential", "是否保密", Flag("保密")),
        Column("anonymous", "是否匿名", Flag("匿名")),
    ]


class HotlineImport(ImportKind):
    """Orders by number; ``existing`` are the orders already known."""

    code, label, key_label = "hotline", "热线工单", "工单编号"

    def __init__(self, existing: list[dict]):
        self.existing = {order["number"]: order for order in existing}

    def columns(self, run: ImportRun):
        return columns(dict(run.department_mapping))

    def key(self, row: ReadRow):
        return row.values["number"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        values = row.values
        units = [*(values["department"] or []), *(values["co_departments"] or [])]
        values["department"] = values["department"][0] if values["department"] else None
        values["co_departments"] = [unit for unit in units if unit != values["department"]]
        values["anonymous"] = values["anonymous"] or values["caller"] == "匿名"
        received, closed = values["received_at"], values["closed_at"]
        if (
            received
            and closed
            and self.is_before(closed, received, by_day=bool(row.timeless & {"received_at", "closed_at"}))
        ):
            row.add_error("办结时间", "closed_before_received", "办结时间早于来电时间")

    @staticmethod
    def is_before(closed: datetime, received: datetime, *, by_day: bool) -> bool:
        return closed.date() < received.date() if by_day else closed < received

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        known = self.existing.get(row.values["number"])
        if known is None:
            return Action.NEW
        differs = any(shown(value) != known[key] for key, value in row.values.items() if value)
        return Action.UPDATE if differs else Action.DUPLICATE


def shown(value):
    """Return a value as the expected results write it."""
    return value.isoformat() if isinstance(value, datetime) else value


def record_of(row: ReadRow, action: Action) -> dict:
    """Return a row that imports in the form of ``records``."""
    values = {key: shown(value) for key, value in row.values.items()}
    return {"sheet": row.sheet, "row": row.row, "action": str(action), **values}


def run_with(mapping: dict[str, str]) -> ImportRun:
    """Return a run nobody started: the hotline kind does not ask who."""
    return ImportRun(SimpleNamespace(), datetime(2026, 11, 25, tzinfo=UTC), mapping)
