"""What the lead department does: sign for, plan, note progress, ask for a later date (domain §7)."""

from datetime import date, datetime

from django.db import transaction

from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation
from core.selectors.calendar import work_calendar
from supervision.models import Issue, IssueExtension, IssueRound
from supervision.rules.issues import may_sign
from supervision.services.moves import move, tell_department, tell_heads, tell_office_lead
from supervision.services.rounds import change_round, dates_of
from supervision.workflow import ISSUE

S = Issue.Status
Answer = IssueExtension.Answer


@transaction.atomic
def sign_for_issue(issue: Issue, *, actor, now: datetime) -> Issue:
    """Sign for the issue: 待签收 -> 待报方案 (R4 R5)."""
    ISSUE.check("sign_for", issue, actor=actor)
    change_round(issue.round_in_hand, signed_at=now, signed_by=actor)
    move("sign_for", issue, actor=actor, now=now)
    return issue


@transaction.atomic
def submit_plan(
    issue: Issue, *, measures: str, actor, now: datetime, person: str = "", due_on: date | None = None, goal: str = ""
) -> Issue:
    """Hand in the plan; a reporter's waits for the head, a head's own needs no second signature (R4 R5).

    The issue's date binds: a plan may promise an earlier one, not a later one; where there is none the plan's
    becomes it. Raises InvalidInput at ``due_on``.
    """
    ISSUE.check("submit_plan", issue, actor=actor)
    binding = issue.round_in_hand.effective_due_on
    due_on = due_on or binding
    if due_on is None:
        raise InvalidInput.at("due_on", "请写明完成日期", code="required")
    if due_on < issue.found_on:
        raise InvalidInput.at("due_on", "完成日期不能早于发现时间")
    if binding is not None and due_on > binding:
        raise InvalidInput.at("due_on", f"完成日期不能晚于整改时限 {binding:%Y-%m-%d}，确需推迟请申请延期")
    signs = may_sign(actor, issue)
    round_ = change_round(
        issue.round_in_hand,
        measures=measures.strip(),
        goal=goal.strip() or issue.goal,
        plan_person=person.strip(),
        plan_due_on=due_on,
        plan_handed_in_at=now,
        plan_handed_in_by=actor,
    )
    issue.chosen_status = S.RECTIFYING if signs else S.PLANNING
    if signs:
        _take_plan_into_force(issue, round_, name="submit_plan", actor=actor, now=now)
    else:
        move("submit_plan", issue, actor=actor, now=now)
        tell_heads(issue, "plan_to_sign", "整改方案待签发", now=now)
    return issue


@transaction.atomic
def sign_plan(issue: Issue, *, actor, now: datetime) -> Issue:
    """Sign the reporter's plan: 待报方案 -> 整改中 (R5)."""
    ISSUE.check("sign_plan", issue, actor=actor)
    _take_plan_into_force(issue, issue.round_in_hand, name="sign_plan", actor=actor, now=now)
    return issue


def _take_plan_into_force(issue: Issue, round_: IssueRound, *, name: str, actor, now: datetime) -> None:
    """Move to 整改中; the plan's date becomes the issue's where there was none."""
    changes: dict = {"planned_at": now, "planned_by": actor}
    if round_.effective_due_on is None and round_.plan_due_on is not None:
        provisional = work_calendar().is_presumed(round_.plan_due_on)
        changes |= {
            "due_on": round_.plan_due_on,
            "effective_due_on": round_.plan_due_on,
            "provisional": provisional,
        }
    planned = change_round(round_, **changes)
    move(
        name,
        issue,
        actor=actor,
        now=now,
        goal=planned.goal or issue.goal,
        responsible_person=planned.plan_person or issue.responsible_person,
        **dates_of(planned, clock_runs=True),
    )


@transaction.atomic
def return_plan(issue: Issue, *, reason: str, actor, now: datetime) -> Issue:
    """Give the plan back to the reporter (R5)."""
    ISSUE.check("return_plan", issue, actor=actor)
    change_round(issue.round_in_hand, plan_handed_in_at=None)
    move("return_plan", issue, actor=actor, now=now, text=reason)
    tell_department(issue, "plan_returned", "整改方案被负责人退回", now=now)
    return issue


@transaction.atomic
def note_progress(issue: Issue, *, note: str, actor, now: datetime) -> Issue:
    """Write a note of progress on the timeline (lead or assisting department)."""
    move("note", issue, actor=actor, now=now, text=note)
    return issue


@transaction.atomic
def request_extension(issue: Issue, *, due_on: date, reason: str, actor, now: datetime) -> Issue:
    """Ask for a later date, before the present one has passed, once a round; a head confirms by asking (R4 R5).

    Raises RuleViolation when the date has passed or there is none, InvalidInput for a date that is not later.
    """
    ISSUE.check("request_extension", issue, actor=actor)
    round_ = issue.round_in_hand
    if round_.effective_due_on is None:
        raise RuleViolation("这个问题没有整改时限，不需要延期")
    if local_date(now) > round_.effective_due_on:
        raise RuleViolation("已超过整改时限，延期须在到期前申请", code="too_late")
    if due_on <= round_.effective_due_on:
        raise InvalidInput.at("due_on", f"延期后的日期应晚于现在的整改时限 {round_.effective_due_on:%Y-%m-%d}")
    confirmed = may_sign(actor, issue)
    move("request_extension", issue, actor=actor, now=now, text=f"申请延至 {due_on:%Y-%m-%d}：{reason}")
    IssueExtension.objects.create(
        round=round_,
        due_on=due_on,
        reason=reason,
        answer=Answer.ASKED if confirmed else Answer.UNCONFIRMED,
        asked_by=actor,
        asked_at=now,
        confirmed_by=actor if confirmed else None,
        confirmed_at=now if confirmed else None,
        due_before=round_.effective_due_on,
    )
    if confirmed:
        tell_office_lead(issue, "extension_asked", f"申请延期至 {due_on:%Y-%m-%d}，待审批", now=now)
    else:
        tell_heads(issue, "extension_unconfirmed", "延期申请待确认", now=now)
    return issue


@transaction.atomic
def confirm_extension(issue: Issue, *, actor, now: datetime) -> Issue:
    """Confirm the reporter's request (R5)."""
    ISSUE.check("confirm_extension", issue, actor=actor)
    extension = issue.current_extension
    extension.settle(answer=Answer.ASKED, confirmed_by=actor, confirmed_at=now)
    move("confirm_extension", issue, actor=actor, now=now)
    tell_office_lead(issue, "extension_asked", f"申请延期至 {extension.due_on:%Y-%m-%d}，待审批", now=now)
    return issue


@transaction.atomic
def agree_extension(issue: Issue, *, actor, now: datetime, reason: str = "") -> Issue:
    """Grant it, also after the old date (R2)."""
    ISSUE.check("agree_extension", issue, actor=actor)
    extension = issue.current_extension
    extension.settle(answer=Answer.AGREED, answered_by=actor, answered_at=now, answer_reason=reason)
    round_ = change_round(
        issue.round_in_hand,
        effective_due_on=extension.due_on,
        extended=True,
        provisional=work_calendar().is_presumed(extension.due_on),
    )
    dates = dates_of(round_, clock_runs=issue.status in Issue.CLOCK_RUNS)
    move("agree_extension", issue, actor=actor, now=now, text=reason, **dates)
    tell_department(issue, "extension_agreed", f"同意延期至 {extension.due_on:%Y-%m-%d}", now=now)
    return issue


@transaction.atomic
def refuse_extension(issue: Issue, *, reason: str, actor, now: datetime) -> Issue:
    """Refuse it; the round cannot ask again (R2)."""
    ISSUE.check("refuse_extension", issue, actor=actor)
    issue.current_extension.settle(answer=Answer.REFUSED, answered_by=actor, answered_at=now, answer_reason=reason)
    move("refuse_extension", issue, actor=actor, now=now, text=reason)
    tell_department(issue, "extension_refused", "不同意延期", now=now)
    return issue
