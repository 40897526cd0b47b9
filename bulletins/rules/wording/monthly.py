"""The monthly complaint statistics (domain §8)."""

from collections.abc import Mapping
from typing import Any

from bulletins.rules.wording import notice
from bulletins.rules.wording.phrases import Section, bound, fraction, period_word


def sections(snapshot: Mapping[str, Any]) -> list[Section]:
    """Return what came and how it was handled, unit by unit, and what is overdue."""
    return [
        Section("complaints", "受理办理情况", notice.complaints(snapshot)),
        Section("units", "单位办理情况", units(snapshot)),
        Section("quality", "退单、重办与延期", quality()),
        Section("overdue", "超期事项", notice.overdue(snapshot)),
    ]


def units(snapshot: Mapping[str, Any]) -> str:
    """Return how many units closed all that was due in time; which, and the figures, stand in the annex."""
    rows = snapshot["tables"]["complaint_departments"]
    due = [row["on_time_close"] for row in rows if row["on_time_close"]["denominator"]]
    if not due:
        return f"{period_word(snapshot)}没有单位有应办结件。"
    late = sum(1 for one in due if one["numerator"] < one["denominator"])
    said = f"其中{len(due) - late}个全部按期办结，{late}个未能全部按期办结" if late else "全部按期办结"
    return f"有应办结件的单位{len(due)}个，{said}。各单位情况见附件1。"


def quality() -> str:
    """Return 退单率, 重办率, 延期率 with their counts."""
    return (
        f"退单率{fraction('complaints.return')}，重办率{fraction('complaints.rehandle')}，"
        f"延期率{fraction('complaints.extension')}；超期未办结{bound('complaints.overdue_open.n')}件。"
    )
