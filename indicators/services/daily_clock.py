"""What the clock does for daily dispatch: reminder, cut-off, lock (domain §4).

Nothing is stored by these acts but their ledger row: late, missing and locked follow from the time. They tell
people. Each takes every working day that is due and not in the ledger, so that running twice, late, or not at
all for a night does no harm; the backlog is bounded, because nobody needs last month's reminder.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.clock import local_date
from core.dates import day_name
from core.ledger import claim_run, runs_done
from indicators.rules.report_dates import DispatchTimes
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.unreported import DayStanding, standing_of_day
from indicators.services.reminders import send_digests

REMIND, CUT_OFF, LOCK = "daily_remind", "daily_cut_off", "daily_lock"
BACKLOG_WORKDAYS = 5


def remind_due(*, now: datetime) -> list[date]:
    """Remind whoever has not reported at 16:30 (setting); return the days now in the ledger.

    At most once a day and department: the claim and the messages are one transaction. A day whose lock has
    passed meanwhile is entered without a message.
    """
    times = dispatch_times()
    return _run_due(REMIND, times.reminder_of, _remind, now=now, times=times)


def cut_off_due(*, now: datetime) -> list[date]:
    """Tell the office at the cut-off how the day stands; what is missing now is 未报, what comes now is late."""
    times = dispatch_times()
    return _run_due(CUT_OFF, times.cut_off_of, _tell_cut_off, now=now, times=times)


def lock_due(*, now: datetime) -> list[date]:
    """Tell the departments at the lock which of their reports were not submitted and whom to ask."""
    times = dispatch_times()
    return _run_due(LOCK, times.lock_of, _tell_lock, now=now, times=times)


def _run_due(
    kind: str,
    moment_of_day: Callable[[date], datetime],
    act: Callable[..., None],
    *,
    now: datetime,
    times: DispatchTimes,
) -> list[date]:
    """Do ``act`` for each working day whose moment has come and that is not in the ledger of ``kind``."""
    calendar, today = times.calendar, local_date(now)
    first = calendar.add_workdays(today, -BACKLOG_WORKDAYS)
    days = [day for day in calendar.workdays(first, today) if moment_of_day(day) <= now]
    known = runs_done(kind, [day.isoformat() for day in days])
    done = []
    for day in days:
        if day.isoformat() in known:
            continue
        with transaction.atomic():
            standing = standing_of_day(day, now=now, times=times)
            detail = {"expected": standing.tally.expected, "actual": standing.tally.actual}
            if claim_run(kind, day.isoformat(), now=now, detail=detail):
                act(standing, now=now, times=times)
                done.append(day)
    return done


def _remind(standing: DayStanding, *, now: datetime, times: DispatchTimes) -> None:
    if now < times.lock_of(standing.date):
        send_digests(standing, now=now, times=times)


def _tell_cut_off(standing: DayStanding, *, now: datetime, times: DispatchTimes) -> None:
    if not standing.tally.expected or now >= times.lock_of(standing.date):
        return
    name = day_name(standing.date, local_date(now)).partition(" ")[0]
    tally = standing.tally
    notify(
        people_with_permission(Permission.REMIND_DEPARTMENTS),
        kind="daily_report.cut_off",
        title=f"{name}日报已截止：应报 {tally.expected}，已报 {tally.actual}，未报 {standing.missing_count}",
        url=f"{reverse('indicators:dispatch')}?date={standing.date.isoformat()}",
        key=f"daily_cut_off:{standing.date.isoformat()}",
        now=now,
    )


def _tell_lock(standing: DayStanding, *, now: datetime, times: DispatchTimes) -> None:
    name = day_name(standing.date, local_date(now)).partition(" ")[0]
    for unreported in standing.missing:
        notify(
            people_with_permission(Permission.REPORT, department=unreported.department),
            kind="daily_report.locked",
            title=f"{name}日报已锁定，有 {len(unreported.indicators)} 项未报，补报请联系县营商办解锁",
            body="、".join(f"{row.code} {row.name}" for row in unreported.indicators),
            url=f"{reverse('indicators:daily_reports')}?date={standing.date.isoformat()}",
            key=f"daily_lock:{standing.date.isoformat()}",
            now=now,
        )
