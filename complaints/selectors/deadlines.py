"""When a complaint is due: the rule that applies, and what it comes to (domain §5, §6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints.models import Complaint, HandlingRound
from core.clock import local_date
from core.dates import SHANGHAI, DueDate, Unit, WorkCalendar, due_date
from core.dates.deadlines import END_OF_DAY
from core.models import DeadlineRule
from core.selectors.calendar import deadline_rule

Stage = DeadlineRule.Stage


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit with the due date it comes to."""

    amount: int
    unit: str
    start: datetime
    due: DueDate


def limit_of(complaint: Complaint, stage: str, start: datetime, calendar: WorkCalendar) -> Limit | None:
    """Return the limit of ``stage`` that begins at ``start``; None where no rule fits (a business case without grade).

    The rule in force on the day of ``start`` applies; an edit of the rules never reaches back.
    """
    rule = deadline_rule(
        matter=complaint.regime,
        stage=stage,
        on=local_date(start),
        complaint_type=complaint.type,
        urgency=complaint.urgency,
        grade=complaint.grade,
    )
    if rule is None:
        return None
    return Limit(rule.amount, rule.unit, start, due_date(calendar, start, rule.amount, rule.unit))


def explained_due_date(round_: HandlingRound, calendar: WorkCalendar) -> DueDate | None:
    """Return the round's own due date with every day counted; None when it was imported or there is none."""
    if round_.due_imported or not round_.limit_amount or round_.limit_from is None:
        return None
    return due_date(calendar, round_.limit_from, round_.limit_amount, round_.limit_unit)


def is_overdue(round_: HandlingRound, now: datetime) -> bool:
    """Return whether the round is open, running, without a standing submission, and past its effective due time."""
    due_at = running_due(round_)
    return due_at is not None and due_at < now


def clock_runs(round_: HandlingRound | None) -> bool:
    """Return whether time runs against the department: open, not suspended, no submission stands, a due date known."""
    return running_due(round_) is not None


def running_due(round_: HandlingRound | None) -> datetime | None:
    """Return the effective due time while the clock runs, else None."""
    if round_ is None or round_.ending != HandlingRound.Ending.OPEN:
        return None
    return None if round_.suspended_at or round_.submitted_at else round_.effective_due_at


def is_nearly_due(round_: HandlingRound, now: datetime, calendar: WorkCalendar) -> bool:
    """Return whether the running clock ends by the end of the next working day, or has a quarter or less left."""
    due_at = running_due(round_)
    if due_at is None or due_at < now:
        return False
    if due_at <= nearly_due_before(now, calendar):
        return True
    return quarter_left_from(round_.limit_from or round_.dispatched_at, due_at) <= now


def quarter_left_from(start: datetime, due_at: datetime) -> datetime:
    """Return the moment from which a quarter or less is left of a limit that runs from ``start`` to ``due_at``."""
    return due_at - (due_at - start) / 4


def running_clocks(round_: HandlingRound | None) -> dict[str, datetime | None]:
    """Return what a complaint repeats of its round's clock, for lists and the scan; None while it stands."""
    due_at = running_due(round_)
    if round_ is None or due_at is None:
        return {"clock_due_at": None, "clock_quarter_at": None}
    start = round_.limit_from or round_.dispatched_at
    return {"clock_due_at": due_at, "clock_quarter_at": quarter_left_from(start, due_at)}


def nearly_due_before(now: datetime, calendar: WorkCalendar) -> datetime:
    """Return the end of the next working day: what is due until then is nearly due."""
    next_day = calendar.next_workday(local_date(now))
    return end_of_day(next_day)


def end_of_day(day: date) -> datetime:
    """Return 23:59:59 of ``day`` in Asia/Shanghai, the moment a workday limit ends."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI)


def moved_by_workdays(moment: datetime, workdays: int, calendar: WorkCalendar) -> datetime:
    """Return the end of the day that many working days after the day of ``moment`` (an extension, domain §6)."""
    return end_of_day(shifted_by_workdays(moment, workdays, calendar).date())


def shifted_by_workdays(moment: datetime, workdays: int, calendar: WorkCalendar) -> datetime:
    """Return ``moment`` that many working days later, at the same time of day (a suspension); 0 changes nothing."""
    local = moment.astimezone(SHANGHAI)
    day = calendar.add_workdays(local.date(), workdays) if workdays else local.date()
    return datetime.combine(day, local.time(), SHANGHAI)


def longest_extension(round_: HandlingRound, calendar: WorkCalendar) -> int:
    """Return the most working days an extension may ask for: those from dispatch to due, at least 1 (domain §6)."""
    if round_.effective_due_at is None:
        return 1
    start, due = local_date(round_.limit_from or round_.dispatched_at), local_date(round_.effective_due_at)
    return max(1, calendar.workdays_between(start, due))


def is_short_limit(round_: HandlingRound) -> bool:
    """Return whether the limit is one working day or less: no nearly-due reminder is sent for it."""
    if round_.limit_unit in (Unit.WORK_HOUR, Unit.NATURAL_HOUR):
        return True
    if round_.limit_unit in (Unit.WORKDAY, Unit.NATURAL_DAY):
        return round_.limit_amount is not None and round_.limit_amount <= 1
    start = round_.limit_from or round_.dispatched_at
    return round_.effective_due_at is not None and round_.effective_due_at - start <= timedelta(days=1)
