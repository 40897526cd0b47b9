"""One tap for many: 今日无变化 for all of one's own, approval and acceptance of a selection (domain §4).

Each row is its own act with its own audit event; what fails is named and stops nobody else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from core.exceptions import DomainError, InvalidInput, Locked, NotAllowed
from indicators.models import DailyReport, Indicator
from indicators.rules.report_dates import check_report_date
from indicators.selectors.expectation import (
    dispatch_times,
    expectations,
    first_level_indicators,
    lead_departments,
)
from indicators.services.daily_reports.content import is_empty
from indicators.services.daily_reports.drafting import report_to_write, save_draft
from indicators.services.daily_reports.review import accept_report, approve_report
from indicators.services.daily_reports.submission import submit_report


class NothingToReport(DomainError):
    """今日无变化 would overwrite something or come too late (409)."""

    status_code = 409
    code = "holds_something"


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An indicator that 今日无变化 for all did not touch, and why."""

    indicator: Indicator
    reason: str
    code: str


@dataclass(slots=True)
class NoChangeResult:
    """What 今日无变化 came to: the reports now 已报, and what was left alone."""

    reported: list[DailyReport] = field(default_factory=list)
    left: list[LeftAlone] = field(default_factory=list)


@dataclass(slots=True)
class BulkResult:
    """What became of a selection: the rows done, and for each other one the row and the sentence."""

    done: list[DailyReport] = field(default_factory=list)
    failed: list[tuple[DailyReport, str]] = field(default_factory=list)


@transaction.atomic
def report_no_change(indicator: Indicator, *, day: date, actor, now: datetime) -> DailyReport:
    """Report 今日无变化 for one indicator in one tap: 已报 at once, no approval asked.

    A draft that already holds a value, text or evidence is left alone.

    Raises:
        NotAllowed, InvalidInput (rest day, day to come), Locked: as when writing a draft.
        NothingToReport: it is submitted already, or its draft holds something.
    """
    report = report_to_write(indicator, day=day, actor=actor, now=now)
    if reason := why_left_alone(report):
        raise NothingToReport(reason)
    report = save_draft(indicator, day=day, actor=actor, now=now, no_change=True)
    return submit_report(report, actor=actor, now=now)


def why_left_alone(report: DailyReport) -> str | None:
    """Return why 今日无变化 does not touch the report, None when it may."""
    if report.pk is None:
        return None
    if report.status != DailyReport.Status.DRAFT:
        return f"当前为“{report.get_status_display()}”"
    return None if is_empty(report) else "草稿里已有内容，请打开后提交"


@transaction.atomic
def report_all_no_change(*, day: date, actor, now: datetime, codes: Sequence[str] | None = None) -> NoChangeResult:
    """Report 今日无变化 for all of the actor's own indicators of ``day``, or for those of ``codes``.

    Raises:
        NotAllowed: a named indicator is led by another department, or the actor does not report.
        InvalidInput: a rest day, a day to come, or a code that is no first-level indicator.
        Locked: every one of them is locked.
    """
    indicators = _own_indicators(day, actor) if codes is None else _named_indicators(codes, day, actor)
    check_report_date(day, now=now, times=dispatch_times())
    result, locked = NoChangeResult(), None
    for indicator in indicators:
        try:
            with transaction.atomic():
                result.reported.append(report_no_change(indicator, day=day, actor=actor, now=now))
        except NotAllowed:
            raise
        except DomainError as error:
            locked = error if isinstance(error, Locked) else locked
            result.left.append(LeftAlone(indicator, error.detail, error.code))
    if locked and not result.reported and all(one.code == Locked.code for one in result.left):
        raise Locked(locked.detail)
    return result


def _own_indicators(day: date, actor) -> list[Indicator]:
    """Return the indicators that the actor's department was to report on ``day``."""
    times = dispatch_times()
    department = actor.scope_department_id
    if department is None:
        return []
    wanted = [one.indicator_id for one in expectations(day, day, times=times, department_id=department)]
    return list(first_level_indicators(pk__in=wanted))


def _named_indicators(codes: Sequence[str], day: date, actor) -> list[Indicator]:
    """Return the first-level indicators of ``codes`` in the order given, all led by the actor's department."""
    rows = {row.code: row for row in first_level_indicators(code__in=codes)}
    unknown = [(position, code) for position, code in enumerate(codes) if code not in rows]
    if unknown:
        position, code = unknown[0]
        raise InvalidInput.at(f"indicators[{position}]", f"没有一级指标 {code}", code="not_found")
    leads = lead_departments(day, [row.pk for row in rows.values()])
    for row in rows.values():
        if leads.get(row.pk) != actor.scope_department_id:
            raise NotAllowed(f"{row.code} {row.name} 的日报由牵头单位填报员或负责人填报")
    return [rows[code] for code in dict.fromkeys(codes)]


def approve_reports(reports: Iterable[DailyReport], *, actor, now: datetime) -> BulkResult:
    """Approve a selection, e.g. all of the day at once."""
    return _each(approve_report, reports, actor=actor, now=now)


def accept_reports(reports: Iterable[DailyReport], *, actor, now: datetime) -> BulkResult:
    """Accept a selection, e.g. all 今日无变化 at once."""
    return _each(accept_report, reports, actor=actor, now=now)


def _each(act: Callable, reports: Iterable[DailyReport], *, actor, now: datetime) -> BulkResult:
    """Do ``act`` on each row in its own transaction."""
    result = BulkResult()
    for report in reports:
        try:
            with transaction.atomic():
                result.done.append(act(report, actor=actor, now=now))
        except DomainError as error:
            result.failed.append((report, error.detail))
    return result
