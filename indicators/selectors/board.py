"""The dispatch board: every first-level indicator x the last working days, one character a cell (ui.md §6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.dates.calendar import WEEKDAYS
from core.kept import kept
from departments.models import Department
from indicators.models import Assignment, DailyReport, Indicator
from indicators.rules.report_dates import DayState, DispatchTimes, is_late, missed_in_a_row, state_of_day
from indicators.selectors.completeness import Tally
from indicators.selectors.expectation import expectations, first_level_indicators, lead_departments

DAYS = 14

#: What a state looks like in a cell: its character, style and full word.
_LOOKS = {
    DayState.ACCEPTED: ("采", "ok", "已采纳"),
    DayState.REPORTED: ("报", "in", "已报待审"),
    DayState.LATE: ("迟", "late", "迟报"),
    DayState.RETURNED: ("退", "back", "退回补正"),
    DayState.WAITING: ("待", "wait", "待报"),
    DayState.MISSING: ("未", "miss", "未报"),
    DayState.NOT_EXPECTED: ("", "none", "不要求报送"),
}
#: What is added to the word of a day without 已报 while a report is on its way.
_ON_ITS_WAY = {DailyReport.Status.DRAFT: "有草稿", DailyReport.Status.SUBMITTED: "待单位负责人审定"}


#: What the board may be narrowed to: code -> word and states of the day.
CHOICES = {
    "unreported": ("未报", frozenset({DayState.WAITING, DayState.MISSING})),
    "reported": ("待审核", frozenset({DayState.REPORTED, DayState.LATE})),
    "returned": ("退回", frozenset({DayState.RETURNED})),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One (indicator, date)."""

    state: DayState
    is_late: bool
    word: str
    report_id: int | None

    @property
    def character(self) -> str:
        """The one character."""
        return _LOOKS[self.state][0]

    @property
    def style(self) -> str:
        """The modifier of ``.cell--…``."""
        return _LOOKS[self.state][1]

    @property
    def has_corner(self) -> bool:
        """Whether an accepted report carries the corner mark of a late one."""
        return self.is_late and self.state is DayState.ACCEPTED


@dataclass(frozen=True, slots=True)
class BoardDay:
    """One column."""

    date: date
    word: str
    is_make_up: bool
    is_report_day: bool
    is_old: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One first-level indicator."""

    indicator: Indicator
    department: Department | None
    reporter: str
    days: list[BoardDay]
    cells: list[Cell]

    @property
    def dated_cells(self) -> list[tuple[BoardDay, Cell]]:
        """Each cell with its column."""
        return list(zip(self.days, self.cells, strict=True))

    @property
    def today(self) -> Cell:
        """The cell of the last column."""
        return self.cells[-1]

    @property
    def missed_in_a_row(self) -> int:
        """How many of the latest expected days are 未报."""
        return missed_in_a_row(cell.state for cell in self.cells)

    @property
    def hint(self) -> tuple[str, str] | None:
        """What stands out, as colour and word; None when nothing does."""
        if self.department is None:
            return "amber", "未定牵头单位"
        if self.today.state is DayState.RETURNED:
            return "red", "退回待改"
        if self.missed_in_a_row > 1:
            return "red", f"连续 {self.missed_in_a_row} 日未报"
        return None


@dataclass(frozen=True, slots=True)
class Board:
    """The board up to ``day`` with the day's counts."""

    day: date
    days: list[BoardDay]
    rows: list[BoardRow]

    def rows_in(self, choice: str) -> list[BoardRow]:
        """Return the rows whose day is in one of the states of ``CHOICES[choice]``; all for anything else."""
        states = CHOICES[choice][1] if choice in CHOICES else None
        return [row for row in self.rows if states is None or row.today.state in states]

    def count(self, *states: DayState) -> int:
        """Return how many of the day's cells are in one of ``states``."""
        return sum(row.today.state in states for row in self.rows)

    @property
    def tally(self) -> Tally:
        """The day's counts: 应报, 已报, on time."""
        came = [row.today for row in self.rows if row.today.state in _CAME]
        expected = self.count(*(_CAME | {DayState.WAITING, DayState.MISSING}))
        return Tally(expected, len(came), sum(not cell.is_late for cell in came))

    @property
    def late_count(self) -> int:
        """How many of the day's reports came late."""
        return sum(row.today.is_late for row in self.rows)

    @property
    def waiting_departments(self) -> list[Department]:
        """The departments from which something is missing, once each, in board order."""
        rows = (row for row in self.rows if row.today.state in (DayState.WAITING, DayState.MISSING))
        return list({row.department.pk: row.department for row in rows if row.department}.values())

    @property
    def waiting_count(self) -> int:
        """How many reports are missing so far."""
        return self.count(DayState.WAITING, DayState.MISSING)

    @property
    def arrival_note(self) -> str:
        """What became of those that came: 采纳 9，待审 13."""
        return f"采纳 {self.count(DayState.ACCEPTED)}　待审 {self.count(DayState.REPORTED, DayState.LATE)}"

    @property
    def waiting_note(self) -> str:
        """From how many units something is missing, and who missed several days in a row."""
        gone = [row.indicator.code for row in self.rows if row.missed_in_a_row > 1]
        units = f"{len(self.waiting_departments)} 个单位"
        return f"{units}　{'、'.join(gone[:3])} 连续多日未报" if gone else units

    @property
    def returned_note(self) -> str:
        """How many lie with their departments for correction."""
        return f"退回补正 {self.count(DayState.RETURNED)} 项"


_CAME = frozenset({DayState.ACCEPTED, DayState.REPORTED, DayState.LATE, DayState.RETURNED})


@kept
def dispatch_board(day: date, *, now: datetime, times: DispatchTimes, dimension: str = "") -> Board:
    """Return the board of the ``DAYS`` working days up to ``day``; the same queries for any number of rows.

    ``dimension`` narrows the rows. For whoever may see the board, who sees every department.
    """
    calendar = times.calendar
    days = [calendar.add_workdays(day, -offset) for offset in range(DAYS - 1, -1, -1)]
    filters = {"dimension": dimension} if dimension else {}
    indicators = list(first_level_indicators(applicable=True, **filters))
    ids = [row.pk for row in indicators]
    wanted = {(one.indicator_id, one.date) for one in expectations(days[0], days[-1], times=times)}
    reports = _reports(ids, days)
    leads = lead_departments(day, ids)
    departments = Department.objects.in_bulk(set(leads.values()))
    reporters = _reporters(ids)
    columns, rows = _columns(days, times), []
    for indicator in indicators:
        cells = [
            _cell(one, reports.get((indicator.pk, one)), (indicator.pk, one) in wanted, now=now, times=times)
            for one in days
        ]
        lead = departments.get(leads.get(indicator.pk))
        rows.append(BoardRow(indicator, lead, reporters.get(indicator.pk, ""), columns, cells))
    return Board(day, columns, rows)


def _reports(ids: list[int], days: list[date]) -> dict[tuple[int, date], tuple]:
    rows = DailyReport.objects.unscoped("the board is for those who see every department").filter(
        indicator__in=ids, date__range=(days[0], days[-1])
    )
    columns = ("indicator_id", "date", "pk", "status", "first_submitted_at")
    return {(row[0], row[1]): row[2:] for row in rows.order_by().values_list(*columns)}


def _cell(day: date, report: tuple | None, is_expected: bool, *, now: datetime, times: DispatchTimes) -> Cell:
    pk, status, first_submitted_at = report or (None, None, None)
    state = state_of_day(
        day,
        status=status,
        first_submitted_at=first_submitted_at,
        is_expected=is_expected,
        now=now,
        times=times,
    )
    late = is_late(first_submitted_at, day, times)
    word = _LOOKS[state][2]
    if status in _ON_ITS_WAY:
        word = f"{word}，{_ON_ITS_WAY[status]}"
    elif late and state is not DayState.LATE:
        word = f"{word}，迟报"
    return Cell(state, late, word, pk)


def _columns(days: Iterable[date], times: DispatchTimes) -> list[BoardDay]:
    days = list(days)
    return [
        BoardDay(
            date=one,
            word=WEEKDAYS[one.weekday()][-1],
            is_make_up=times.calendar.is_make_up(one),
            is_report_day=one == days[-1],
            is_old=position < len(days) - 5,
        )
        for position, one in enumerate(days)
    ]


def _reporters(ids: list[int]) -> dict[int, str]:
    """Return the name of each indicator's named reporter, where one is named."""
    rows = Assignment.objects.filter(
        indicator__in=ids, role=Assignment.Role.LEAD, valid_to=None, reporter__isnull=False
    )
    return dict(rows.values_list("indicator_id", "reporter__name"))
