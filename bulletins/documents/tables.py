"""The annex tables of a paper, from the tables of its snapshot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bulletins.rules.wording.phrases import closed_up, cut_note, in_print
from core.documents import Align, Column, Table
from core.formats import MISSING
from core.rates import percent_text

LEFT, CENTER, RIGHT = Align.LEFT, Align.CENTER, Align.RIGHT
SMALL = 10.5
Snapshot = Mapping[str, Any]


def indicator_table(snapshot: Snapshot) -> Table:
    """Return the first level with score, rank, rank change, gap; the workbook has the leaves."""
    columns = (
        Column("代码", 1.2, CENTER),
        Column("一级指标", 4.4),
        Column("牵头单位", 3.6),
        Column("自评分", 2.8, RIGHT),
        Column("位次", 1.2, RIGHT),
        Column("位次变化", 1.6, RIGHT),
        Column("与前沿差距最大的指标", 5),
    )
    rows = [
        [
            row["code"],
            row["name"],
            row["lead"] or MISSING,
            closed_up(row["score_text"]),
            _text(row["rank"]),
            rank_change_text(row["rank_change"]),
            _measure(row["gap_text"]),
        ]
        for row in snapshot["tables"]["indicators"]
        if row["level"] == 1 and row["applicable"]
    ]
    note = "注：自评分按本平台公式计算，非省评结果；数据不足的不计分、不排位。位次变化与7天前相比。"
    return Table(columns, rows, caption="表1　一级指标自评分", note=note, size=SMALL)


def change_table(snapshot: Snapshot) -> list[Table]:
    """Return the table of the leaves whose value moved, with target and gap; [] where none did."""
    columns = (
        Column("代码", 1.6, CENTER),
        Column("指标", 6.4),
        Column("期初", 2.4, RIGHT),
        Column("期末", 2.4, RIGHT),
        Column("目标", 2.4, RIGHT),
        Column("与前沿差距", 3),
    )
    moved = {row["code"] for row in snapshot["tables"]["changes"]}
    rows = [
        [
            row["code"],
            in_print(row["name"]),
            *(_measure(row[f"{name}_text"]) for name in ("before", "value", "target", "gap")),
        ]
        for row in snapshot["tables"]["indicators"]
        if row["code"] in moved
    ]
    return [Table(columns, rows, caption="表2　数值有变化的指标", size=SMALL)] if rows else []


def _measure(text: str) -> str:
    """Return a name or a figure with its unit as documents write it."""
    return closed_up(in_print(text))


def rank_change_text(change: int | None) -> str:
    """Return 升2, 降1, 平, or — where there is no rank to compare."""
    if change is None:
        return MISSING
    return f"升{change}" if change > 0 else f"降{-change}" if change < 0 else "平"


def _text(value: Any) -> str:
    return MISSING if value is None else str(value)


def department_table(snapshot: Snapshot) -> Table:
    """Return what each unit had due and closed in time, with satisfaction; the total from the sums."""
    columns = (
        Column("单位", 5),
        Column("应办结（件）", 1.7, RIGHT),
        Column("按期办结（件）", 1.9, RIGHT),
        Column("按期办结率（%）", 2, RIGHT),
        Column("满意率（%）", 1.8, RIGHT),
        Column("超期（件）", 1.5, RIGHT),
    )
    units = [row for row in snapshot["tables"]["complaint_departments"] if _has_something(row)]
    rows: list[Sequence[str]] = [
        [
            row["name"],
            str(row["on_time_close"]["denominator"]),
            str(row["on_time_close"]["numerator"]),
            row["on_time_close"]["text"],
            row["satisfaction"]["text"],
            str(row["overdue_open"]["numerator"]),
        ]
        for row in units
    ]
    if rows:
        rows.append(_total(units))
    return Table(columns, rows, empty="本期没有单位有应办结件", size=SMALL)


def _has_something(row: Mapping[str, Any]) -> bool:
    due, rated = row["on_time_close"]["denominator"], row["satisfaction"]["denominator"]
    return bool(due or rated or row["overdue_open"]["numerator"])


def _total(units: Sequence[Mapping[str, Any]]) -> list[str]:
    def summed(key: str, part: str) -> int:
        return sum(row[key][part] for row in units)

    due, done = summed("on_time_close", "denominator"), summed("on_time_close", "numerator")
    content = percent_text(summed("satisfaction", "numerator"), summed("satisfaction", "denominator"))
    return ["合计", str(due), str(done), percent_text(done, due), content, str(summed("overdue_open", "numerator"))]


def open_issue_table(snapshot: Snapshot) -> Table:
    """Return the issues open at the cut-off, the soonest due first."""
    columns = (
        Column("编号", 3.4, CENTER),
        Column("问题", 5.4),
        Column("牵头单位", 3),
        Column("整改时限", 2.2, CENTER),
        Column("状态", 1.6, CENTER),
    )
    rows = [
        [row["number"], row["title"], row["department"], _day(row["due_on"]), row["state"]]
        for row in snapshot["tables"]["open_issues"]
    ]
    return Table(columns, rows, empty="没有未销号问题", size=SMALL)


def overdue_table(snapshot: Snapshot) -> Table:
    """Return what section 六 names: number, unit, days; no identity, no content."""
    columns = (Column("编号", 3, CENTER), Column("承办单位", 5), Column("超期（工作日）", 2, RIGHT))
    rows = [[row["number"], row["department"], str(row["days"])] for row in snapshot["tables"]["named"]]
    return Table(columns, rows, empty="无", size=SMALL)


def before_and_after_table(snapshot: Snapshot) -> Table:
    """Return the value of each leaf at the beginning and the end, or now while the year is not over, with the gap."""
    columns = (
        Column("代码", 1.4, CENTER),
        Column("指标", 6),
        Column("年初", 3.6, RIGHT),
        Column("目前" if cut_note(snapshot) else "年末", 2.4, RIGHT),
        Column("与前沿差距", 3),
    )
    rows = [
        [
            row["code"],
            in_print(row["name"]),
            *(_measure(row[f"{name}_text"]) for name in ("before", "value", "gap")),
        ]
        for row in snapshot["tables"]["indicators"]
        if row["is_leaf"] and row["applicable"] and row["value"] is not None
    ]
    return Table(
        columns,
        rows,
        note="注：年初没有数值的，以基期或当年首次填报的数值对照。",
        empty="本年度没有可对照的指标",
        size=SMALL,
    )


def _day(text: str | None) -> str:
    if text is None:
        return MISSING
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日"
