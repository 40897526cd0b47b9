"""Who has not reported a day yet: 应报, 已报, 未报 of one date (domain §4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from departments.models import Department
from indicators.models import Indicator
from indicators.rules.report_dates import DispatchTimes
from indicators.selectors.completeness import Tally, counted


@dataclass(frozen=True, slots=True)
class Unreported:
    """A department with the indicators it has not reported for a day, in catalogue order."""

    department: Department
    indicators: list[Indicator]


@dataclass(frozen=True, slots=True)
class DayStanding:
    """One day's counts, and the departments from which something is missing, in official order."""

    date: date
    tally: Tally
    missing: list[Unreported]

    @property
    def missing_count(self) -> int:
        """How many reports are missing."""
        return self.tally.expected - self.tally.actual


def standing_of_day(
    day: date, *, now: datetime, times: DispatchTimes, department_codes: Iterable[str] | None = None
) -> DayStanding:
    """Return what was expected for ``day``, what has come by ``now``, and from whom something is missing.

    ``department_codes`` narrows the list of missing ones, not the counts.
    """
    tally, missing = Tally(), defaultdict(list)
    for wanted, arrival in counted(day, day, cut_off=now, times=times):
        tally.count(arrival)
        if arrival is None:
            missing[wanted.department_id].append(wanted.indicator_id)
    indicators = Indicator.objects.in_bulk([pk for ids in missing.values() for pk in ids])
    departments = Department.objects.filter(pk__in=missing)
    if department_codes is not None:
        departments = departments.filter(code__in=list(department_codes))
    return DayStanding(
        day,
        tally,
        [Unreported(row, [indicators[pk] for pk in missing[row.pk]]) for row in departments],
    )
