"""What the office decides before and instead of handling: accept, refuse, merge, transfer, dispatch, take back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from complaints.models import Complaint, HandlingRound
from complaints.rules.complaints import is_office_lead
from complaints.services.moves import move, tell, tell_department, tell_office, tell_office_lead
from complaints.services.rounds import end_round, open_round, repeated_on
from complaints.workflow import COMPLAINT
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.selectors.calendar import work_calendar
from departments.models import Department

S = Complaint.Status
Ending = HandlingRound.Ending


@transaction.atomic
def accept_complaint(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Take the complaint on: 待受理 -> 待派单 (R1 R2)."""
    move("accept", complaint, actor=actor, now=now, accepted_at=now)
    return complaint


@transaction.atomic
def propose_refusal(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Propose not to take it on, with the reason; R2 decides."""
    move("propose_refusal", complaint, actor=actor, now=now, text=reason, refusal_reason=reason)
    tell_office_lead(complaint, "refusal_review", "拟不予受理，待审", now=now)
    return complaint


@transaction.atomic
def agree_refusal(
    complaint: Complaint, *, actor, now: datetime, reason: str = "", provincial_approval: dict | None = None
) -> Complaint:
    """Refuse the complaint (R2). Regime business needs the province's approval ``{number, on}`` (豫政办〔2024〕67号).

    Raises InvalidInput at ``provincial_approval`` when it is needed and missing.
    """
    COMPLAINT.check("agree_refusal", complaint, actor=actor)
    approval = provincial_approval or {}
    if complaint.regime == Complaint.Regime.BUSINESS and not (approval.get("number") and approval.get("on")):
        raise InvalidInput.at(
            "provincial_approval", "营商环境投诉不予受理须经省级批准，请填写批准文号和日期", code="required"
        )
    if approval.get("on") and approval["on"] > local_date(now):
        raise InvalidInput.at("provincial_approval", "省级批准日期不能晚于今天")
    stored = {key: str(value) for key, value in approval.items()}
    move("agree_refusal", complaint, actor=actor, now=now, text=reason, provincial_approval=stored)
    tell_registrar(complaint, "refused", "已决定不予受理", now=now)
    return complaint


@transaction.atomic
def disagree_refusal(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Take the complaint on against the proposal (R2)."""
    move("disagree_refusal", complaint, actor=actor, now=now, text=reason, accepted_at=now, refusal_reason="")
    tell_office(complaint, "accepted", "不同意不予受理，请派单", now=now)
    return complaint


@transaction.atomic
def accept_by_silence(complaint: Complaint, *, now: datetime) -> Complaint:
    """Take a business complaint on because nobody decided within the third working day; the system acts."""
    name = "accept" if complaint.status == S.RECEIVED else "disagree_refusal"
    text = "逾期未决定，视为受理，请在省平台核对"
    move(name, complaint, actor=None, now=now, text=text, accepted_at=now, refusal_reason="")
    tell_office(complaint, "accepted_by_silence", "视为受理，请在省平台核对", now=now)
    return complaint


def tell_registrar(complaint: Complaint, what: str, title: str, *, now: datetime) -> None:
    """Tell who registered the complaint, if a person did."""
    if complaint.registered_by is not None:
        tell([complaint.registered_by], complaint, what, title, now=now)


@transaction.atomic
def mark_duplicate(complaint: Complaint, *, duplicate_of: Complaint, actor, now: datetime) -> Complaint:
    """Merge the complaint into ``duplicate_of``; its round ends as merged (R1 R2; R2 once dispatched).

    Raises InvalidInput when that is the complaint itself or was merged too.
    """
    COMPLAINT.check("mark_duplicate", complaint, actor=actor)
    if duplicate_of.pk == complaint.pk:
        raise InvalidInput.at("duplicate_of", "不能并入自身")
    if duplicate_of.status == S.MERGED:
        raise InvalidInput.at("duplicate_of", f"{duplicate_of.number} 已并入另一件，请选最终保留的一件")
    department = complaint.department
    end_round(complaint.current_round, Ending.MERGED_DUPLICATE, now=now)
    text = f"并入 {duplicate_of.number}"
    move("mark_duplicate", complaint, actor=actor, now=now, text=text, duplicate_of=duplicate_of, **repeated_on(None))
    if department is not None:
        tell_department(complaint, "merged", text, now=now, department=department)
    return complaint


@transaction.atomic
def transfer_complaint(complaint: Complaint, *, to: str, reason: str, actor, now: datetime) -> Complaint:
    """Hand the complaint to a body outside the county's departments (R2)."""
    move("transfer", complaint, actor=actor, now=now, text=f"移交{to}：{reason}", transferred_to=to)
    return complaint


@transaction.atomic
def dispatch_complaint(
    complaint: Complaint,
    *,
    department: Department,
    actor,
    now: datetime,
    assisting: Sequence[Department] = (),
    override_reason: str = "",
) -> Complaint:
    """Give the complaint to a lead and assisting departments; sign and handling limits start now (R1 R2).

    Raises:
        InvalidInput: a department that no longer exists, or assists itself.
        RuleViolation: the accused department (R2 may override with a reason), or a business case without grade.
        NotAllowed: an override by anybody but R2.
    """
    COMPLAINT.check("dispatch", complaint, actor=actor)
    check_departments(complaint, department, assisting, actor=actor, override_reason=override_reason, now=now)
    if complaint.accused_department not in (department, *assisting):
        override_reason = ""
    if complaint.regime == Complaint.Regime.BUSINESS and not complaint.grade:
        raise RuleViolation("营商环境投诉须先定级（A/B/C）再派单", code="grade_required")
    calendar = work_calendar()
    first = not complaint.rounds.exists()
    imported = complaint.upstream_due_at if first and complaint.channel == Complaint.Channel.IMPORT else None
    round_ = open_round(
        complaint,
        department=department,
        actor=actor,
        now=now,
        calendar=calendar,
        assisting=assisting,
        imported_due=imported,
        override_reason=override_reason,
    )
    text = f"派至{department.short_name}" + "".join(f"、{helper.short_name}（协办）" for helper in assisting)
    if override_reason:
        text += f"；由被反映单位办理的理由：{override_reason}"
    move(
        "dispatch",
        complaint,
        actor=actor,
        now=now,
        text=text,
        dispatch_count=complaint.dispatch_count + 1,
        **repeated_on(round_),
    )
    tell_department(complaint, "dispatched", "新派工单，请签收", now=now)
    for helper in assisting:
        tell_department(complaint, "assisting", "请协办", now=now, department=helper)
    return complaint


def check_departments(
    complaint: Complaint, department: Department, assisting, *, actor, override_reason: str, now: datetime
) -> None:
    """Refuse departments that cannot handle the complaint; the accused one never handles its own case."""
    today = local_date(now)
    for field, unit in (("department", department), *(("assisting", helper) for helper in assisting)):
        if not unit.is_valid_on(today):
            raise InvalidInput.at(field, f"{unit.short_name}已撤销，请改派承接单位")
    if department in assisting:
        raise InvalidInput.at("assisting", "协办单位不能与主办单位相同")
    accused = complaint.accused_department
    if accused is None or accused not in (department, *assisting):
        return
    if not override_reason:
        raise RuleViolation(f"{accused.short_name}是被反映单位，不能办理对自己的投诉", code="accused_department")
    if actor is not None and not is_office_lead(actor, complaint):
        raise NotAllowed("由被反映单位办理须经县营商办审核人决定")


@transaction.atomic
def withdraw_dispatch(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Take the complaint back from its department to give it to another (R1 before signing, R2 after)."""
    return _take_back("withdraw", complaint, Ending.REASSIGNED, reason, actor=actor, now=now)


@transaction.atomic
def agree_return(complaint: Complaint, *, actor, now: datetime, reason: str = "") -> Complaint:
    """Agree that the department is not the right one; the office dispatches again."""
    return _take_back("agree_return", complaint, Ending.RETURN_APPROVED, reason, actor=actor, now=now)


def _take_back(name: str, complaint: Complaint, ending: str, reason: str, *, actor, now: datetime) -> Complaint:
    COMPLAINT.check(name, complaint, actor=actor)
    department = complaint.department
    end_round(complaint.current_round, ending, now=now)
    event = move(name, complaint, actor=actor, now=now, text=reason, **repeated_on(None))
    tell_department(complaint, name, event.label, now=now, department=department)
    return complaint


@transaction.atomic
def refuse_return(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Refuse the return; the clock never stopped."""
    move("refuse_return", complaint, actor=actor, now=now, text=reason)
    tell_department(complaint, "return_refused", "不同意退单，请办理", now=now)
    return complaint


@transaction.atomic
def remind_complaint(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Remind the department that holds the complaint (R1 R2)."""
    move("remind", complaint, actor=actor, now=now)
    tell_department(complaint, "reminded", "请抓紧办理", now=now)
    return complaint
