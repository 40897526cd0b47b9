"""Verifying by two names, clearing, reviewing what is sustained, looking back, relapse (domain §7)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from indicators.models import Evidence
from supervision.models import ClearanceRequest, Issue, IssueEvidence, IssueRound, LookBack, Verification
from supervision.rules.issues import NAMES_NEEDED, standing_request, verifier_refusal
from supervision.services.moves import move, tell_department, tell_verifiers
from supervision.services.rounds import change_round, dates_of, end_round, open_round
from supervision.workflow import ISSUE

S = Issue.Status
Result = ClearanceRequest.Result
Ending = IssueRound.Ending


@transaction.atomic
def verify_pass(
    issue: Issue,
    *,
    actor,
    now: datetime,
    note: str = "",
    sustained: bool = False,
    evidence: Sequence[Evidence] = (),
) -> Issue:
    """Put one's name to the clearance; the second name clears it, or sends it to 长期坚持 if either says so.

    Args:
        evidence: photos of the verification; they go with the signature and are no evidence of after.

    Raises:
        RuleViolation: the same person again, or one who added evidence of after in this round.
    """
    request = _request_to_judge("verify_pass", issue, actor=actor)
    standing = list(request.verifications.all())
    last = len(standing) + 1 >= NAMES_NEEDED
    to_sustained = sustained or any(one.sustained for one in standing)
    after = (S.SUSTAINED if to_sustained else S.CLEARED) if last else S.VERIFYING
    issue.chosen_status = after
    changes: dict = {}
    if last:
        changes = _finish_round(issue, request, sustained=to_sustained, now=now)
    text = f"（{len(standing) + 1} / {NAMES_NEEDED}）{note.strip()}"
    move("verify_pass", issue, actor=actor, now=now, text=text, **changes)
    _sign(request, issue, actor=actor, now=now, passed=True, sustained=sustained, note=note, evidence=evidence)
    if not last:
        tell_verifiers(issue, "second_name", "一人已同意销号，待第二人验收", now=now)
        return issue
    _change(request, result=Result.PASSED, answered_at=now)
    if to_sustained:
        tell_department(issue, "sustained", "验收通过，转长期坚持", now=now)
    else:
        _plan_look_backs(issue, now=now)
        tell_department(issue, "cleared", "验收通过，已销号", now=now)
    return issue


@transaction.atomic
def verify_fail(issue: Issue, *, reason: str, actor, now: datetime, evidence: Sequence[Evidence] = ()) -> Issue:
    """Refuse the clearance: 待验收 -> 整改中, same round; signatures given so far no longer count."""
    request = _request_to_judge("verify_fail", issue, actor=actor)
    dates = dates_of(issue.round_in_hand, clock_runs=True)
    move("verify_fail", issue, actor=actor, now=now, text=reason, **dates)
    _sign(request, issue, actor=actor, now=now, passed=False, sustained=False, note=reason, evidence=evidence)
    _change(request, result=Result.FAILED, answered_at=now, reason=reason)
    tell_department(issue, "failed", "验收不通过，请继续整改", now=now)
    return issue


def _request_to_judge(name: str, issue: Issue, *, actor) -> ClearanceRequest:
    """Return the standing request, if ``actor``'s name would count; RuleViolation otherwise."""
    ISSUE.check(name, issue, actor=actor)
    if reason := verifier_refusal(actor, issue):
        raise RuleViolation(reason, code="verifier_barred")
    request = standing_request(issue)
    assert request is not None  # 待验收 is entered with one
    return request


def _finish_round(issue: Issue, request: ClearanceRequest, *, sustained: bool, now: datetime) -> dict:
    """End the round and return the issue's columns that go with it."""
    today = local_date(now)
    if sustained:
        end_round(issue.round_in_hand, Ending.SUSTAINED, now=now, sustained_at=now, passed_request_at=request.signed_at)
        return {"next_review_on": _later(today, setting("issues.review_days")), "clock_due_on": None}
    end_round(issue.round_in_hand, Ending.CLEARED, now=now, cleared_at=now, passed_request_at=request.signed_at)
    return {"cleared_at": now, "clock_due_on": None, "next_review_on": None}


def _sign(request, issue, *, actor, now, passed, sustained, note, evidence) -> None:
    Verification.objects.create(
        request=request,
        user=actor,
        department_id=actor.department_id,
        passed=passed,
        sustained=sustained,
        note=note.strip(),
        at=now,
    )
    IssueEvidence.objects.bulk_create(
        IssueEvidence(
            issue=issue,
            round_id=request.round_id,
            evidence=one,
            phase=IssueEvidence.Phase.VERIFICATION,
            added_by=actor,
            added_at=now,
        )
        for one in evidence
    )


def _change(request: ClearanceRequest, **changes) -> None:
    ClearanceRequest.objects.unscoped("of the issue in hand").filter(pk=request.pk).update(**changes)


def _later(day: date, natural_days: int) -> date:
    """Return the day ``natural_days`` after ``day``, moved off rest days (domain §5)."""
    return work_calendar().workday_on_or_after(day + timedelta(days=natural_days))


def _plan_look_backs(issue: Issue, *, now: datetime) -> None:
    """Write the dates of the look-backs; the scheduler makes to-dos of them when they come."""
    today = local_date(now)
    days = (setting("issues.first_look_back_days"), setting("issues.second_look_back_days"))
    LookBack.objects.bulk_create(
        LookBack(issue=issue, round=issue.round_in_hand, due_on=_later(today, amount)) for amount in days
    )


@transaction.atomic
def review_sustained(issue: Issue, *, note: str, actor, now: datetime) -> Issue:
    """Review what is sustained and set the next date (R6 R2)."""
    next_review_on = _later(local_date(now), setting("issues.review_days"))
    move("review", issue, actor=actor, now=now, text=note, next_review_on=next_review_on)
    return issue


@transaction.atomic
def clear_sustained(issue: Issue, *, actor, now: datetime, note: str = "") -> Issue:
    """Clear what is sustained, by one name: 长期坚持 -> 已销号 (R6 R2)."""
    ISSUE.check("clear", issue, actor=actor)
    end_round(issue.round_in_hand, Ending.CLEARED, now=now, cleared_at=now)
    move("clear", issue, actor=actor, now=now, text=note, cleared_at=now, next_review_on=None)
    _plan_look_backs(issue, now=now)
    tell_department(issue, "cleared", "已转销号", now=now)
    return issue


@transaction.atomic
def relapse_issue(issue: Issue, *, reason: str, actor, now: datetime, due_on: date | None = None) -> Issue:
    """Open a new round because it came back: 长期坚持 or 已销号 -> 整改中 (R6, of what is sustained R2 too).

    Without a date the round is due 15 workdays later (setting). Open look-backs are closed.
    """
    ISSUE.check("relapse", issue, actor=actor)
    _open_relapse_round("relapse", issue, reason=reason, due_on=due_on, actor=actor, now=now)
    return issue


@transaction.atomic
def record_look_back(
    issue: Issue, *, result: str, actor, now: datetime, note: str = "", due_on: date | None = None
) -> Issue:
    """Record a look-back of a cleared issue (R6): it counts for the earliest open date; relapsed opens a new round.

    One may be recorded at any time after clearing. Raises InvalidInput for another result, or a relapse without note.
    """
    ISSUE.check("look_back", issue, actor=actor)
    if result not in {LookBack.Result.HELD, LookBack.Result.RELAPSED}:
        raise InvalidInput.at("result", "结果应为巩固或反弹")
    today = local_date(now)
    relapsed = result == LookBack.Result.RELAPSED
    if relapsed and not note.strip():
        raise InvalidInput.at("note", "请写明反弹情况", code="required")
    earliest = open_look_backs(issue).first()
    kept = earliest or LookBack(issue=issue, round=issue.round_in_hand, due_on=today)
    kept.done_on, kept.done_by, kept.result, kept.note = today, actor, result, note.strip()
    kept.save()
    issue.chosen_status = S.RECTIFYING if relapsed else S.CLEARED
    if relapsed:
        _open_relapse_round("look_back", issue, reason=note.strip(), due_on=due_on, actor=actor, now=now)
    else:
        move("look_back", issue, actor=actor, now=now, text=f"巩固。{note.strip()}")
    return issue


def open_look_backs(issue: Issue):
    """Return the dates not yet looked back on, the earliest first."""
    return issue.look_backs.filter(done_on=None, result="").order_by("due_on", "id")


def _open_relapse_round(name: str, issue: Issue, *, reason: str, due_on: date | None, actor, now: datetime) -> None:
    today, calendar = local_date(now), work_calendar()
    if due_on is not None and due_on < today:
        raise InvalidInput.at("due_on", "新一轮的整改时限不能早于今天")
    workdays = None
    if due_on is None:
        workdays = setting("issues.relapse_workdays")
        due_on = calendar.add_workdays(today, workdays)
    if issue.round_in_hand.ending == Ending.SUSTAINED:
        change_round(issue.round_in_hand, ending=Ending.RELAPSED, ended_at=now)
    round_ = open_round(
        issue,
        department=issue.department,
        due_on=due_on,
        actor=actor,
        now=now,
        calendar=calendar,
        after_relapse=True,
        limit_workdays=workdays,
        reason=reason,
    )
    move(
        name,
        issue,
        actor=actor,
        now=now,
        text=f"反弹，开第 {round_.round_no} 轮：{reason}",
        current_round=round_,
        cleared_at=None,
        next_review_on=None,
        **dates_of(round_, clock_runs=True),
    )
    open_look_backs(issue).update(result=LookBack.Result.CLOSED)
    tell_department(issue, "relapsed", f"反弹，第 {round_.round_no} 轮整改", now=now)
