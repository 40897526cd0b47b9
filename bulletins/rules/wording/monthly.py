"""The monthly complaint statistics (domain §8)."""

from collections.abc import Mapping
from typing import Any

from bulletins.rules.wording import notice
from bulletins.rules.wording.phrases import Section, bound, fraction, joined

MOST_NAMED = 5


def sections(snapshot: Mapping[str, Any]) -> list[Section]:
    """Return what came and how it was handled, unit by unit, and what is overdue."""
    return [
        Section("complaints", "受理办理情况", notice.complaints(snapshot)),
        Section("units", "单位办理情况", units(snapshot)),
        Section("quality", "退单、重办与延期", quality()),
        Section("overdue", "超期事项", notice.overdue(snapshot)),
    ]


def units(snapshot: Mapping[str, Any]) -> str:
    """Return the units that had something due, and those with overdue items; figures stand in the annex."""
    rows = snapshot["tables"]["complaint_departments"]
    due = [row for row in rows if row["on_time_close"]["denominator"]]
    if not due:
        return "本月没有单位有应办结件。"
    whole = [row["name"] for row in due if row["on_time_close"]["numerator"] == row["on_time_close"]["denominator"]]
    text = f"有应办结件的单位{len(due)}个，其中全部按期办结的{len(whole)}个"
    text += f"：{joined(whole[:MOST_NAMED])}{'等' if len(whole) > MOST_NAMED else ''}。" if whole else "。"
    return f"{text}各单位情况见附件。"


def quality() -> str:
    """Return 退单率, 重办率, 延期率 with their counts."""
    return (
        f"退单率{fraction('complaints.return')}，重办率{fraction('complaints.rehandle')}，"
        f"延期率{fraction('complaints.extension')}；超期未办结{bound('complaints.overdue_open.n')}件。"
    )
