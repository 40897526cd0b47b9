"""From the department to the office: submit, resubmit, withdraw (domain §4)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.access import Permission
from indicators.models import DailyReport
from indicators.rules.daily_reports import needs_approval
from indicators.selectors.expectation import judge_closure
from indicators.services.coordination import follow_report
from indicators.services.daily_reports.content import check_submission
from indicators.services.daily_reports.messages import tell_reported, tell_submitted
from indicators.services.daily_reports.observations import publish_values, withdraw_values
from indicators.workflow.daily_reports import DAILY_REPORT


def submit_report(report: DailyReport, *, actor, now: datetime) -> DailyReport:
    """Submit a draft: to the head for approval, or straight out (head, approval switched off, 今日无变化).

    Raises:
        NotAllowed, Locked, InvalidTransition: in this order.
        InvalidInput: the content is not complete or not right; names each field.
    """
    return _submit("submit", report, actor=actor, now=now)


def resubmit_report(report: DailyReport, *, actor, now: datetime) -> DailyReport:
    """Submit a returned report again; its earlier pending values are superseded when it is out."""
    return _submit("resubmit", report, actor=actor, now=now)


def send_report(report: DailyReport, *, actor, now: datetime) -> DailyReport:
    """Submit or resubmit, whichever the report's state asks for: the one button of the form."""
    name = "resubmit" if report.status == DailyReport.Status.RETURNED else "submit"
    return _submit(name, report, actor=actor, now=now)


@transaction.atomic
def withdraw_report(report: DailyReport, *, actor, now: datetime) -> DailyReport:
    """Take back what is not accepted yet; it then counts as not reported, and its values are only on the draft."""
    judge_closure(report, now=now)
    DAILY_REPORT.apply(
        "withdraw",
        report,
        actor=actor,
        now=now,
        submitted_by=None,
        submitted_at=None,
        approved_by=None,
        reported_at=None,
        first_submitted_at=None,
        first_reported_at=None,
    )
    withdraw_values(report, now=now)
    follow_report(report, actor=actor, now=now)
    return report


@transaction.atomic
def _submit(name: str, report: DailyReport, *, actor, now: datetime) -> DailyReport:
    judge_closure(report, now=now)
    DAILY_REPORT.check(name, report, actor=actor)
    check_submission(report)
    report.submitted_by = actor
    moments: dict[str, Any] = {"submitted_at": now, "approved_by": None, "reported_at": None}
    is_out = not needs_approval(report)
    if is_out:
        # A head's own submission is approved by it; what needs no approval was approved by nobody.
        head = actor if actor.can(Permission.APPROVE_REPORTS) else None
        moments |= {"approved_by": head} | reported_moments(report, submitted_at=now, now=now)
    DAILY_REPORT.apply(name, report, actor=actor, now=now, submitted_by=actor, return_reason="", **moments)
    if is_out:
        send_out(report, actor=actor, now=now)
    else:
        tell_submitted(report, now=now)
    return report


def reported_moments(report: DailyReport, *, submitted_at: datetime | None, now: datetime) -> dict[str, Any]:
    """Return the columns to write when a report reaches 已报; only the first time decides on time or late."""
    moments: dict[str, Any] = {"reported_at": now}
    if report.first_reported_at is None:
        moments |= {"first_submitted_at": submitted_at, "first_reported_at": now}
    return moments


def send_out(report: DailyReport, *, actor, now: datetime) -> None:
    """Do what follows from 已报: values become pending, asks become coordination items, the office is told."""
    publish_values(report, actor=actor, now=now)
    follow_report(report, actor=actor, now=now)
    tell_reported(report, now=now)
