"""When a report is wanted, when it is late, and when its date is closed (domain §4).

Pure: the calendar, the settings and the present moment are parameters. Nothing here is ever stored;
missing, late and locked follow from the clock, so nothing has to be "set" on time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar, day_name
from core.dates.calendar import each_day
from core.exceptions import InvalidInput
from indicators.models import DailyReport, Indicator

THURSDAY = 3
MONTHLY_DUE_DAY = 25

#: What makes a calendar day the due day of a frequency, before rest days are considered.
_DUE_DAYS = {
    Indicator.Frequency.DAILY: lambda day: True,
    Indicator.Frequency.WEEKLY: lambda day: day.weekday() == THURSDAY,
    Indicator.Frequency.MONTHLY: lambda day: day.day == MONTHLY_DUE_DAY,
}


@dataclass(frozen=True, slots=True)
class DispatchTimes:
    """The work calendar and the office's times of day (Asia/Shanghai) by which daily dispatch runs."""

    calendar: WorkCalendar
    cut_off: time
    remind_at: time
    lock_at: time
    reopened_until: time
    reopened_workdays: int

    def report_day(self, now: datetime) -> date:
        """Return the day that form, buttons and workbench act on: today, or the latest working day."""
        return self.calendar.workday_on_or_before(local_date(now))

    def cut_off_of(self, day: date) -> datetime:
        """Return until when a submission for ``day`` is on time."""
        return moment_of(day, self.cut_off)

    def reminder_of(self, day: date) -> datetime:
        """Return when those who have not reported ``day`` are reminded."""
        return moment_of(day, self.remind_at)

    def lock_of(self, day: date) -> datetime:
        """Return when ``day`` closes for departments: in the morning of the next working day."""
        return moment_of(self.calendar.next_workday(day), self.lock_at)

    def reopened_from(self, now: datetime) -> datetime:
        """Return until when a report returned at ``now`` is open to its department."""
        return moment_of(self.calendar.add_workdays(local_date(now), self.reopened_workdays), self.reopened_until)


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether a department may still write on a date, until when, and the sentence that says so."""

    is_closed: bool
    until: datetime
    sentence: str


class DayState(StrEnum):
    """One cell of the board, derived from report and clock (ui.md §7)."""

    ACCEPTED = "accepted"
    REPORTED = "reported"
    LATE = "late"
    RETURNED = "returned"
    WAITING = "waiting"
    MISSING = "missing"
    NOT_EXPECTED = "not_expected"


def moment_of(day: date, clock_time: time) -> datetime:
    """Return ``clock_time`` of ``day`` in Asia/Shanghai as an aware moment."""
    return datetime.combine(day, clock_time, SHANGHAI)


def is_due_on(day: date, frequency: str, calendar: WorkCalendar) -> bool:
    """Return whether an indicator dispatched at ``frequency`` is to be reported on ``day``.

    Daily ones on every working day; weekly ones on Thursday and monthly ones on the 25th, moved to the next
    working day when that is a rest day. So ``day`` is due when it, or a rest day just before it, is the due day.
    """
    if not calendar.is_workday(day):
        return False
    candidates = each_day(calendar.previous_workday(day) + timedelta(days=1), day)
    return any(_DUE_DAYS[Indicator.Frequency(frequency)](candidate) for candidate in candidates)


def check_report_date(day: date, *, now: datetime, times: DispatchTimes) -> None:
    """Raise InvalidInput at ``date`` for a rest day, a day to come, or one before the calendar begins."""
    today = local_date(now)
    if day > today:
        raise InvalidInput.at("date", f"{day_name(day, today)} 还没有到，不能提前填报", code="future_date")
    first_year = times.calendar.first_year
    if first_year is not None and day.year < first_year:
        raise InvalidInput.at("date", f"工作日历自{first_year}年起，不收更早的日报", code="before_calendar")
    if not times.calendar.is_workday(day):
        reason = times.calendar.name_of(day)
        raise InvalidInput.at("date", f"{day_name(day, today)} 是休息日（{reason}），不收日报", code="rest_day")


def closure_of(
    day: date, *, now: datetime, times: DispatchTimes, unlocked_until: datetime | None, reopened_until: datetime | None
) -> Closure:
    """Return whether ``day`` is closed for the department at ``now``, and the sentence why and until when.

    Args:
        day: a working day, today or earlier.
        unlocked_until: the end of the office's newest unlock of this indicator and date, if any.
        reopened_until: until when this report is open since it was returned, reopened or sent back, if it was.
    """
    today = local_date(now)
    locked_at = times.lock_of(day)
    until = max(moment for moment in (locked_at, unlocked_until, reopened_until) if moment is not None)
    name = day_name(day, today).partition(" ")[0]
    if now < until:
        why = "" if until == locked_at else ("营商办已解锁，" if until == unlocked_until else "退回后重新开放，")
        return Closure(False, until, f"{name}的日报{why}可填报至{clock_text(until, today)}")
    parts = [f"该日已锁定：{name}的日报于{clock_text(locked_at, today)} 锁定"]
    if until != locked_at:
        parts.append(f"重新开放的时间到{clock_text(until, today)} 为止")
    parts.append("在县营商办解锁之前不能填报，如需补报请联系县营商办")
    return Closure(True, until, "，".join(parts))


def clock_text(moment: datetime, today: date) -> str:
    """Return ``11月25日 10:00`` in Asia/Shanghai, with the year when it is not that of ``today``."""
    local = moment.astimezone(SHANGHAI)
    return f"{day_name(local.date(), today).partition(' ')[0]} {local:%H:%M}"


def is_late(submitted_at: datetime | None, day: date, times: DispatchTimes) -> bool:
    """Return whether a submission for ``day`` came after its cut-off; what was never submitted is not late."""
    return submitted_at is not None and submitted_at > times.cut_off_of(day)


def state_of_day(
    day: date,
    *,
    status: str | None,
    first_submitted_at: datetime | None,
    is_expected: bool,
    now: datetime,
    times: DispatchTimes,
) -> DayState:
    """Return how an (indicator, date) stands on the board.

    Args:
        day: the date.
        status: the report's state, None without a report.
        first_submitted_at: the submission with which it first reached 已报; None while it never did.
        is_expected: whether a report was wanted on that day.
    """
    if status == DailyReport.Status.ACCEPTED:
        return DayState.ACCEPTED
    if status == DailyReport.Status.REPORTED:
        return DayState.LATE if is_late(first_submitted_at, day, times) else DayState.REPORTED
    if status == DailyReport.Status.RETURNED or first_submitted_at is not None:
        # Reported once and now being corrected: it is not missing, whatever state the correction is in.
        return DayState.RETURNED
    if not is_expected and status is None:
        return DayState.NOT_EXPECTED
    return DayState.MISSING if now > times.cut_off_of(day) else DayState.WAITING


def missed_in_a_row(states: Iterable[DayState]) -> int:
    """Return how many of the latest states, oldest first, are 未报; days not expected and today's 待报 are passed over."""
    count = 0
    for state in reversed(list(states)):
        if state is DayState.MISSING:
            count += 1
        elif state not in (DayState.NOT_EXPECTED, DayState.WAITING):
            break
    return count
