"""The head approves, the office reviews (domain §4). What was submitted before the lock may be approved after it."""

from datetime import datetime

from django.db import transaction

from core.exceptions import InvalidInput
from indicators.models import DailyReport
from indicators.selectors.expectation import dispatch_times, judge_closure
from indicators.services.daily_reports.messages import tell_returned, tell_sent_back
from indicators.services.daily_reports.observations import accept_values
from indicators.services.daily_reports.submission import reported_moments, send_out
from indicators.workflow.daily_reports import DAILY_REPORT


@transaction.atomic
def approve_report(report: DailyReport, *, actor, now: datetime) -> DailyReport:
    """Approve what was submitted (R5); on time or late was decided by the submission."""
    judge_closure(report, now=now)
    DAILY_REPORT.check("approve", report, actor=actor)
    moments = reported_moments(report, submitted_at=report.submitted_at, now=now)
    DAILY_REPORT.apply("approve", report, actor=actor, now=now, approved_by=actor, **moments)
    send_out(report, actor=actor, now=now)
    return report


@transaction.atomic
def send_back_report(report: DailyReport, *, actor, reason: str, now: datetime) -> DailyReport:
    """Give a submitted report back to the reporter (R5); after the lock it is open until the next working day."""
    times = dispatch_times()
    judge_closure(report, now=now, times=times)
    DAILY_REPORT.check("send_back", report, actor=actor)
    opening = {"open_until": times.reopened_from(now)} if now >= times.lock_of(report.date) else {}
    _give_back("send_back", report, actor=actor, reason=reason, now=now, **opening)
    tell_sent_back(report, reason=report.return_reason, now=now)
    return judge_closure(report, now=now, times=times)


@transaction.atomic
def accept_report(report: DailyReport, *, actor, now: datetime) -> DailyReport:
    """Accept a report and its values (R1 R2)."""
    judge_closure(report, now=now)
    DAILY_REPORT.apply("accept", report, actor=actor, now=now, accepted_by=actor, accepted_at=now)
    accept_values(report, actor=actor, now=now)
    return report


def return_report(report: DailyReport, *, actor, reason: str, now: datetime) -> DailyReport:
    """Return a report for correction (R1 R2); its values stay pending until the resubmission supersedes them."""
    return _return("return", report, actor=actor, reason=reason, now=now)


def reopen_report(report: DailyReport, *, actor, reason: str, now: datetime) -> DailyReport:
    """Open an accepted report again (R2); its values stay in force until the corrected report is accepted."""
    return _return("reopen", report, actor=actor, reason=reason, now=now)


@transaction.atomic
def _return(name: str, report: DailyReport, *, actor, reason: str, now: datetime) -> DailyReport:
    times = dispatch_times()
    judge_closure(report, now=now, times=times)
    _give_back(name, report, actor=actor, reason=reason, now=now, open_until=times.reopened_from(now))
    tell_returned(report, reason=report.return_reason, now=now)
    return judge_closure(report, now=now, times=times)


def _give_back(name: str, report: DailyReport, *, actor, reason: str, now: datetime, **changes) -> None:
    """Do an act that needs a reason; a missing one is judged after person and state (api.md, order of refusals)."""
    DAILY_REPORT.check(name, report, actor=actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明理由", code="required")
    DAILY_REPORT.apply(
        name, report, actor=actor, now=now, purpose=reason.strip(), return_reason=reason.strip(), **changes
    )
