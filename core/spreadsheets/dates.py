"""Dates as people and exporters write them in cells.

A written date is kept apart from the instant it means (:class:`Written`): a due date without a time
means the end of its day, and two dates of which one has no time are compared by day only. Local times
of Asia/Shanghai throughout; the caller attaches the zone.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001  local wall time, as cells are
"""Day 0 of the 1900 date system for every serial from 61 on (Excel counts a 29 February 1900)."""
EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_DAY_SECONDS = 86_400

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_WRITTEN = re.compile(
    r"""
    (?P<year>\d{4})
    (?: (?P<mark>[-/.]) (?P<month>\d{1,2}) (?P=mark) (?P<day>\d{1,2})
      | 年 (?P<month_zh>\d{1,2}) 月 (?P<day_zh>\d{1,2}) (?P<end>日) )
    (?: (?: [T\s]\s* | (?(end)|(?!)) )
        (?P<half>上午|下午)? \s*
        (?P<hour>\d{1,2})
        (?: : (?P<minute>\d{2}) (?: : (?P<second>\d{2}) )? | 时 (?P<minute_zh>\d{1,2}) 分 ) )?
    """,
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: its day, its time or ``None``; 24:00 is kept as ``midnight_after``."""

    day: dt.date
    time: dt.time | None = None
    midnight_after: bool = False

    @property
    def has_time(self) -> bool:
        """Whether a time was written (24:00 is one)."""
        return self.time is not None or self.midnight_after

    def moment(self) -> dt.datetime:
        """Return the naive local moment: 00:00 without a time, the next day's 00:00 for 24:00."""
        if self.midnight_after:
            return dt.datetime.combine(self.day + dt.timedelta(days=1), dt.time())
        return dt.datetime.combine(self.day, self.time or dt.time())

    def due_moment(self) -> dt.datetime:
        """Return the naive local moment a *limit* means: the day's last second unless a time other than midnight is written."""
        if self.midnight_after or not self.time or self.time == dt.time():
            return dt.datetime.combine(self.day, dt.time(23, 59, 59))
        return self.moment()


def read_date(value: object, *, epoch_1904: bool = False) -> Written | None:
    """Return what a date cell says, ``None`` when it is no date of the years 2000-2100.

    ``value``: a date of the reader, a number, or normalised text; ``epoch_1904``: the workbook's date system.
    """
    written = _from_value(value, EPOCH_1904 if epoch_1904 else EPOCH_1900)
    if written is None or not FIRST_YEAR <= written.day.year <= LAST_YEAR:
        return None
    return written


def _from_value(value: object, epoch: dt.datetime) -> Written | None:
    if isinstance(value, dt.datetime):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            return None  # the year 9999 cannot be rounded up
        return _from_moment(value + dt.timedelta(microseconds=500_000))
    if isinstance(value, dt.date):
        return Written(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value, epoch)
    return _from_text(value, epoch) if isinstance(value, str) else None


def _from_moment(moment: dt.datetime) -> Written:
    """Cut ``moment`` to the second; midnight counts as "no time", as a date cell has none."""
    time = moment.time().replace(microsecond=0)
    return Written(moment.date(), time if time != dt.time() else None)


def _from_number(number: float, epoch: dt.datetime) -> Written | None:
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return _from_moment(epoch + dt.timedelta(seconds=math.floor(number * _DAY_SECONDS + 0.5)))
    if math.isfinite(number) and number == int(number):
        return _from_text(str(int(number)), epoch)
    return None


def _from_text(text: str, epoch: dt.datetime) -> Written | None:
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), epoch) if FIRST_SERIAL <= float(text) <= LAST_SERIAL else None
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = compact.groups()
        return _built((year, month, day), hour, minute, second)
    if not (match := _WRITTEN.fullmatch(text)):
        return None
    parts = match.groupdict()
    hour = parts["hour"]
    if parts["half"] and int(hour) <= 12:
        hour = str(int(hour) % 12 + (12 if parts["half"] == "下午" else 0))
    ymd = (parts["year"], parts["month"] or parts["month_zh"], parts["day"] or parts["day_zh"])
    return _built(ymd, hour, parts["minute"] or parts["minute_zh"], parts["second"])


def _built(ymd: tuple, hour: str | None, minute: str | None, second: str | None) -> Written | None:
    """Build the date from digits; ``None`` when the calendar or the clock has no such moment."""
    try:
        day = dt.date(*map(int, ymd))
        if hour is None:
            return Written(day)
        clock = (int(hour), int(minute or 0), int(second or 0))
        return Written(day, midnight_after=True) if clock == (24, 0, 0) else Written(day, dt.time(*clock))
    except ValueError:
        return None
