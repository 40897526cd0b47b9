"""What departments do: sign for, ask return, note, assist, hand in, sign; and the office's acts meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints.models import Complaint, ComplaintFile
from complaints.rules.complaints import may_sign
from complaints.selectors.deadlines import shifted_by_workdays
from complaints.services.moves import attach_files, move, tell_department, tell_heads, tell_office
from complaints.services.office import check_departments
from complaints.services.rounds import add_assisting_departments, change_round, repeated_on
from complaints.workflow import COMPLAINT
from core.clock import local_date
from core.exceptions import InvalidInput
from core.models import Attachment
from core.personal_data import holds_personal_data
from core.selectors.calendar import work_calendar
from departments.models import Department

S = Complaint.Status
Purpose = ComplaintFile.Purpose


@transaction.atomic
def sign_for_complaint(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Sign for the complaint: 待签收 -> 办理中 (R4 R5 of the lead department)."""
    COMPLAINT.check("sign_for", complaint, actor=actor)
    change_round(complaint.round_in_hand, signed_at=now)
    move("sign_for", complaint, actor=actor, now=now)
    return complaint


@transaction.atomic
def request_return(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Ask the office to take the complaint back; asking counts as signing at its moment (domain §6, Rounds)."""
    COMPLAINT.check("request_return", complaint, actor=actor)
    change_round(complaint.round_in_hand, return_requested_at=now, signed_at=now)
    move("request_return", complaint, actor=actor, now=now, text=reason)
    tell_office(complaint, "return_review", f"{complaint.round_in_hand.department.short_name}申请退单，待审", now=now)
    return complaint


@transaction.atomic
def note_progress(
    complaint: Complaint, *, note: str, actor, now: datetime, attachments: Sequence[Attachment | UploadedFile] = ()
) -> Complaint:
    """Write a note of progress on the timeline (lead, assisting, office)."""
    event = move("note", complaint, actor=actor, now=now, text=note)
    attach_files(complaint, attachments, purpose=Purpose.NOTE, now=now, event=event)
    return complaint


@transaction.atomic
def reply_as_assistant(
    complaint: Complaint, *, note: str, actor, now: datetime, attachments: Sequence[Attachment | UploadedFile] = ()
) -> Complaint:
    """Give the assisting department's part; it may be given again, the last one counts."""
    COMPLAINT.check("assist_reply", complaint, actor=actor)
    own = complaint.round_in_hand.assisting.get(department=actor.scope_department_id)
    own.note, own.replied_at, own.replied_by = note, now, actor
    own.save(update_fields=["note", "replied_at", "replied_by"])
    event = move("assist_reply", complaint, actor=actor, now=now, text=note)
    attach_files(complaint, attachments, purpose=Purpose.NOTE, now=now, event=event)
    tell_department(complaint, "assist_reply", f"{own.department.short_name}已提交协办意见", now=now)
    return complaint


@transaction.atomic
def add_assisting(complaint: Complaint, *, assisting: Sequence[Department], actor, now: datetime) -> Complaint:
    """Let further departments help (R1 R2)."""
    COMPLAINT.check("add_assisting", complaint, actor=actor)
    if not assisting:
        raise InvalidInput.at("assisting", "请选择协办单位", code="required")
    check_departments(
        complaint, complaint.round_in_hand.department, assisting, actor=actor, override_reason="", now=now
    )
    add_assisting_departments(complaint.round_in_hand, assisting, now=now, calendar=work_calendar())
    names = "、".join(unit.short_name for unit in assisting)
    move("add_assisting", complaint, actor=actor, now=now, text=f"加派{names}")
    for helper in assisting:
        tell_department(complaint, "assisting", "请协办", now=now, department=helper)
    return complaint


@transaction.atomic
def suspend_complaint(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Stop the clock (R2); only note, resume and remind are possible until it runs again."""
    COMPLAINT.check("suspend", complaint, actor=actor)
    round_ = change_round(complaint.round_in_hand, suspended_at=now, was_suspended=True)
    move("suspend", complaint, actor=actor, now=now, text=reason, **repeated_on(round_))
    tell_department(complaint, "suspended", "已中止办理，时限暂停", now=now)
    return complaint


@transaction.atomic
def resume_complaint(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Let the clock run again; the due date moves by the working days after the day of suspension (R2)."""
    COMPLAINT.check("resume", complaint, actor=actor)
    calendar, round_ = work_calendar(), complaint.round_in_hand
    changes: dict = {"suspended_at": None}
    stood_still = calendar.workdays_between(local_date(round_.suspended_at or now), local_date(now))
    if round_.effective_due_at is not None and stood_still:
        due_at = shifted_by_workdays(round_.effective_due_at, stood_still, calendar)
        changes |= {"effective_due_at": due_at, "provisional": calendar.is_presumed(local_date(due_at))}
    round_ = change_round(round_, **changes)
    text = f"中止 {stood_still} 个工作日，时限相应顺延" if stood_still else "恢复办理，时限不变"
    move("resume", complaint, actor=actor, now=now, text=text, **repeated_on(round_))
    tell_department(complaint, "resumed", "已恢复办理", now=now)
    return complaint


@transaction.atomic
def submit_result(
    complaint: Complaint,
    *,
    inner_report: str,
    public_reply: str,
    is_solved: bool,
    actor,
    now: datetime,
    attachments: Sequence[Attachment | UploadedFile] = (),
) -> Complaint:
    """Hand in the result; a head submits and signs in one act, a reporter's waits for the head.

    The inner report stays inside, the public reply goes to the complainant and may hold no private number.
    Raises InvalidInput at the field.
    """
    COMPLAINT.check("submit", complaint, actor=actor)
    if holds_personal_data(public_reply):
        raise InvalidInput.at("public_reply", "公开答复中不能有手机号、身份证号或车牌号", code="private_data")
    signs = may_sign(actor, complaint)
    round_ = change_round(
        complaint.round_in_hand,
        inner_report=inner_report,
        public_reply=public_reply,
        is_solved=is_solved,
        handed_in_by=actor,
        submitted_at=now if signs else None,
    )
    complaint.chosen_status = S.OFFICE_REVIEW if signs else S.SIGN_OFF
    event = move("submit", complaint, actor=actor, now=now, **repeated_on(round_))
    attach_files(complaint, attachments, purpose=Purpose.REPLY, now=now, event=event)
    if signs:
        tell_office(
            complaint,
            "office_review",
            f"{complaint.round_in_hand.department.short_name}已提交办理结果，待审核",
            now=now,
        )
    else:
        tell_heads(complaint, "sign_off", "办理结果待签发", now=now)
    return complaint


@transaction.atomic
def sign_result(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Sign what the reporter handed in; on time or late is judged by this moment (R5)."""
    COMPLAINT.check("sign", complaint, actor=actor)
    round_ = change_round(complaint.round_in_hand, submitted_at=now)
    move("sign", complaint, actor=actor, now=now, **repeated_on(round_))
    tell_office(
        complaint, "office_review", f"{complaint.round_in_hand.department.short_name}已提交办理结果，待审核", now=now
    )
    return complaint


@transaction.atomic
def send_back_result(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Give the result back to the reporter (R5)."""
    move("send_back", complaint, actor=actor, now=now, text=reason)
    tell_department(complaint, "sent_back", "负责人退回修改", now=now)
    return complaint
