"""Working days, deadlines, periods: pure functions over an immutable calendar (domain §5).

Nothing here reads the database or the clock. ``core.selectors.calendar.work_calendar()`` builds
the calendar from the table; ``today`` and ``now`` are parameters.
"""

from core.dates.calendar import DayKind, KnownDay, OfficeDay, WorkCalendar
from core.dates.deadlines import SHANGHAI, DueDate, Mark, Step, Unit, due_date
from core.dates.periods import (
    Period,
    earlier_periods,
    moment_from_query,
    month_of,
    parse_period,
    period_from_query,
)
from core.dates.wording import ChainCell, chain_summary, day_chain, day_name, overdue_workdays, remaining_text

__all__ = [
    "SHANGHAI",
    "ChainCell",
    "DayKind",
    "DueDate",
    "KnownDay",
    "Mark",
    "OfficeDay",
    "Period",
    "Step",
    "Unit",
    "WorkCalendar",
    "chain_summary",
    "day_chain",
    "day_name",
    "due_date",
    "earlier_periods",
    "moment_from_query",
    "month_of",
    "overdue_workdays",
    "parse_period",
    "period_from_query",
    "remaining_text",
]
