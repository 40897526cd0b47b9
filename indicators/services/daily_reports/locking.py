"""Dates close by the clock; the office opens one again with a reason and an end (domain §4)."""

from datetime import date, datetime

from django.db import transaction

from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed
from indicators.models import DailyReport, DateUnlock, Indicator
from indicators.rules.report_dates import check_report_date
from indicators.selectors.expectation import dispatch_times, lead_department_id
from indicators.services.daily_reports.messages import tell_unlocked


@transaction.atomic
def unlock_date(indicator: Indicator, *, day: date, reason: str, until: datetime, actor, now: datetime) -> DateUnlock:
    """Open (``indicator``, ``day``) to its lead department until the aware ``until``, with or without a report.

    R1 and R2 only. The department is told. A later unlock of the same date replaces an earlier one, so the
    office may also shorten it.

    Raises:
        NotAllowed: the actor is not the office.
        InvalidInput: a rest day, a day to come, an end that is past, or no reason.
    """
    if not actor.can(Permission.UNLOCK_DATES):
        raise NotAllowed("解锁由县营商办办理")
    check_report_date(day, now=now, times=dispatch_times())
    if until <= now:
        raise InvalidInput.at("until", "开放截止时间应晚于现在")
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明理由", code="required")
    unlock = DateUnlock.objects.create(
        indicator=indicator, date=day, reason=reason.strip(), until=until, unlocked_by=actor, unlocked_at=now
    )
    record_event(
        actor=actor,
        action="indicators.dateunlock.create",
        target=unlock,
        after={"indicator": indicator.code, "date": day, "until": until},
        purpose=reason,
        now=now,
    )
    tell_unlocked(unlock, department_id=lead_department_id(indicator, day), now=now)
    return unlock


def report_of(indicator: Indicator, day: date) -> DailyReport | None:
    """Return the report of (``indicator``, ``day``), None while nobody has begun one."""
    rows = DailyReport.objects.unscoped("the service checks the actor against the report's department")
    return rows.select_related("indicator", "department").filter(indicator=indicator, date=day).first()
