"""The schedule as the office sees it and the scheduler runs it: what is due, what comes next, how it went (domain §8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from bulletins.models import Bulletin, ReportRun, ReportSchedule
from bulletins.rules.schedule import Occasion, Rule, backlog_begins, occasions
from core.clock import local_date
from core.dates import Period, WorkCalendar

#: How far ahead the next run is looked for: a year and a holiday.
AHEAD = timedelta(days=400)


def rule_of(schedule: ReportSchedule) -> Rule:
    """Return the rule a schedule sets."""
    return Rule(
        schedule.kind,
        schedule.at,
        weekday=schedule.weekday,
        day_of_month=schedule.day_of_month,
        month=schedule.month,
    )


def due_occasions(schedule: ReportSchedule, *, now: datetime, calendar: WorkCalendar) -> list[Occasion]:
    """Return what the schedule owes at the aware ``now``, oldest first: planned, not drafted, not skipped.

    A period is done with when any paper of the kind covers it, voided ones included: voiding one is a decision. A
    draft made by hand before its time is not it: its numbers end too early.
    """
    today, rule = local_date(now), rule_of(schedule)
    since = backlog_begins(rule, drafting_from=schedule.drafting_from, today=today, calendar=calendar)
    planned = [one for one in occasions(rule, since=since, until=today, calendar=calendar) if one.planned_at <= now]
    if not planned:
        return []
    done = covered_spans(schedule.kind)
    skipped = skipped_periods(schedule.kind)
    return [one for one in planned if one.period.text not in skipped and not is_done(one, done)]


class Span(NamedTuple):
    """The days of a paper, its cut-off, and where it stands."""

    start: date
    end: date
    cut_off: datetime
    status: str

    def covers(self, period: Period) -> bool:
        """Whether the paper is about all days of ``period``; two weeks merged into one cover both."""
        return self.start <= period.start and period.end <= self.end


def covered_spans(kind: str) -> list[Span]:
    """Return every paper of ``kind``."""
    rows = Bulletin.objects.unscoped("the scheduler asks what has been drafted")
    return [Span(*row) for row in rows.filter(kind=kind).values_list("from_on", "to_on", "cut_off", "status")]


def is_covered(period: Period, spans: Iterable[Span]) -> bool:
    """Return whether a paper covers all days of ``period``."""
    return any(span.covers(period) for span in spans)


def is_done(one: Occasion, spans: Iterable[Span]) -> bool:
    """Return whether a paper covers the occasion's period with the numbers it was to have."""
    wanted = min(one.period.ends_before, one.planned_at)
    return any(
        span.covers(one.period) and (span.status != Bulletin.Status.DRAFT or span.cut_off >= wanted) for span in spans
    )


def early_draft(one: Occasion) -> Bulletin | None:
    """Return the draft that covers the occasion's period, made before its time; None without one."""
    rows = Bulletin.objects.unscoped("the scheduler renews it")
    rows = rows.filter(kind=one.kind, status=Bulletin.Status.DRAFT, corrects=None)
    return rows.filter(from_on__lte=one.period.start, to_on__gte=one.period.end).order_by("id").first()


def skipped_periods(kind: str) -> set[str]:
    """Return the periods the office has decided not to draft."""
    rows = ReportRun.objects.filter(kind=kind, outcome=ReportRun.Outcome.SKIPPED)
    return set(rows.values_list("period", flat=True))


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One kind on the schedule page."""

    schedule: ReportSchedule
    next: Occasion | None
    due: list[Occasion]
    last: ReportRun | None


def schedule_lines(*, now: datetime, calendar: WorkCalendar) -> list[ScheduleLine]:
    """Return every kind with what is due, what comes next and how the last run went."""
    return [
        ScheduleLine(
            schedule,
            next_occasion(schedule, now=now, calendar=calendar) if schedule.enabled else None,
            due_occasions(schedule, now=now, calendar=calendar) if schedule.enabled else [],
            ReportRun.objects.filter(kind=schedule.kind).select_related("bulletin").first(),
        )
        for schedule in ReportSchedule.objects.order_by("id")
    ]


def next_occasion(schedule: ReportSchedule, *, now: datetime, calendar: WorkCalendar) -> Occasion | None:
    """Return the first planned moment after the aware ``now`` for a period that nobody has covered or skipped."""
    today, rule = local_date(now), rule_of(schedule)
    done, skipped = covered_spans(schedule.kind), skipped_periods(schedule.kind)
    for one in occasions(rule, since=today, until=today + AHEAD, calendar=calendar):
        if one.planned_at > now and one.period.text not in skipped and not is_done(one, done):
            return one
    return None


def latest_period(schedule: ReportSchedule, *, now: datetime, calendar: WorkCalendar) -> Period | None:
    """Return the newest period that has ended, or for the daily brief begun: what 「立即生成」 drafts."""
    today, rule = local_date(now), rule_of(schedule)
    ended = [
        one.period
        for one in occasions(rule, since=today - AHEAD, until=today + AHEAD, calendar=calendar)
        if one.period.end < today or (one.period.start == one.period.end == today)
    ]
    return ended[-1] if ended else None


def latest_runs(most: int = 50) -> QuerySet[ReportRun]:
    """Return the newest runs with their papers."""
    return ReportRun.objects.select_related("bulletin", "started_by")[:most]


def failures_by_period(kind: str) -> Mapping[str, datetime]:
    """Return when drafting a period last failed, by period."""
    rows = ReportRun.objects.filter(kind=kind, outcome=ReportRun.Outcome.FAILED).order_by("started_at")
    return dict(rows.values_list("period", "started_at"))
