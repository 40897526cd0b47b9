"""Whoever must act next on a daily report is told, in the transaction of the act (domain §1, Messages).

One message per row and state: the key names both, and the version tells a second return from the first.
"""

from datetime import datetime

from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.clock import local_date
from core.dates import day_name
from indicators.models import DailyReport, DateUnlock
from indicators.rules.daily_reports import is_plain_no_change


def report_title(report: DailyReport, now: datetime) -> str:
    """Return ``A08 获得用气 11月25日日报``."""
    day = day_name(report.date, local_date(now)).partition(" ")[0]
    return f"{report.indicator.code} {report.indicator.name} {day}日报"


def tell_submitted(report: DailyReport, *, now: datetime) -> None:
    """Tell the department's heads that a report waits for their approval."""
    heads = people_with_permission(Permission.APPROVE_REPORTS, department=report.department_id)
    _tell(heads, report, "submitted", f"{report_title(report, now)}待审定", now=now)


def tell_reported(report: DailyReport, *, now: datetime) -> None:
    """Tell the office that a report waits for review; all 今日无变化 of a day are one message."""
    office = people_with_permission(Permission.REVIEW_REPORTS)
    if is_plain_no_change(report):
        day = day_name(report.date, local_date(now)).partition(" ")[0]
        notify(
            office,
            kind="daily_report.no_change",
            title=f"{day}有“今日无变化”待采纳",
            url=f"{reverse('indicators:dispatch_review')}?date={report.date.isoformat()}",
            key=f"daily_report:no_change:{report.date.isoformat()}",
            now=now,
        )
        return
    _tell(office, report, "reported", f"{report_title(report, now)}待审核", now=now)


def tell_sent_back(report: DailyReport, *, reason: str, now: datetime) -> None:
    """Tell the department's reporters that the head wants it changed."""
    _tell(
        _reporters(report.department_id),
        report,
        "sent_back",
        f"{report_title(report, now)}被退回修改：{reason}",
        now=now,
    )


def tell_returned(report: DailyReport, *, reason: str, now: datetime) -> None:
    """Tell the department that the office returned or reopened a report."""
    _tell(
        _reporters(report.department_id),
        report,
        "returned",
        f"{report_title(report, now)}被退回补正：{reason}",
        now=now,
    )


def tell_unlocked(unlock: DateUnlock, *, department_id: int | None, now: datetime) -> None:
    """Tell the lead department that a closed date is open again, and until when."""
    if department_id is None:
        return
    today = local_date(now)
    day = day_name(unlock.date, today).partition(" ")[0]
    notify(
        _reporters(department_id),
        kind="daily_report.unlocked",
        title=f"{unlock.indicator.code} {unlock.indicator.name} {day}已解锁，请补报：{unlock.reason}",
        url=reverse("indicators:report_form", args=[unlock.indicator.code, unlock.date]),
        key=f"date_unlock:{unlock.pk}",
        now=now,
    )


def _reporters(department_id: int):
    """Return everybody of the department who may write reports, its heads included."""
    return people_with_permission(Permission.REPORT, department=department_id)


def _tell(people, report: DailyReport, state: str, title: str, *, now: datetime) -> None:
    notify(
        people,
        kind=f"daily_report.{state}",
        title=title,
        url=report.get_absolute_url(),
        key=f"daily_report:{report.pk}:{state}:{report.version}",
        now=now,
    )
