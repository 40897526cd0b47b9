"""催报: one digest per department and hour; at 16:30 by itself (domain §4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.dates import SHANGHAI, day_name
from core.exceptions import InvalidInput, NotAllowed
from core.ledger import claim_run
from departments.models import Department
from indicators.rules.report_dates import DispatchTimes, check_report_date, clock_text
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.unreported import DayStanding, Unreported, standing_of_day

HOURLY = "daily_digest"


@dataclass(slots=True)
class Reminders:
    """Who was reminded, who was not and why, and the text for the work group."""

    reminded: list[Department] = field(default_factory=list)
    skipped: list[tuple[Department, str]] = field(default_factory=list)
    text: str = ""


@transaction.atomic
def remind_departments(day: date, *, actor, now: datetime, codes: Sequence[str] | None = None) -> Reminders:
    """Send the departments that have not reported ``day`` one digest each (R1 R2), at most one an hour.

    Args:
        codes: only these departments; None for all. One that has nothing missing is skipped and named.

    Raises:
        NotAllowed: the actor is not the office.
        InvalidInput: a rest day, a day to come, or an unknown code at ``departments[n]``.
    """
    if not actor.can(Permission.REMIND_DEPARTMENTS):
        raise NotAllowed("催报由县营商办办理")
    times = dispatch_times()
    check_report_date(day, now=now, times=times)
    named = _named_departments(codes)
    standing = standing_of_day(day, now=now, times=times, department_codes=codes)
    result = Reminders(text=group_text(standing, now=now, times=times))
    for unreported in standing.missing:
        if _send_digest(unreported, day, now=now, times=times):
            result.reminded.append(unreported.department)
            record_event(
                actor=actor,
                action="indicators.dailyreport.remind",
                target=unreported.department,
                after={"date": day, "indicators": [row.code for row in unreported.indicators]},
                now=now,
            )
        else:
            result.skipped.append((unreported.department, "一小时内已催报过"))
    missing = {unreported.department.pk for unreported in standing.missing}
    result.skipped += [(row, "没有未报的指标") for row in named if row.pk not in missing]
    return result


def send_digests(standing: DayStanding, *, now: datetime, times: DispatchTimes) -> list[Department]:
    """Send every department of ``standing`` its digest by the system; return those that had none this hour."""
    return [
        unreported.department
        for unreported in standing.missing
        if _send_digest(unreported, standing.date, now=now, times=times)
    ]


def _named_departments(codes: Sequence[str] | None) -> list[Department]:
    if codes is None:
        return []
    rows = {row.code: row for row in Department.objects.filter(code__in=codes)}
    for position, code in enumerate(codes):
        if code not in rows:
            raise InvalidInput.at(f"departments[{position}]", f"没有代码为 {code} 的单位", code="not_found")
    return list(rows.values())


def _send_digest(unreported: Unreported, day: date, *, now: datetime, times: DispatchTimes) -> bool:
    """Send one department its digest unless it had one this hour; return whether it was sent."""
    hour = now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H")
    if not claim_run(HOURLY, f"{unreported.department.code}:{day.isoformat()}:{hour}", now=now):
        return False
    today = local_date(now)
    name = day_name(day, today).partition(" ")[0]
    names = "、".join(f"{row.code} {row.name}" for row in unreported.indicators)
    deadline = times.cut_off_of(day) if now <= times.cut_off_of(day) else times.lock_of(day)
    closing = f"请于{clock_text(deadline, today)} 前填报" if now < deadline else "该日已锁定，补报请联系县营商办"
    notify(
        people_with_permission(Permission.REPORT, department=unreported.department),
        kind="daily_report.remind",
        title=f"{name}日报还有 {len(unreported.indicators)} 项未报，{closing}",
        body=names,
        url=f"{reverse('indicators:daily_reports')}?date={day.isoformat()}",
        key=f"daily_digest:{day.isoformat()}:{hour}",
        now=now,
    )
    return True


def group_text(standing: DayStanding, *, now: datetime, times: DispatchTimes) -> str:
    """Return 「复制到工作群」: plain text of units and counts, no persons and no content."""
    today = local_date(now)
    name = day_name(standing.date, today).partition(" ")[0]
    head = f"【日调度】{name}应报 {standing.tally.expected} 项，已报 {standing.tally.actual} 项"
    if not standing.missing:
        return f"{head}，已全部报送。"
    units = "、".join(f"{row.department.short_name} {len(row.indicators)} 项" for row in standing.missing)
    cut_off = times.cut_off_of(standing.date)
    deadline = cut_off if now <= cut_off else times.lock_of(standing.date)
    closing = f"请于{clock_text(deadline, today)} 前填报。" if now < deadline else "该日已锁定，补报请联系县营商办。"
    return f"{head}，未报：{units}。{closing}"
