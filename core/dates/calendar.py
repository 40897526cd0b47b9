"""The work calendar as a value: which days are worked, and what each day is called (domain §5)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property

from core.exceptions import InvalidInput

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LAST_YEAR = 2200  # far beyond any limit; keeps a typing error from counting to the end of time


class DayKind(StrEnum):
    """What a day of the calendar is: worked or not."""

    WORK = "work"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class KnownDay:
    """One day of a published year: its kind, the festival's name (may be empty) and its source."""

    kind: DayKind
    name: str = ""
    source: str = "state_council"


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """Office hours of one day from ``valid_from`` on, until the next row begins; clock times in Asia/Shanghai."""

    valid_from: date = date.min
    morning_start: time = time(8, 30)
    morning_end: time = time(12)
    afternoon_start: time = time(14, 30)
    afternoon_end: time = time(17, 30)

    @property
    def spans(self) -> tuple[tuple[time, time], tuple[time, time]]:
        """Return the two spans of the day as (opening, closing)."""
        return ((self.morning_start, self.morning_end), (self.afternoon_start, self.afternoon_end))


@dataclass(frozen=True)
class WorkCalendar:
    """Every published day, and the rule for the years that are not published yet.

    A year is published when it has rows. Years before the first published one are an error, never a
    guess; any later year without rows is presumed: Monday to Friday, 1 January off.
    """

    days: Mapping[date, KnownDay]
    office_days: tuple[OfficeDay, ...] = (OfficeDay(),)
    _workdays: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def published_years(self) -> frozenset[int]:
        """Return the years that have rows."""
        return frozenset(day.year for day in self.days)

    @cached_property
    def first_year(self) -> int | None:
        """Return the first published year, ``None`` while the table is empty."""
        return min(self.published_years, default=None)

    def check_year(self, day: date) -> None:
        """Raise ``InvalidInput`` when ``day`` lies before the first published year, or absurdly far ahead."""
        if self.first_year is None:
            raise InvalidInput.at("start", "工作日历尚未载入，请联系系统管理员", code="calendar_empty")
        if day.year < self.first_year:
            raise InvalidInput.at(
                "start", f"工作日历自{self.first_year}年起，更早的日期不能推算", code="before_calendar"
            )
        if day.year > LAST_YEAR:
            raise InvalidInput.at("start", f"日期应不晚于{LAST_YEAR}年", code="after_calendar")

    def is_presumed(self, day: date) -> bool:
        """Return whether ``day`` belongs to a year whose arrangement is not published yet."""
        return day.year not in self.published_years

    def is_workday(self, day: date) -> bool:
        """Return whether ``day`` is worked; raises ``InvalidInput`` before the first published year."""
        known = self.days.get(day)
        if known is not None:
            return known.kind is DayKind.WORK
        self.check_year(day)
        return day.weekday() < 5 and (day.month, day.day) != (1, 1)

    def is_make_up(self, day: date) -> bool:
        """Return whether ``day`` is a Saturday or Sunday that is worked (调休上班)."""
        return day.weekday() >= 5 and self.is_workday(day)

    def name_of(self, day: date) -> str:
        """Return the Chinese word for why ``day`` is worked or not: 国庆节, 调休上班, 周六, 工作日 …"""
        known = self.days.get(day)
        if self.is_workday(day):
            return "调休上班" if day.weekday() >= 5 else "工作日"
        if known is not None and known.name:
            return known.name
        if known is None and (day.month, day.day) == (1, 1):
            return "元旦"
        return WEEKDAYS[day.weekday()] if day.weekday() >= 5 else "休息日"

    def next_workday(self, day: date) -> date:
        """Return the first working day after ``day``."""
        return self.add_workdays(day, 1)

    def previous_workday(self, day: date) -> date:
        """Return the last working day before ``day``."""
        return self.add_workdays(day - ONE_DAY, 0)

    def workday_on_or_after(self, day: date) -> date:
        """Return ``day`` itself when it is worked, else the next working day."""
        return day if self.is_workday(day) else self.next_workday(day)

    def workday_on_or_before(self, day: date) -> date:
        """Return ``day`` itself when it is worked, else the latest working day: the report day (domain §4)."""
        return self.add_workdays(day, 0)

    def add_workdays(self, day: date, amount: int) -> date:
        """Return the ``amount``-th working day after ``day`` (which is not counted); negative goes back.

        0 gives the latest working day up to ``day``; -1 the one before it.
        """
        self.check_year(day)
        year, position = day.year, bisect_right(self._workdays_of(day.year), day) + amount
        while position > len(self._workdays_of(year)):
            position -= len(self._workdays_of(year))
            year += 1
        while position < 1:
            year -= 1
            position += len(self._workdays_of(year))
        return self._workdays_of(year)[position - 1]

    def workdays_between(self, after: date, through: date) -> int:
        """Return how many working days lie in ``(after, through]``; negative when ``through`` is the earlier."""
        if through < after:
            return -self.workdays_between(through, after)
        self.check_year(after)
        count = bisect_right(self._workdays_of(through.year), through)
        count -= bisect_right(self._workdays_of(after.year), after)
        return count + sum(len(self._workdays_of(year)) for year in range(after.year, through.year))

    def workdays(self, start: date, end: date) -> list[date]:
        """Return the working days of ``start``..``end``, both included, in order."""
        return [day for day in each_day(start, end) if self.is_workday(day)]

    def office_day(self, day: date) -> OfficeDay:
        """Return the office hours in force on ``day``; the first row also serves all days before it."""
        begun = [row for row in self.office_days if row.valid_from <= day]
        return max(begun or self.office_days[:1], key=lambda row: row.valid_from)

    def with_year(self, year: int, days: Mapping[date, KnownDay]) -> "WorkCalendar":
        """Return a calendar in which ``year`` is replaced by ``days``: what a preview computes with."""
        others = {day: known for day, known in self.days.items() if day.year != year}
        return WorkCalendar(days={**others, **days}, office_days=self.office_days)

    def _workdays_of(self, year: int) -> tuple[date, ...]:
        """Return the working days of ``year``, remembered: the arithmetic above is then two bisections."""
        if year not in self._workdays:
            first, last = date(year, 1, 1), date(year, 12, 31)
            self._workdays[year] = tuple(self.workdays(first, last))
        return self._workdays[year]


def each_day(start: date, end: date) -> Iterable[date]:
    """Yield every day of ``start``..``end``, both included."""
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)
