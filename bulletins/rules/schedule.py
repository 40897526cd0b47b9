"""Which papers are due when: planned moments of each kind, moved off rest days (domain §8). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bulletins.models import Bulletin
from bulletins.rules.wording.phrases import span_of
from core.dates import SHANGHAI, Period, WorkCalendar, parse_period

Kind = Bulletin.Kind
WEEK = timedelta(days=7)
WEEKLY = (Kind.NOTICE, Kind.BRIEF)
#: A brief of the day is of no use a week later; weekly and later papers are made up for from ``drafting_from``.
DAILY_BACKLOG_WORKDAYS = 5


#: What a paper's period must be, and what is said of another; 通报 and 简报 are about any days.
_SPANS = {
    Kind.DAILY_BRIEF: ("day", "快报的期间是一天"),
    Kind.MONTHLY_COMPLAINTS: ("month", "月报的期间是一个整月"),
    Kind.YEARLY_REPORT: ("year", "年报的期间是一个整年"),
}


def misfit(kind: str, start: date, end: date) -> str:
    """Return why a paper of ``kind`` cannot be about these days, or an empty text."""
    wanted, reason = _SPANS.get(Kind(kind), ("", ""))
    return reason if wanted and span_of(start, end) != wanted else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a kind is drafted: ISO ``weekday`` of the week after, or a day of the month after; ``at`` in Shanghai."""

    kind: str
    at: time
    weekday: int | None = None
    day_of_month: int | None = None
    month: int | None = None


DEFAULTS = (
    Rule(Kind.NOTICE, time(8, 30), weekday=1),
    Rule(Kind.BRIEF, time(8, 30), weekday=1),
    Rule(Kind.DAILY_BRIEF, time(17, 45)),
    Rule(Kind.MONTHLY_COMPLAINTS, time(8, 30), day_of_month=1),
    Rule(Kind.YEARLY_REPORT, time(8, 30), day_of_month=5, month=1),
)
#: Kinds that are drafted unless the office switches them on (简报 only where the setting says so).
OFF_AT_FIRST = frozenset({Kind.BRIEF})


@dataclass(frozen=True, slots=True)
class Occasion:
    """One paper to be drafted: for which period, and when that is planned (aware)."""

    kind: str
    period: Period
    planned_at: datetime


def occasions(rule: Rule, *, since: date, until: date, calendar: WorkCalendar) -> Iterator[Occasion]:
    """Yield what ``rule`` plans on the days ``since``..``until`` (both included), oldest first.

    A planned day that is a rest day moves to the next working day; of two weeks that then meet on one day
    each has its own paper, unless the office merges or skips one.
    """
    makers = {
        Kind.DAILY_BRIEF: _days,
        Kind.MONTHLY_COMPLAINTS: _months,
        Kind.YEARLY_REPORT: _years,
    }
    for period, day in makers.get(Kind(rule.kind), _weeks)(rule, since, until, calendar):
        if since <= day <= until:
            yield Occasion(rule.kind, period, datetime.combine(day, rule.at, SHANGHAI))


def _weeks(rule: Rule, since: date, until: date, calendar: WorkCalendar) -> Iterator[tuple[Period, date]]:
    # Three weeks back, because a long holiday moves a planned day by more than one.
    monday = since - timedelta(days=since.weekday()) - 3 * WEEK
    while monday <= until:
        year, week, _ = monday.isocalendar()
        wanted = monday + WEEK + timedelta(days=(rule.weekday or 1) - 1)
        yield parse_period(f"{year}W{week:02d}"), calendar.workday_on_or_after(wanted)
        monday += WEEK


def _days(rule: Rule, since: date, until: date, calendar: WorkCalendar) -> Iterator[tuple[Period, date]]:
    for day in calendar.workdays(since, until):
        yield parse_period(f"{day:%Y%m%d}"), day


def _months(rule: Rule, since: date, until: date, calendar: WorkCalendar) -> Iterator[tuple[Period, date]]:
    first = (since.replace(day=1) - timedelta(days=32)).replace(day=1)
    while first <= until:
        following = (first + timedelta(days=32)).replace(day=1)
        yield parse_period(f"{first:%Y%m}"), _day_of(following, rule.day_of_month or 1, calendar)
        first = following


def _years(rule: Rule, since: date, until: date, calendar: WorkCalendar) -> Iterator[tuple[Period, date]]:
    for year in range(since.year - 2, until.year + 1):
        first = date(year + 1, rule.month or 1, 1)
        yield parse_period(f"{year}"), _day_of(first, rule.day_of_month or 1, calendar)


def _day_of(first: date, day: int, calendar: WorkCalendar) -> date:
    """Return the ``day`` of the month that begins on ``first``, its last one where it is shorter, off rest days."""
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return calendar.workday_on_or_after(min(first + timedelta(days=day - 1), last))


def backlog_begins(rule: Rule, *, drafting_from: date, today: date, calendar: WorkCalendar) -> date:
    """Return the first day whose planned papers are still made up for."""
    if rule.kind != Kind.DAILY_BRIEF:
        return drafting_from
    earliest = today
    for _ in range(DAILY_BACKLOG_WORKDAYS):
        earliest = calendar.previous_workday(earliest)
    return max(drafting_from, earliest)
