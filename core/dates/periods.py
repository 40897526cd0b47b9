"""Periods as clients write them: ``20261123``, ``2026W48``, ``202611``, ``2026Q4``, ``2026``, or from/to."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.dates.deadlines import SHANGHAI
from core.exceptions import InvalidInput

YEARS = range(2000, 2101)
_PATTERNS = {
    "day": re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
    "week": re.compile(r"(\d{4})W(\d{2})", re.ASCII),
    "month": re.compile(r"(\d{4})(\d{2})", re.ASCII),
    "quarter": re.compile(r"(\d{4})Q([1-4])", re.ASCII),
    "year": re.compile(r"(\d{4})", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days ``start``..``end`` in Asia/Shanghai, both included; ``text`` as it was written."""

    kind: str
    start: date
    end: date
    text: str

    @property
    def starts_at(self) -> datetime:
        """Return 00:00 of the first day."""
        return datetime.combine(self.start, time.min, SHANGHAI)

    @property
    def ends_before(self) -> datetime:
        """Return 00:00 of the day after the last: a moment t is inside when ``starts_at <= t < ends_before``."""
        return datetime.combine(self.end + timedelta(days=1), time.min, SHANGHAI)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def parse_period(text: str) -> Period:
    """Return the ``Period`` that ``text`` names (api.md, Periods; weeks are ISO weeks, Monday to Sunday).

    Raises ``InvalidInput`` at ``period`` for anything else, months and weeks that do not exist included.
    """
    for kind, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(text):
            numbers = [int(part) for part in match.groups()]
            try:
                if numbers[0] not in YEARS:
                    break
                start, end = _RANGE[kind](*numbers)
            except ValueError:
                break
            return Period(kind, start, end, text)
    raise InvalidInput.at(
        "period", "期间应写作 20261123、2026W48、202611、2026Q4 或 2026，且确有其日", code="invalid_period"
    )


def period_from_query(period: str | None = None, start: str | None = None, end: str | None = None) -> Period | None:
    """Return the period of the query parameters ``period`` or ``from`` and ``to``; ``None`` when none is given.

    Raises ``InvalidInput`` when both forms are mixed, one end is missing, a date is wrong or they are reversed.
    """
    if period and (start or end):
        raise InvalidInput.at("period", "period 与 from、to 只能用一种")
    if period:
        return parse_period(period)
    if not start and not end:
        return None
    first, last = _query_date("from", start), _query_date("to", end)
    if last < first:
        raise InvalidInput.at("to", "结束日期早于开始日期", code="invalid_period")
    return Period("range", first, last, f"{first.isoformat()}..{last.isoformat()}")


def month_of(day: date) -> Period:
    """Return the month ``day`` lies in: the period of a question that names none."""
    return parse_period(f"{day:%Y%m}")


def earlier_periods(period: Period, count: int) -> list[Period]:
    """Return ``period`` and the ``count`` - 1 of its kind and length before it, the oldest first.

    A period written as from and to is preceded by spans of as many days. Nothing before 2000 is returned.
    """
    found = [period]
    while len(found) < count and found[0].start.year > YEARS[0]:
        before = found[0].start - timedelta(days=1)
        found.insert(0, _ENDING[period.kind](before) if period.kind in _ENDING else _span_before(found[0]))
    return found


def _span_before(period: Period) -> Period:
    """Return the span of as many days that ends the day before ``period`` begins."""
    end = period.start - timedelta(days=1)
    start = end - (period.end - period.start)
    return Period("range", start, end, f"{start.isoformat()}..{end.isoformat()}")


def moment_from_query(field: str, text: str | None, default: datetime) -> datetime:
    """Return the aware moment a query parameter names; a date means its end, a time without offset is Asia/Shanghai.

    A plus sign that the client did not escape arrives as a space. Raises InvalidInput at ``field`` otherwise.
    """
    if not text:
        return default
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else f"{text}T23:59:59.999999")
        if moment.year not in YEARS:
            raise ValueError(text)
    except ValueError:
        raise InvalidInput.at(field, "截至时刻应写作 2026-11-23T17:30:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _query_date(field: str, text: str | None) -> date:
    if not text:
        raise InvalidInput.at(field, "from 与 to 要同时给出", code="required")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput.at(field, "日期应写作 2026-11-23") from None
    if day.year not in YEARS:
        raise InvalidInput.at(field, f"年份应在 {YEARS[0]} 到 {YEARS[-1]} 之间")
    return day


def _day(year: int, month: int, day: int) -> tuple[date, date]:
    return date(year, month, day), date(year, month, day)


def _week(year: int, week: int) -> tuple[date, date]:
    return date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    last = quarter * 3
    return date(year, last - 2, 1), date(year, last, monthrange(year, last)[1])


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


_RANGE: dict[str, Callable[..., tuple[date, date]]] = {
    "day": _day,
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
}

#: The period of a kind that ends with a day.
_ENDING: dict[str, Callable[[date], Period]] = {
    "day": lambda day: parse_period(f"{day:%Y%m%d}"),
    "week": lambda day: parse_period("{}W{:02d}".format(*day.isocalendar())),
    "month": month_of,
    "quarter": lambda day: parse_period(f"{day.year}Q{(day.month + 2) // 3}"),
    "year": lambda day: parse_period(f"{day.year}"),
}
