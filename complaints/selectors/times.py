"""The light beside a complaint's time: one code of ``ui`` ``time`` and its words (ui.md §7). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.models import Complaint
from core.dates import WorkCalendar, overdue_workdays, remaining_text

S = Complaint.Status
ENDED = frozenset({S.CLOSED, S.ARCHIVED})


@dataclass(frozen=True, slots=True)
class TimeLight:
    """``code`` is one of normal, nearly_due, overdue, done; without a due date there is no light at all."""

    code: str
    word: str


def time_light(row: Mapping[str, Any], *, now: datetime, calendar: WorkCalendar) -> TimeLight | None:
    """Return the light of a row as ``RowReader`` shapes it."""
    if row["status"] in ENDED:
        return _ended(row, calendar)
    if row["suspended"]:
        return TimeLight("done", "已中止，时限暂停")
    if row["sign_overdue"]:
        days = overdue_workdays(calendar, row["sign_due_at"], now)
        return TimeLight("nearly_due", f"签收已超 {days} 个工作日" if days else "签收已超")
    if row["effective_due_at"] is None or row["status"] not in Complaint.WITH_DEPARTMENT:
        return None
    return _running(row, remaining_text(calendar, row["effective_due_at"], now))


def _running(row: Mapping[str, Any], words: str) -> TimeLight:
    if row["overdue"]:
        return TimeLight("overdue", words)
    if row["extension"] in ("unconfirmed", "asked"):
        return TimeLight("nearly_due", f"{words}・延期待批")
    return TimeLight("nearly_due" if row["nearly_due"] else "normal", words)


def _ended(row: Mapping[str, Any], calendar: WorkCalendar) -> TimeLight | None:
    due, submitted = row["effective_due_at"], row["submitted_at"]
    if due is None or submitted is None:
        return None
    if submitted <= due:
        return TimeLight("normal", "按期")
    days = overdue_workdays(calendar, due, submitted)
    return TimeLight("overdue", f"超期 {days} 个工作日办结" if days else "超期办结")
