"""The states of a complaint and who moves it (domain §6; act names: api.md)."""

from complaints.models import Complaint
from complaints.rules.complaints import (
    already_here,
    already_raised,
    designated,
    is_office,
    is_office_lead,
    may_assist,
    may_handle,
    may_merge,
    may_note,
    may_sign,
    may_supervise,
    may_withdraw,
    not_suspended,
    only_by_import,
    suspended,
    upstream,
    without_department,
)
from core.extensions import extension_used, unanswered, unconfirmed
from core.workflow import Transition, Workflow, any_of, chosen
from core.workflow import stay as kept

S = Complaint.Status

OFFICE = "县营商办"
OFFICE_LEAD = "县营商办审核人"
LEAD = "承办单位"
HEAD = "承办单位负责人"

halted = any_of(upstream, suspended)


def stay(name, label, *, at, permitted, who, blocked_by=upstream) -> Transition:
    """Return an act that keeps the state; the city's platform bars it unless told otherwise."""
    return kept(name, label, at=at, permitted=permitted, who=who, blocked_by=blocked_by)


COMPLAINT = Workflow(
    # --- the office decides whether and to whom -----------------------------------------------
    Transition("accept", "受理", (S.RECEIVED,), (S.ACCEPTED,), is_office, upstream, who=OFFICE),
    Transition("propose_refusal", "拟不予受理", (S.RECEIVED,), (S.REFUSAL_REVIEW,), is_office, upstream, who=OFFICE),
    Transition(
        "agree_refusal", "同意不予受理", (S.REFUSAL_REVIEW,), (S.REFUSED,), is_office_lead, upstream, who=OFFICE_LEAD
    ),
    Transition(
        "disagree_refusal",
        "不同意，转派单",
        (S.REFUSAL_REVIEW,),
        (S.ACCEPTED,),
        is_office_lead,
        upstream,
        who=OFFICE_LEAD,
    ),
    Transition(
        "mark_duplicate",
        "并件",
        (S.RECEIVED, S.ACCEPTED, S.DISPATCHED, S.HANDLING),
        (S.MERGED,),
        may_merge,
        halted,
        who=OFFICE_LEAD,
    ),
    Transition("transfer", "移交", (S.RECEIVED,), (S.TRANSFERRED,), is_office_lead, upstream, who=OFFICE_LEAD),
    Transition("dispatch", "派单", (S.ACCEPTED,), (S.DISPATCHED,), is_office, upstream, who=OFFICE),
    # --- the department signs or returns ------------------------------------------------------
    Transition("sign_for", "签收", (S.DISPATCHED,), (S.HANDLING,), may_handle, upstream, who=LEAD),
    Transition(
        "request_return",
        "申请退单",
        (S.DISPATCHED,),
        (S.RETURN_REVIEW,),
        may_handle,
        any_of(upstream, designated),
        who=LEAD,
    ),
    Transition("agree_return", "同意退单", (S.RETURN_REVIEW,), (S.ACCEPTED,), is_office, upstream, who=OFFICE),
    Transition("refuse_return", "不同意退单", (S.RETURN_REVIEW,), (S.HANDLING,), is_office, upstream, who=OFFICE),
    Transition(
        "withdraw", "收回改派", (S.DISPATCHED, S.HANDLING), (S.ACCEPTED,), may_withdraw, halted, who=OFFICE_LEAD
    ),
    # --- the department handles ---------------------------------------------------------------
    stay("note", "记录进展", at=(S.HANDLING,), permitted=may_note, who="承办或协办单位"),
    stay("assist_reply", "提交协办意见", at=(S.HANDLING,), permitted=may_assist, who="协办单位", blocked_by=halted),
    stay(
        "request_extension",
        "申请延期",
        at=(S.HANDLING,),
        permitted=may_handle,
        who=LEAD,
        blocked_by=any_of(halted, extension_used),
    ),
    stay(
        "confirm_extension",
        "确认延期申请",
        at=(S.HANDLING,),
        permitted=may_sign,
        who=HEAD,
        blocked_by=any_of(halted, unconfirmed),
    ),
    stay(
        "agree_extension",
        "同意延期",
        at=(S.HANDLING,),
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=any_of(halted, unanswered),
    ),
    stay(
        "refuse_extension",
        "不同意延期",
        at=(S.HANDLING,),
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=any_of(halted, unanswered),
    ),
    stay("add_assisting", "加派协办", at=(S.HANDLING,), permitted=is_office, who=OFFICE, blocked_by=halted),
    stay("suspend", "中止", at=(S.HANDLING,), permitted=is_office_lead, who=OFFICE_LEAD, blocked_by=halted),
    stay(
        "resume",
        "恢复办理",
        at=(S.HANDLING,),
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=any_of(upstream, not_suspended),
    ),
    Transition(
        "submit",
        "提交办理结果",
        (S.HANDLING,),
        (S.SIGN_OFF, S.OFFICE_REVIEW),
        may_handle,
        halted,
        choose=chosen,
        who=LEAD,
    ),
    Transition("sign", "签发", (S.SIGN_OFF,), (S.OFFICE_REVIEW,), may_sign, upstream, who=HEAD),
    Transition("send_back", "退回修改", (S.SIGN_OFF,), (S.HANDLING,), may_sign, upstream, who=HEAD),
    # --- the office reviews, calls back, closes -----------------------------------------------
    Transition(
        "pass", "审核通过", (S.OFFICE_REVIEW,), (S.CALLBACK, S.CLOSED), is_office, upstream, choose=chosen, who=OFFICE
    ),
    Transition("review_back", "退回补办", (S.OFFICE_REVIEW,), (S.HANDLING,), is_office, upstream, who=OFFICE),
    Transition(
        "callback",
        "登记回访",
        (S.CALLBACK,),
        (S.CLOSED, S.HANDLING, S.CALLBACK),
        is_office,
        upstream,
        choose=chosen,
        who=OFFICE,
    ),
    Transition("archive", "归档", (S.CLOSED,), (S.ARCHIVED,), is_office, who=OFFICE),
    Transition(
        "reopen",
        "重新办理",
        (S.CLOSED, S.ARCHIVED, S.REFUSED, S.MERGED, S.TRANSFERRED),
        (S.HANDLING, S.ACCEPTED),
        is_office_lead,
        upstream,
        choose=chosen,
        who=OFFICE_LEAD,
    ),
    Transition(
        "withdraw_complaint", "诉求人撤回", Complaint.OPEN, (S.CLOSED,), is_office_lead, halted, who=OFFICE_LEAD
    ),
    # --- beside the states ---------------------------------------------------------------------
    stay(
        "grant_identity",
        "授权查看身份",
        at=Complaint.WITH_DEPARTMENT,
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=any_of(without_department, suspended),
    ),
    stay("remind", "催办", at=Complaint.OPEN, permitted=is_office, who=OFFICE, blocked_by=without_department),
    stay(
        "supervise",
        "督办",
        at=Complaint.OPEN,
        permitted=may_supervise,
        who="督查员或县营商办审核人",
        blocked_by=any_of(without_department, suspended),
    ),
    stay(
        "raise_issue",
        "转为问题",
        at=(*Complaint.OPEN, S.CLOSED, S.ARCHIVED),
        permitted=is_office,
        who=OFFICE,
        blocked_by=any_of(suspended, already_raised),
    ),
    stay(
        "pull_here",
        "转为本平台办理",
        at=Complaint.OPEN,
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=already_here,
    ),
    Transition(
        "follow_file",
        "随热线表格更新",
        (S.RECEIVED, S.ACCEPTED, S.DISPATCHED, S.HANDLING),
        (S.DISPATCHED, S.HANDLING, S.CLOSED),
        is_office,
        only_by_import,
        choose=chosen,
        who=OFFICE,
    ),
    entries=(S.RECEIVED, S.DISPATCHED, S.HANDLING, S.CLOSED, S.ACCEPTED),
    finals=(S.ARCHIVED, S.REFUSED, S.MERGED, S.TRANSFERRED),
)
