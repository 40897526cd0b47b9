"""The words for time that every list shares: 还剩 2 个工作日, 今日到期, 已超 2 个工作日 (ui.md §7)."""

from datetime import date, datetime, timedelta

from core.dates.calendar import WEEKDAYS, WorkCalendar
from core.dates.deadlines import END_OF_DAY, SHANGHAI


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


def _hours(span: timedelta) -> str:
    """Return ``6 小时 20 分``; less than a minute counts as one."""
    hours, minutes = divmod(max(int(span.total_seconds()) // 60, 1), 60)
    parts = [f"{hours} 小时" if hours else "", f"{minutes} 分" if minutes else ""]
    return " ".join(part for part in parts if part)
