"""Due dates that explain themselves day by day (domain §5; cases: ``tests/data/due_dates.csv``)."""

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.dates.calendar import ONE_DAY, WorkCalendar, each_day
from core.exceptions import InvalidInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(23, 59, 59)


class Unit(StrEnum):
    """In what a limit is counted; the codes of ``DeadlineRule.unit`` and of the API."""

    WORK_HOUR = "work_hour"
    NATURAL_HOUR = "natural_hour"
    WORKDAY = "workday"
    NATURAL_DAY = "natural_day"
    NATURAL_MONTH = "natural_month"


# Ten years: a larger amount is a typing error, and the chain of days would not be readable.
LARGEST_AMOUNT = {
    Unit.WORK_HOUR: 17_500,
    Unit.NATURAL_HOUR: 87_600,
    Unit.WORKDAY: 2_500,
    Unit.NATURAL_DAY: 3_660,
    Unit.NATURAL_MONTH: 120,
}


class Mark(StrEnum):
    """How a step is drawn in the chain of days."""

    START = "start"
    COUNTED = "counted"
    MAKE_UP = "make_up"
    REST = "rest"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the explanation: whether it was counted, and the Chinese reason."""

    date: date
    counted: bool
    reason: str
    mark: Mark = Mark.COUNTED


@dataclass(frozen=True, slots=True)
class DueDate:
    """The answer: due day and moment (Asia/Shanghai), whether it rests on a presumed year, and why."""

    due_on: date
    due_at: datetime
    provisional: bool
    steps: tuple[Step, ...] = field(repr=False)


def due_date(calendar: WorkCalendar, start: datetime, amount: int, unit: str) -> DueDate:
    """Return when a limit of ``amount`` ``unit`` that begins at the aware ``start`` ends (domain §5).

    The start day is not counted for days and months; hours run from the moment itself. Workdays and
    natural limits end at 23:59:59 of the due day, hours at the moment they are used up. Natural limits
    that end on a rest day move to the next working day. Raises ``InvalidInput`` for a naive or too early
    start, an amount that is not a whole number from 1 up, or an unknown unit.
    """
    unit = _checked_unit(unit)
    _check_amount(amount, unit)
    if start.tzinfo is None:
        raise InvalidInput.at("start", "起算时间应带时区")
    start = start.astimezone(SHANGHAI)
    calendar.check_year(start.date())
    due_at, steps = _COUNT[unit](calendar, start, amount)
    steps[-1] = replace(steps[-1], mark=Mark.DUE)
    provisional = any(calendar.is_presumed(step.date) for step in steps)
    return DueDate(due_at.date(), due_at, provisional, tuple(steps))


def _checked_unit(unit: str) -> Unit:
    try:
        return Unit(unit)
    except ValueError:
        raise InvalidInput.at("unit", f"时限单位应为 {'、'.join(Unit)} 之一", code="invalid_choice") from None


def _check_amount(amount: int, unit: Unit) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 1:
        raise InvalidInput.at("amount", "时限应为 1 以上的整数")
    if amount > LARGEST_AMOUNT[unit]:
        raise InvalidInput.at("amount", f"时限应在 1 到 {LARGEST_AMOUNT[unit]} 之间")


def _start_step(start: date) -> Step:
    return Step(start, False, "起算日不计", Mark.START)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, SHANGHAI)


def _rest_step(calendar: WorkCalendar, day: date, suffix: str = "不计") -> Step:
    return Step(day, False, f"{calendar.name_of(day)}，{suffix}", Mark.REST)


def _count_workdays(calendar: WorkCalendar, start: datetime, amount: int) -> tuple[datetime, list[Step]]:
    steps, day, counted = [_start_step(start.date())], start.date(), 0
    while counted < amount:
        day += ONE_DAY
        if not calendar.is_workday(day):
            steps.append(_rest_step(calendar, day))
            continue
        counted += 1
        if calendar.is_make_up(day):
            steps.append(Step(day, True, f"第{counted}日（调休上班）", Mark.MAKE_UP))
        else:
            steps.append(Step(day, True, f"第{counted}日"))
    return _end_of(day), steps


def _count_natural_days(calendar: WorkCalendar, start: datetime, amount: int) -> tuple[datetime, list[Step]]:
    last = start.date() + timedelta(days=amount)
    steps = [_start_step(start.date())]
    for number, day in enumerate(each_day(start.date() + ONE_DAY, last), start=1):
        steps.append(Step(day, True, f"第{number}日"))
    return _end_on_workday(calendar, steps)


def _count_natural_months(calendar: WorkCalendar, start: datetime, amount: int) -> tuple[datetime, list[Step]]:
    last, shortened = _months_later(start.date(), amount)
    steps = [_start_step(start.date())]
    for day in each_day(start.date() + ONE_DAY, last - ONE_DAY):
        steps.append(Step(day, True, "计入"))
    reason = f"满{amount}个月" + ("，当月无对应日，取月末" if shortened else "")
    steps.append(Step(last, True, reason))
    return _end_on_workday(calendar, steps)


def _months_later(day: date, amount: int) -> tuple[date, bool]:
    """Return the same day number ``amount`` months on, and whether the month was too short for it."""
    years, month = divmod(day.month - 1 + amount, 12)
    year, month = day.year + years, month + 1
    length = monthrange(year, month)[1]
    return date(year, month, min(day.day, length)), day.day > length


def _end_on_workday(calendar: WorkCalendar, steps: list[Step]) -> tuple[datetime, list[Step]]:
    """Move the end of a natural limit off a rest day, adding the days it moves over."""
    moved = _moved_off_rest(calendar, steps)
    return _end_of(moved[-1].date), moved


def _moved_off_rest(calendar: WorkCalendar, steps: list[Step]) -> list[Step]:
    *before, last = steps
    if calendar.is_workday(last.date):
        if calendar.is_make_up(last.date):
            last = Step(last.date, True, f"{last.reason}（调休上班，不顺延）", Mark.MAKE_UP)
        return [*before, last]
    moved = [*before, Step(last.date, True, f"{last.reason}，{calendar.name_of(last.date)}，顺延", Mark.REST)]
    day = last.date + ONE_DAY
    while not calendar.is_workday(day):
        moved.append(_rest_step(calendar, day, "顺延"))
        day += ONE_DAY
    mark = Mark.MAKE_UP if calendar.is_make_up(day) else Mark.COUNTED
    return [*moved, Step(day, True, "顺延至此", mark)]


def _count_natural_hours(calendar: WorkCalendar, start: datetime, amount: int) -> tuple[datetime, list[Step]]:
    """Hours run from the moment itself; an end on a rest day keeps its clock time on the next working day."""
    end = start + timedelta(hours=amount)
    steps = [Step(day, True, "连续计时") for day in each_day(start.date(), end.date())]
    steps[0] = Step(start.date(), True, f"{start:%H:%M}起连续计时", Mark.START)
    if len(steps) > 1:
        steps[-1] = Step(end.date(), True, f"满{amount}小时")
    moved = _moved_off_rest(calendar, steps)
    return datetime.combine(moved[-1].date, end.time(), SHANGHAI), moved


def _count_work_hours(calendar: WorkCalendar, start: datetime, amount: int) -> tuple[datetime, list[Step]]:
    left, day, steps = timedelta(hours=amount), start.date(), []
    while True:
        if not calendar.is_workday(day):
            steps.append(_rest_step(calendar, day))
        else:
            used, end = _use_office_hours(calendar, day, start, left)
            left -= used
            steps.append(_hours_step(calendar, day, used))
            if not left:
                return end, steps
        day += ONE_DAY


def _use_office_hours(
    calendar: WorkCalendar, day: date, start: datetime, left: timedelta
) -> tuple[timedelta, datetime]:
    """Return how much of ``left`` the office hours of ``day`` after ``start`` take, and when that is used up."""
    used, end = timedelta(0), start
    for opening, closing in calendar.office_day(day).spans:
        begins = max(datetime.combine(day, opening, SHANGHAI), start)
        open_for = datetime.combine(day, closing, SHANGHAI) - begins
        if open_for <= timedelta(0) or used == left:
            continue
        taken = min(open_for, left - used)
        used, end = used + taken, begins + taken
    return used, end


def _hours_step(calendar: WorkCalendar, day: date, used: timedelta) -> Step:
    minutes, seconds = divmod(int(used.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if not used:
        return Step(day, False, "已过办公时间，不计", Mark.START)
    parts = [f"{hours}小时" if hours else "", f"{minutes}分" if minutes else "", f"{seconds}秒" if seconds else ""]
    make_up = calendar.is_make_up(day)
    reason = f"计{''.join(parts)}" + ("（调休上班）" if make_up else "")
    return Step(day, True, reason, Mark.MAKE_UP if make_up else Mark.COUNTED)


def within_office_hours(calendar: WorkCalendar, moment: datetime) -> bool:
    """Return whether the office is open at the aware ``moment``: a working day, and morning or afternoon hours."""
    local = moment.astimezone(SHANGHAI)
    if not calendar.is_workday(local.date()):
        return False
    return any(opening <= local.time() < closing for opening, closing in calendar.office_day(local.date()).spans)


_COUNT = {
    Unit.WORK_HOUR: _count_work_hours,
    Unit.NATURAL_HOUR: _count_natural_hours,
    Unit.WORKDAY: _count_workdays,
    Unit.NATURAL_DAY: _count_natural_days,
    Unit.NATURAL_MONTH: _count_natural_months,
}
