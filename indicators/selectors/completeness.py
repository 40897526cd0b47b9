"""Completeness by DHIS2's names: expected, actual, actual on time, and their rates (domain §4)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.clock import local_date
from core.formats import rounded
from core.kept import kept_through_drafts
from departments.models import Department
from indicators.models import DailyReport
from indicators.rules.report_dates import DispatchTimes, is_late
from indicators.selectors.expectation import Expectation, expectations, wanted_spans


@dataclass(slots=True)
class Tally:
    """How many reports were wanted, how many came, how many of those on time."""

    expected: int = 0
    actual: int = 0
    actual_on_time: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Actual / expected in per cent; None when nothing was expected."""
        return percentage(self.actual, self.expected)

    @property
    def rate_on_time(self) -> Decimal | None:
        """Actual on time / expected in per cent; None when nothing was expected."""
        return percentage(self.actual_on_time, self.expected)

    def count(self, arrival: "Arrival | None") -> None:
        """Count one wanted report and what came of it."""
        self.expected += 1
        self.actual += arrival is not None
        self.actual_on_time += arrival is not None and not arrival.is_late

    def add(self, other: "Tally") -> None:
        """Add the sums of ``other``: totals come from sums, never from means of rates."""
        self.expected += other.expected
        self.actual += other.actual
        self.actual_on_time += other.actual_on_time


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report that reached 已报: with a submission that was late or not."""

    is_late: bool


LATE, ON_TIME = Arrival(is_late=True), Arrival(is_late=False)


@dataclass(frozen=True, slots=True)
class Completeness:
    """The figures of one period as at ``cut_off``, by department in official order, and in total."""

    rows: list[tuple[Mapping[str, Any], Tally]]
    total: Tally


def percentage(numerator: int, denominator: int) -> Decimal | None:
    """Return a rate in per cent with two decimals, half up; None for a denominator of 0; below 100 never 100.00."""
    if not denominator:
        return None
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    return Decimal("99.99") if exact < 100 and rounded(exact, 2) == 100 else rounded(exact, 2)


def arrivals(start: date, end: date, *, cut_off: datetime, times: DispatchTimes) -> dict[tuple[int, date], Arrival]:
    """Return the reports for ``start``..``end`` that had reached 已报 at ``cut_off``, by (indicator, date)."""
    rows = DailyReport.objects.unscoped("counts by department, no content").filter(
        date__range=(start, end), first_reported_at__lte=cut_off
    )
    return {
        (indicator_id, day): LATE if is_late(submitted_at, day, times) else ON_TIME
        for indicator_id, day, submitted_at in rows.order_by().values_list("indicator_id", "date", "first_submitted_at")
    }


def counted(
    start: date, end: date, *, cut_off: datetime, times: DispatchTimes, department_id: int | None = None
) -> list[tuple[Expectation, Arrival | None]]:
    """Return every wanted report of the period up to the day of ``cut_off`` with what had come of it by then."""
    end = min(end, local_date(cut_off))
    wanted = expectations(start, end, times=times, department_id=department_id)
    came = arrivals(start, end, cut_off=cut_off, times=times)
    return [(one, came.get((one.indicator_id, one.date))) for one in wanted]


def completeness(
    start: date, end: date, *, cut_off: datetime, times: DispatchTimes, department_id: int | None = None
) -> Completeness:
    """Return expected, actual and on-time counts of ``start``..``end`` (both included) as at the aware ``cut_off``.

    Args:
        department_id: only this department's row; None for every department that was to report.
    """
    end = min(end, local_date(cut_off))
    came = arrivals(start, end, cut_off=cut_off, times=times)
    tallies: dict[int, Tally] = defaultdict(Tally)
    for indicator_id, lead, days in wanted_spans(start, end, times=times, department_id=department_id):
        for day in days:
            tallies[lead].count(came.get((indicator_id, day)))
    names = Department.objects.filter(pk__in=tallies).values("id", "code", "name", "short_name")
    rows: list[tuple[Mapping[str, Any], Tally]] = [(department, tallies[department["id"]]) for department in names]
    total = Tally()
    for _, tally in rows:
        total.add(tally)
    return Completeness(rows, total)


def completeness_by_day(
    start: date, end: date, *, cut_off: datetime, times: DispatchTimes, department_id: int | None = None
) -> dict[date, Tally]:
    """Return the same counts by day: what a week or a month of the board adds up from."""
    tallies: dict[date, Tally] = defaultdict(Tally)
    for wanted, arrival in counted(start, end, cut_off=cut_off, times=times, department_id=department_id):
        tallies[wanted.date].count(arrival)
    return dict(tallies)


@kept_through_drafts
def completeness_now(
    start: date, end: date, *, now: datetime, times: DispatchTimes, department_id: int | None = None
) -> Completeness:
    """Return ``completeness`` as at the present moment."""
    return completeness(start, end, cut_off=now, times=times, department_id=department_id)


def visible_completeness(
    user, start: date, end: date, *, now: datetime, times: DispatchTimes, cut_off: datetime | None = None
) -> Completeness:
    """Return the completeness that ``user`` may see: every department's, or one's own department's only.

    Args:
        cut_off: a moment of the past; the present one when not given.
    """
    if not user.sees_all_departments and user.scope_department_id is None:
        return Completeness([], Tally())
    department_id = None if user.sees_all_departments else user.scope_department_id
    if cut_off is None:
        return completeness_now(start, end, now=now, times=times, department_id=department_id)
    return completeness(start, end, cut_off=cut_off, times=times, department_id=department_id)
