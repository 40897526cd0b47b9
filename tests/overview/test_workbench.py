"""The 工作台: to-dos by urgency, greeting, the days ahead."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from core import panels
from core.dates import DayKind, KnownDay, WorkCalendar
from core.panels import ToDo
from overview.selectors.workbench import days_ahead, greeting, grouped_to_dos, urgency

NOW = datetime(2026, 10, 12, 2, 40, tzinfo=UTC)  # Monday, 10:40 in Xiping


@pytest.fixture
def calendar():
    """2026 as if nothing but weekends were free, with one make-up Saturday."""
    first = date(2026, 1, 1)
    days = {}
    for offset in range(365):
        day = first + timedelta(days=offset)
        worked = day.weekday() < 5 or day == date(2026, 10, 10)
        days[day] = KnownDay(DayKind.WORK if worked else DayKind.REST)
    return WorkCalendar(days)


def to_do(title, due_at=None):
    return ToDo("填报", title, "/x/", "填报", due_at)


@pytest.mark.parametrize(
    "due_at, code",
    [
        (NOW - timedelta(seconds=1), "overdue"),
        (NOW, "today"),
        (datetime(2026, 10, 12, 15, 59, 59, tzinfo=UTC), "today"),
        (datetime(2026, 10, 12, 16, 0, tzinfo=UTC), "normal"),
        (None, "normal"),
    ],
)
def test_urgency_turns_at_the_local_midnight(due_at, code):
    assert urgency(to_do("x", due_at), NOW) == code


def test_grouped_to_dos_leaves_out_empty_groups_and_says_the_time_left(calendar, monkeypatch):
    rows = [to_do("late", NOW - timedelta(days=3)), to_do("later", NOW + timedelta(days=2)), to_do("undated")]
    monkeypatch.setattr(panels, "_to_dos", [lambda user, now: rows])
    groups = grouped_to_dos(SimpleNamespace(pk=1), now=NOW, calendar=calendar)
    assert [(group.word, len(group.rows)) for group in groups] == [("已超期", 1), ("正常", 2)]
    assert [row.remaining for group in groups for row in group.rows] == ["已超 2 个工作日", "还剩 2 个工作日", ""]


@pytest.mark.parametrize("hour, words", [(0, "早上好"), (2, "上午好"), (4, "下午好"), (10, "晚上好"), (23, "早上好")])
def test_greeting_follows_the_local_hour(hour, words):
    assert greeting(datetime(2026, 10, 12, hour, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    "today, words",
    [
        (date(2026, 10, 12), "明天起连续 4 个工作日"),
        (date(2026, 10, 9), "明天起连续 1 个工作日"),
        (date(2026, 10, 16), "明天休息，10月19日上班"),
        (date(2026, 10, 17), "今天休息，10月19日上班"),
    ],
)
def test_days_ahead(calendar, today, words):
    assert days_ahead(calendar, today) == words
