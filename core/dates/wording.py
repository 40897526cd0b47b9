"""The words for time that every list shares: 还剩 2 个工作日, 今日到期, 已超 2 个工作日 (ui.md §7)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from core.dates.calendar import WEEKDAYS, WorkCalendar
from core.dates.deadlines import END_OF_DAY, SHANGHAI, DueDate, Mark, Step


def day_name(day: date, today: date) -> str:
    """Return ``10月12日 周一``, with the year when it is not the one of ``today``."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}"


def overdue_workdays(calendar: WorkCalendar, due_at: datetime, now: datetime) -> int:
    """Return how many working days have come since the due day (today included); 0 when not overdue."""
    if now <= due_at:
        return 0
    return calendar.workdays_between(due_at.astimezone(SHANGHAI).date(), now.astimezone(SHANGHAI).date())


def remaining_text(calendar: WorkCalendar, due_at: datetime, now: datetime) -> str:
    """Return the one phrase for the time between the aware ``now`` and ``due_at``; never a negative number."""
    due, present = due_at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    if present > due:
        days = overdue_workdays(calendar, due_at, now)
        if days:
            return f"已超 {days} 个工作日"
        return f"已超 {_hours(present - due)}" if due.date() == present.date() else "已超，不足 1 个工作日"
    if due.date() == present.date():
        return "今日到期" if due.time() >= END_OF_DAY else f"还剩 {_hours(due - present)}"
    if due.date() == present.date() + timedelta(days=1):
        return "明日到期"
    days = calendar.workdays_between(present.date(), due.date())
    return f"还剩 {days} 个工作日" if days else f"{due.month}月{due.day}日到期"


@dataclass(frozen=True, slots=True)
class ChainCell:
    """One cell of the day chain on a page: 10/10 周六, 第3日, 调休班, and how it is drawn."""

    date: date
    weekday: str
    word: str
    note: str
    kind: str


_CHAIN_KINDS = {Mark.START: "start", Mark.REST: "rest", Mark.MAKE_UP: "adj", Mark.DUE: "due"}
_CHAIN_NOTES = {Mark.START: "起算", Mark.DUE: "到期"}


def day_chain(calendar: WorkCalendar, due: DueDate, today: date) -> list[ChainCell]:
    """Return the steps of ``due`` as the cells of the component ``daychain`` (ui.md §6)."""
    return [_chain_cell(calendar, step, today) for step in due.steps]


def _chain_cell(calendar: WorkCalendar, step: Step, today: date) -> ChainCell:
    name = {"工作日": "上班", "调休上班": "调休班"}.get(calendar.name_of(step.date), calendar.name_of(step.date))
    note = _CHAIN_NOTES.get(step.mark) or ("今天" if step.date == today else name)
    kind = "today" if step.date == today and step.mark is not Mark.DUE else _CHAIN_KINDS.get(step.mark, "")
    word = re.split("[，（]|至此", step.reason)[0] if step.counted else "不计"
    return ChainCell(step.date, WEEKDAYS[step.date.weekday()], word, note, kind)


def chain_summary(calendar: WorkCalendar, due: DueDate) -> str:
    """Return the same in one sentence: 10月1日至10月7日国庆节；10月10日调休上班，计入."""
    parts = []
    for (name, mark), group in groupby(due.steps[1:], key=lambda step: (calendar.name_of(step.date), step.mark)):
        days = [step.date for step in group]
        if mark is Mark.REST and not name.startswith("周"):
            parts.append(f"{_span(days)}{name}")
        elif mark is Mark.MAKE_UP:
            parts.append(f"{_span(days)}调休上班，计入")
    return "；".join(parts)


def _span(days: list[date]) -> str:
    first, last = days[0], days[-1]
    text = f"{first.month}月{first.day}日"
    return text if first == last else f"{text}至{last.month}月{last.day}日"


def _hours(span: timedelta) -> str:
    """Return ``6 小时 20 分``; less than a minute counts as one."""
    hours, minutes = divmod(max(int(span.total_seconds()) // 60, 1), 60)
    parts = [f"{hours} 小时" if hours else "", f"{minutes} 分" if minutes else ""]
    return " ".join(part for part in parts if part)
