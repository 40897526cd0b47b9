"""What waits for one person in daily dispatch: rows of the 工作台 and numbers beside the navigation."""

from datetime import datetime

from django.urls import reverse

from core.access import Permission
from core.clock import local_date
from core.dates import day_name
from core.panels import ToDo
from indicators.models import CoordinationItem, DailyReport, DispatchClassProposal
from indicators.rules.report_dates import DispatchTimes, moment_of
from indicators.selectors.expectation import dispatch_times, expectations
from indicators.selectors.own_day import (
    awaiting_approval,
    awaiting_review,
    evidence_owed,
    open_days,
    own_day,
    stale_values,
)
from indicators.workflow.daily_reports import EDITABLE

END_OF_DAY = datetime.max.time()


def daily_to_dos(user, now: datetime) -> list[ToDo]:
    """Return everything of daily dispatch that ``user`` has to do next, for the 工作台."""
    times, rows = dispatch_times(), []
    if user.can(Permission.REPORT) and user.scope_department_id is not None:
        rows += [*_to_report(user, now, times), *_to_make_up(user, now, times), *_to_check(user, now)]
        rows += _to_prove(user, now, times)
    if user.can(Permission.APPROVE_REPORTS) and user.scope_department_id is not None:
        rows += _to_approve(user, now, times)
    if user.can(Permission.REVIEW_REPORTS):
        rows += _to_review(user, now)
    if user.can(Permission.CONFIRM_DISPATCH_CLASS):
        rows += _to_confirm()
    return rows + _to_coordinate(user)


def _short(day, now: datetime) -> str:
    return day_name(day, local_date(now)).partition(" ")[0]


def _to_report(user, now: datetime, times: DispatchTimes) -> list[ToDo]:
    day = times.report_day(now)
    waiting = [card for card in own_day(user, day, now=now, times=times) if card.may_write and card.is_expected]
    if not waiting:
        return []
    names = "、".join(card.indicator.code for card in waiting)
    url = f"{reverse('indicators:daily_reports')}?date={day.isoformat()}"
    title = f"{_short(day, now)}日报还有 {len(waiting)} 项未报"
    return [ToDo(kind="填报", title=title, url=url, act="填报", due_at=times.cut_off_of(day), meta=names)]


def _to_make_up(user, now: datetime, times: DispatchTimes) -> list[ToDo]:
    return [
        ToDo(
            kind="补正" if row.status == "returned" else "补报",
            title=f"{row.indicator.code} {row.indicator.name} {_short(row.date, now)}日报",
            url=reverse("indicators:report_form", args=[row.indicator.code, row.date]),
            act="补正" if row.status == "returned" else "补报",
            due_at=row.until,
            meta=row.reason,
        )
        for row in open_days(user, now=now, times=times)
    ]


def _to_check(user, now: datetime) -> list[ToDo]:
    stale = stale_values(user, now=now)
    if not stale:
        return []
    url = f"{reverse('indicators:daily_reports')}#stale"
    meta = "、".join(leaf.facts.name for leaf in stale[:3])
    return [ToDo(kind="核对", title=f"{len(stale)} 个数值很久没有核对", url=url, act="核对", meta=meta)]


def _to_prove(user, now: datetime, times: DispatchTimes) -> list[ToDo]:
    return [
        ToDo(
            kind="佐证",
            title=f"{row.code} {row.name} {_short(row.date, now)}日报佐证待补",
            url=reverse("indicators:report_evidence", args=[row.report_id]),
            act="补交",
            due_at=moment_of(row.due_on, END_OF_DAY),
        )
        for row in evidence_owed(user, now=now, times=times)
    ]


def _to_approve(user, now: datetime, times: DispatchTimes) -> list[ToDo]:
    return [
        ToDo(
            kind="审定",
            title=f"{report.indicator.code} {report.indicator.name} {_short(report.date, now)}日报待审定",
            url=report.get_absolute_url(),
            act="审定",
            due_at=times.lock_of(report.date),
            meta=f"{report.submitted_by} 提交",
        )
        for report in awaiting_approval(user)
    ]


def _to_review(user, now: datetime) -> list[ToDo]:
    rows = awaiting_review(user)
    no_change, others = rows.filter(no_change=True), rows.filter(no_change=False)
    review = reverse("indicators:dispatch_review")
    to_dos = [
        ToDo(
            kind="审核",
            title=f"{report.indicator.code} {report.indicator.name} {_short(report.date, now)}日报",
            url=report.get_absolute_url(),
            act="审核",
            meta=str(report.department),
        )
        for report in others[:20]
    ]
    if count := no_change.count():
        url = f"{review}?view=no_change"
        to_dos.append(ToDo(kind="审核", title=f"{count} 项“今日无变化”待采纳", url=url, act="采纳"))
    return to_dos


def _to_confirm() -> list[ToDo]:
    count = DispatchClassProposal.objects.filter(decision=DispatchClassProposal.Decision.OPEN).count()
    if not count:
        return []
    url = reverse("indicators:dispatch_classes")
    return [ToDo(kind="确认", title=f"{count} 项指标建议调整调度类别", url=url, act="确认")]


def _to_coordinate(user) -> list[ToDo]:
    """Return the open items that are one's own, and for the office those without an owner."""
    rows = CoordinationItem.objects.visible_to(user).filter(status=CoordinationItem.Status.OPEN)
    mine = rows.filter(owner=user.pk)
    if user.can(Permission.KEEP_COORDINATION):
        mine = mine | rows.filter(owner=None)
    return [
        ToDo(
            kind=item.get_origin_display(),
            title=f"{item.indicator.code} {item.indicator.name}：{item.text}"[:60],
            url=item.get_absolute_url(),
            act="答复" if item.owner_id else "交办",
            due_at=moment_of(item.due_on, END_OF_DAY) if item.due_on else None,
        )
        for item in mine.select_related("indicator")
    ]


def count_of_reports(user, now: datetime) -> int:
    """Return the number beside 日调度填报: what one's department still has to report, or its head to approve."""
    if not user.can(Permission.REPORT) or user.scope_department_id is None:
        return 0
    times, department = dispatch_times(), user.scope_department_id
    day = times.report_day(now)
    wanted = expectations(day, day, times=times, department_id=department)
    reports = DailyReport.objects.visible_to(user).filter(date=day, department=department)
    done = set(reports.exclude(status__in=EDITABLE).values_list("indicator_id", flat=True))
    count = sum(one.indicator_id not in done for one in wanted)
    return count + (awaiting_approval(user).count() if user.can(Permission.APPROVE_REPORTS) else 0)


def count_of_reviews(user, now: datetime) -> int:
    """Return the number beside 日调度看板: the reports that wait for the office."""
    return awaiting_review(user).count() if user.can(Permission.REVIEW_REPORTS) else 0
