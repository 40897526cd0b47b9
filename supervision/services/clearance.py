"""Asking for clearance (销号), and the head's signature under it (domain §7)."""

from datetime import datetime

from django.db import transaction

from core.clock import local_date
from core.exceptions import RuleViolation
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from supervision.models import ClearanceRequest, FormNumber, Issue, IssueEvidence
from supervision.rules.issues import may_sign, standing_request
from supervision.services.moves import move, tell_department, tell_heads, tell_verifiers
from supervision.services.numbers import give_form_number
from supervision.workflow import ISSUE

S = Issue.Status
Result = ClearanceRequest.Result


@transaction.atomic
def request_clearance(issue: Issue, *, actor, now: datetime, note: str = "") -> Issue:
    """Ask for clearance: a head's own request goes to 待验收, a reporter's waits for the head (R4 R5).

    From 待报方案 only what is 立行立改. Numbers the 销号申请表.

    Raises RuleViolation when the current round has no evidence of after; evidence of an earlier round never counts.
    """
    ISSUE.check("request_clearance", issue, actor=actor)
    check_has_evidence(issue)
    signs = may_sign(actor, issue)
    request = ClearanceRequest.objects.create(
        round=issue.round_in_hand,
        note=note.strip(),
        asked_by=actor,
        asked_at=now,
        signed_by=actor if signs else None,
        signed_at=now if signs else None,
        verify_due_on=verify_due_on(now) if signs else None,
        # The table judges the act once more below, so the request counts as standing only afterwards.
        result=Result.DROPPED,
        form=give_form_number(FormNumber.Kind.CLEARANCE, now=now),
    )
    issue.chosen_status = S.VERIFYING if signs else issue.status
    text = f"销号申请表 {request.form}" + (f"：{request.note}" if request.note else "")
    if signs:
        move("request_clearance", issue, actor=actor, now=now, text=text, clock_due_on=None)
    else:
        move("request_clearance", issue, actor=actor, now=now, text=text)
    request.result = Result.STANDING if signs else Result.UNSIGNED
    request.save(update_fields=["result"])
    if signs:
        tell_verifiers(issue, "to_verify", "申请销号，待验收", now=now)
    else:
        tell_heads(issue, "clearance_to_sign", "销号申请待签发", now=now)
    return issue


@transaction.atomic
def sign_clearance(issue: Issue, *, actor, now: datetime) -> Issue:
    """Sign the reporter's request: -> 待验收; on time is judged by this moment (R5)."""
    ISSUE.check("sign_clearance", issue, actor=actor)
    check_has_evidence(issue)
    request = standing_request(issue)
    move("sign_clearance", issue, actor=actor, now=now, clock_due_on=None)
    _change(request, result=Result.STANDING, signed_by=actor, signed_at=now, verify_due_on=verify_due_on(now))
    tell_verifiers(issue, "to_verify", "申请销号，待验收", now=now)
    return issue


@transaction.atomic
def return_clearance(issue: Issue, *, reason: str, actor, now: datetime) -> Issue:
    """Give the request back to the reporter (R5); its form keeps its number."""
    ISSUE.check("return_clearance", issue, actor=actor)
    request = standing_request(issue)
    move("return_clearance", issue, actor=actor, now=now, text=reason)
    _change(request, result=Result.SENT_BACK, answered_at=now, reason=reason)
    tell_department(issue, "clearance_returned", "销号申请被负责人退回", now=now)
    return issue


def check_has_evidence(issue: Issue) -> None:
    """Raise RuleViolation unless the current round has evidence of how it is after rectification."""
    after = issue.evidence.filter(round=issue.round_in_hand, phase=IssueEvidence.Phase.AFTER, withdrawn_at=None)
    if not after.exists():
        raise RuleViolation("本轮还没有整改后的佐证，请先上传再申请销号", code="no_evidence")


def verify_due_on(now: datetime):
    """Return the day by which the verifiers decide, counted from the day after ``now``; held against them alone."""
    return work_calendar().add_workdays(local_date(now), setting("issues.verify_workdays"))


def _change(request: ClearanceRequest | None, **changes) -> None:
    assert request is not None  # the table refused the act without one
    ClearanceRequest.objects.unscoped("of the issue in hand").filter(pk=request.pk).update(**changes)
