"""What the office may decide ahead of the clock: periods to skip, holiday weeks to merge with a neighbour (domain §8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bulletins.models import ReportSchedule
from bulletins.rules.schedule import WEEKLY, Occasion, occasions
from bulletins.selectors.schedule import covered_spans, due_occasions, is_covered, rule_of, skipped_periods
from core.clock import local_date
from core.dates import Period, WorkCalendar, parse_period
from core.forms.periods import week_code

ONE_DAY = timedelta(days=1)
#: How far ahead the office is asked: a holiday and the week after it.
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class MergeHint:
    """A week without a working day, and what it would make with each neighbour that has no paper yet."""

    kind: str
    week: Period
    with_last: Period | None
    with_next: Period


def open_occasions(schedule: ReportSchedule, *, now: datetime, calendar: WorkCalendar) -> list[Occasion]:
    """Return what is due and what is planned in the next four weeks without a paper or a decision, oldest first."""
    today = local_date(now)
    done, skipped = covered_spans(schedule.kind), skipped_periods(schedule.kind)
    ahead = [
        one
        for one in occasions(rule_of(schedule), since=today, until=today + AHEAD, calendar=calendar)
        if one.planned_at > now and one.period.text not in skipped and not is_covered(one.period, done)
    ]
    return [*due_occasions(schedule, now=now, calendar=calendar), *ahead]


def merge_hints(schedules: Iterable[ReportSchedule], *, now: datetime, calendar: WorkCalendar) -> list[MergeHint]:
    """Return one hint for each open week of a weekly kind that is switched on and has no working day."""
    hints = []
    for schedule in schedules:
        if schedule.kind not in WEEKLY or not schedule.enabled:
            continue
        done = covered_spans(schedule.kind)
        for one in open_occasions(schedule, now=now, calendar=calendar):
            week = one.period
            if calendar.workdays(week.start, week.end):
                continue
            last = parse_period(week_code(week.start - ONE_DAY))
            following = parse_period(week_code(week.end + ONE_DAY))
            hints.append(
                MergeHint(
                    schedule.kind,
                    week,
                    None if is_covered(last, done) else _joined(last, week),
                    _joined(week, following),
                )
            )
    return hints


def _joined(first: Period, second: Period) -> Period:
    return Period("range", first.start, second.end, f"{first.start.isoformat()}..{second.end.isoformat()}")
