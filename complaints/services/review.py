"""The office reviews, calls back, closes, archives, reopens (domain §6). Only the call-back closes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from complaints.models import CallBack, Complaint, HandlingRound
from complaints.rules.complaints import is_office_lead
from complaints.services.moves import move, tell_department, tell_office
from complaints.services.rounds import change_round, end_round, open_round, repeated_on
from complaints.workflow import COMPLAINT
from core.exceptions import InvalidInput, NotAllowed
from core.selectors.calendar import work_calendar

S = Complaint.Status
Outcome = Complaint.Outcome
Result = CallBack.Result
Solved = HandlingRound.Solved
Ending = HandlingRound.Ending
Satisfaction = HandlingRound.Satisfaction

#: After this many calls nobody answered the complaint closes as 未评价.
CALLS_UNANSWERED = 3
DEFAULT_SOLVED = {
    Result.SATISFIED: Solved.YES,
    Result.BASICALLY_SATISFIED: Solved.YES,
    Result.DISSATISFIED: Solved.NO,
}
CLOSING_OUTCOME = {
    Result.SATISFIED: Outcome.SATISFIED,
    Result.BASICALLY_SATISFIED: Outcome.BASICALLY_SATISFIED,
    Result.UNREASONABLE: Outcome.UNREASONABLE,
    Result.UNREACHABLE: Outcome.UNREACHABLE,
}
RATED = {
    Result.SATISFIED: Satisfaction.SATISFIED,
    Result.BASICALLY_SATISFIED: Satisfaction.BASICALLY_SATISFIED,
    Result.DISSATISFIED: Satisfaction.DISSATISFIED,
    Result.UNREASONABLE: Satisfaction.NOT_RATED,
    Result.UNREACHABLE: Satisfaction.UNREACHABLE,
}


@transaction.atomic
def pass_review(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Pass the department's result: to the call-back, or closed where the complainant is anonymous (R1 R2)."""
    COMPLAINT.check("pass", complaint, actor=actor)
    if complaint.anonymous:
        complaint.chosen_status = S.CLOSED
        round_ = end_round(complaint.current_round, Ending.CLOSED, now=now)
        closing: dict[str, Any] = {"closed_at": now, "outcome": Outcome.NO_CALLBACK}
        move("pass", complaint, actor=actor, now=now, text="匿名，不回访", **closing, **repeated_on(round_))
        return complaint
    complaint.chosen_status = S.CALLBACK
    move("pass", complaint, actor=actor, now=now)
    tell_office(complaint, "callback_due", "待回访", now=now)
    return complaint


@transaction.atomic
def send_back_for_more(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Give the result back to the department; its submission no longer stands, the due date is unchanged (R1 R2)."""
    COMPLAINT.check("review_back", complaint, actor=actor)
    round_ = change_round(complaint.round_in_hand, submitted_at=None)
    move("review_back", complaint, actor=actor, now=now, text=reason, **repeated_on(round_))
    tell_department(complaint, "review_back", "审核退回，请补办", now=now)
    return complaint


@transaction.atomic
def record_callback(
    complaint: Complaint, *, result: str, actor, now: datetime, solved: str = "", note: str = ""
) -> Complaint:
    """Record what the complainant answered; ``actor`` is None when they answered on the public page.

    Satisfied and solved closes; dissatisfied or not solved opens a new round with its own limit; an unreasonable
    demand closes when R2 says so; the third call nobody answered closes as 未评价.
    Whoever was not reached said nothing of ``solved``.
    Raises NotAllowed (unreasonable by R1), InvalidInput (unreasonable without a note).
    """
    COMPLAINT.check("callback", complaint, actor=actor)
    result = Result(result)
    if result == Result.UNREASONABLE:
        if actor is None or not is_office_lead(actor, complaint):
            raise NotAllowed("认定诉求不合理由县营商办审核人办理")
        if not note:
            raise InvalidInput.at("note", "请写明认定诉求不合理的理由", code="required")
    solved = "" if result == Result.UNREACHABLE else solved or DEFAULT_SOLVED.get(result, "")
    round_ = complaint.round_in_hand
    CallBack.objects.create(
        complaint=complaint, round=round_, result=result, solved=solved, note=note, called_at=now, called_by=actor
    )
    if result == Result.UNREACHABLE and unanswered_calls(round_) < CALLS_UNANSWERED:
        complaint.chosen_status = S.CALLBACK
        move("callback", complaint, actor=actor, now=now, text=f"{result.label}　{note}".strip())
        return complaint
    rating = {"satisfaction": RATED[result], "solved": solved if result in DEFAULT_SOLVED else ""}
    text = f"{result.label}　{note}".strip()
    if result == Result.DISSATISFIED or (solved == Solved.NO and result in DEFAULT_SOLVED):
        return _handle_again("callback", complaint, rating, text, actor=actor, now=now)
    ended = end_round(round_, Ending.CLOSED, now=now, **rating)
    complaint.chosen_status = S.CLOSED
    closing: dict[str, Any] = {"closed_at": now, "outcome": CLOSING_OUTCOME[result]}
    move("callback", complaint, actor=actor, now=now, text=text, **closing, **repeated_on(ended))
    return complaint


def unanswered_calls(round_: HandlingRound) -> int:
    """Return how often nobody answered in this round."""
    return round_.callbacks.filter(result=Result.UNREACHABLE).count()


def _handle_again(name: str, complaint: Complaint, rating: dict, text: str, *, actor, now: datetime) -> Complaint:
    """End the round and let the same department handle the complaint again, with the rule's full limit."""
    last = complaint.round_in_hand
    if last.ending == Ending.OPEN:
        end_round(last, Ending.REHANDLED, now=now, **rating)
    helpers = [row.department for row in last.assisting.select_related("department")]
    round_ = open_round(
        complaint,
        department=last.department,
        actor=actor,
        now=now,
        calendar=work_calendar(),
        assisting=helpers,
        rehandling=True,
    )
    complaint.chosen_status = S.HANDLING
    reopening: dict[str, Any] = {"closed_at": None, "outcome": ""}
    move(name, complaint, actor=actor, now=now, text=text, **reopening, **repeated_on(round_))
    tell_department(complaint, "rehandle", f"第 {round_.round_no} 轮办理，请重新办理", now=now)
    return complaint


@transaction.atomic
def archive_complaint(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Put the closed complaint away (R1 R2)."""
    move("archive", complaint, actor=actor, now=now)
    return complaint


@transaction.atomic
def reopen_complaint(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Handle a finished complaint again: closed ones by the same department, others from 待派单 (R2)."""
    COMPLAINT.check("reopen", complaint, actor=actor)
    if complaint.status in {S.CLOSED, S.ARCHIVED} and complaint.current_round is not None:
        return _handle_again("reopen", complaint, {}, reason, actor=actor, now=now)
    complaint.chosen_status = S.ACCEPTED
    cleared: dict[str, Any] = {
        "closed_at": None,
        "outcome": "",
        "duplicate_of": None,
        "refusal_reason": "",
        "transferred_to": "",
    }
    move("reopen", complaint, actor=actor, now=now, text=reason, accepted_at=now, **cleared)
    tell_office(complaint, "accepted", "重新受理，请派单", now=now)
    return complaint


@transaction.atomic
def withdraw_by_complainant(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Close an open complaint that the complainant withdraws; no call-back, not in 满意率 (R2)."""
    COMPLAINT.check("withdraw_complaint", complaint, actor=actor)
    department = complaint.department
    round_ = complaint.current_round
    if round_ is not None and round_.ending == Ending.OPEN:
        round_ = end_round(round_, Ending.CLOSED, now=now)
    closing: dict[str, Any] = {"closed_at": now, "outcome": Outcome.WITHDRAWN}
    move("withdraw_complaint", complaint, actor=actor, now=now, text=reason, **closing, **repeated_on(round_))
    if department is not None:
        tell_department(complaint, "withdrawn", "诉求人已撤回", now=now)
    return complaint


@transaction.atomic
def pull_here(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Handle a row here that the city's platform was to handle (R2)."""
    move("pull_here", complaint, actor=actor, now=now, text=reason, handled=Complaint.Handled.HERE)
    return complaint
