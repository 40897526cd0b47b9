"""More time: asked once a round, confirmed by the head, answered by R2 (domain §6, Extension)."""

from datetime import datetime

from django.db import transaction

from complaints.models import Complaint, Extension
from complaints.rules.complaints import may_sign
from complaints.selectors.deadlines import longest_extension, moved_by_workdays
from complaints.services.moves import move, tell_department, tell_heads, tell_office_lead
from complaints.services.rounds import change_round, repeated_on
from complaints.workflow import COMPLAINT
from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation
from core.selectors.calendar import work_calendar

Answer = Extension.Answer


@transaction.atomic
def request_extension(complaint: Complaint, *, workdays: int, reason: str, actor, now: datetime) -> Complaint:
    """Ask for ``workdays`` more, before the due time; a head confirms by asking (R4 R5).

    Raises:
        RuleViolation: the due time has passed, there is none, or the round has asked before.
        InvalidInput: fewer than 1 or more than the working days from dispatch to due.
    """
    COMPLAINT.check("request_extension", complaint, actor=actor)
    round_ = complaint.round_in_hand
    if round_.effective_due_at is None:
        raise RuleViolation("这件没有办理时限，不需要延期")
    if now > round_.effective_due_at:
        raise RuleViolation("已超过办理时限，延期须在到期前申请", code="too_late")
    most = longest_extension(round_, work_calendar())
    if not 1 <= workdays <= most:
        raise InvalidInput.at("workdays", f"延长天数应在 1 到 {most} 个工作日之间")
    confirmed = may_sign(actor, complaint)
    move("request_extension", complaint, actor=actor, now=now, text=f"申请延长 {workdays} 个工作日：{reason}")
    Extension.objects.create(
        round=round_,
        workdays=workdays,
        reason=reason,
        answer=Answer.ASKED if confirmed else Answer.UNCONFIRMED,
        asked_by=actor,
        asked_at=now,
        confirmed_by=actor if confirmed else None,
        confirmed_at=now if confirmed else None,
    )
    if confirmed:
        tell_office_lead(complaint, "extension_asked", f"申请延期 {workdays} 个工作日，待审批", now=now)
    else:
        tell_heads(complaint, "extension_unconfirmed", "延期申请待确认", now=now)
    return complaint


@transaction.atomic
def confirm_extension(complaint: Complaint, *, actor, now: datetime) -> Complaint:
    """Confirm the reporter's request (R5)."""
    COMPLAINT.check("confirm_extension", complaint, actor=actor)
    extension = complaint.current_extension
    extension.settle(answer=Answer.ASKED, confirmed_by=actor, confirmed_at=now)
    move("confirm_extension", complaint, actor=actor, now=now)
    tell_office_lead(complaint, "extension_asked", f"申请延期 {extension.workdays} 个工作日，待审批", now=now)
    return complaint


@transaction.atomic
def agree_extension(complaint: Complaint, *, actor, now: datetime, reason: str = "") -> Complaint:
    """Grant it, also after the old due time: as many working days after the present due day (R2)."""
    COMPLAINT.check("agree_extension", complaint, actor=actor)
    calendar, round_, extension = work_calendar(), complaint.round_in_hand, complaint.current_extension
    due_before = round_.effective_due_at
    assert due_before is not None  # nobody may ask for more time without a due date
    due_at = moved_by_workdays(due_before, extension.workdays, calendar)
    extension.settle(
        answer=Answer.AGREED,
        answered_by=actor,
        answered_at=now,
        answer_reason=reason,
        due_before=due_before,
        due_after=due_at,
    )
    provisional = calendar.is_presumed(local_date(due_at))
    round_ = change_round(round_, effective_due_at=due_at, extended=True, provisional=provisional)
    move("agree_extension", complaint, actor=actor, now=now, text=reason, **repeated_on(round_))
    tell_department(complaint, "extension_agreed", f"同意延期 {extension.workdays} 个工作日", now=now)
    return complaint


@transaction.atomic
def refuse_extension(complaint: Complaint, *, reason: str, actor, now: datetime) -> Complaint:
    """Refuse it; the round cannot ask again (R2)."""
    COMPLAINT.check("refuse_extension", complaint, actor=actor)
    complaint.current_extension.settle(answer=Answer.REFUSED, answered_by=actor, answered_at=now, answer_reason=reason)
    move("refuse_extension", complaint, actor=actor, now=now, text=reason)
    tell_department(complaint, "extension_refused", "不同意延期", now=now)
    return complaint
