"""The 工作台: what waits for one person, grouped by how late it is (ui.md §1, §6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from core.access import Permission
from core.clock import local_date
from core.dates import WorkCalendar, remaining_text
from core.panels import ToDo, to_dos_for

INBOX_ROWS = 5


@dataclass(frozen=True, slots=True)
class ToDoRow:
    """One to-do with the words for the time it has left; ``remaining`` is empty without a due time."""

    to_do: ToDo
    remaining: str


@dataclass(frozen=True, slots=True)
class ToDoGroup:
    """To-dos of one urgency: its code (overdue, today, normal), Chinese word, light and rows."""

    code: str
    word: str
    colour: str
    rows: tuple[ToDoRow, ...]


#: Urgency, its word and its light, in the order of the page.
URGENCIES = (("overdue", "已超期", "red"), ("today", "今日到期", "amber"), ("normal", "正常", "green"))


def urgency(to_do: ToDo, now: datetime) -> str:
    """Return overdue, today or normal for ``to_do`` at the aware ``now``; undated ones are normal."""
    if to_do.due_at is None:
        return "normal"
    if to_do.due_at < now:
        return "overdue"
    return "today" if local_date(to_do.due_at) == local_date(now) else "normal"


def grouped_to_dos(user, *, now: datetime, calendar: WorkCalendar) -> list[ToDoGroup]:
    """Return everything that waits for ``user``, soonest first, in the groups that are not empty."""
    rows: dict[str, list[ToDoRow]] = {code: [] for code, _, _ in URGENCIES}
    for to_do in to_dos_for(user, now):
        remaining = remaining_text(calendar, to_do.due_at, now) if to_do.due_at else ""
        rows[urgency(to_do, now)].append(ToDoRow(to_do, remaining))
    return [ToDoGroup(code, word, colour, tuple(rows[code])) for code, word, colour in URGENCIES if rows[code]]


def unread_messages(user) -> list[dict]:
    """Return the newest unread messages of ``user``: id, title, url, created_at."""
    unread = Message.objects.visible_to(user).filter(read_at=None)
    return list(unread.values("id", "title", "url", "created_at")[:INBOX_ROWS])


def first_acts(user) -> list[dict]:
    """Return what the head of the page offers this person to begin with: url, label, icon; the first is primary."""
    offers = (
        (Permission.REPORT, "indicators:daily_reports", "去填报", "pencil-square"),
        (Permission.REVIEW_REPORTS, "indicators:dispatch_review", "审核填报", "check2-square"),
        (Permission.SEE_DISPATCH_BOARD, "indicators:dispatch", "日调度看板", "calendar3"),
    )
    return [
        {"url": reverse(name), "label": label, "icon": icon} for need, name, label, icon in offers if user.can(need)
    ]


def greeting(now: datetime) -> str:
    """Return 早上好, 上午好, 下午好 or 晚上好 for the local hour of the aware ``now``."""
    hour = timezone.localtime(now).hour
    return "早上好" if hour < 9 else "上午好" if hour < 12 else "下午好" if hour < 18 else "晚上好"


def days_ahead(calendar: WorkCalendar, today: date) -> str:
    """Return what the next days are: 明天起连续 4 个工作日, 明天休息 or 今天休息，10月12日上班."""
    following = calendar.next_workday(today)
    if not calendar.is_workday(today):
        return f"今天休息，{following.month}月{following.day}日上班"
    run, day = 0, today + timedelta(days=1)
    while calendar.is_workday(day):
        run, day = run + 1, day + timedelta(days=1)
    return f"明天起连续 {run} 个工作日" if run else f"明天休息，{following.month}月{following.day}日上班"
