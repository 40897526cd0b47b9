"""The states of an issue and who moves it (domain §7; act names: api.md)."""

from core.extensions import extension_used, unanswered, unconfirmed
from core.workflow import Transition, Workflow, any_of, chosen, stay
from supervision.models import Issue
from supervision.rules.issues import (
    clearance_unsigned,
    is_keeper,
    is_office_lead,
    may_add_evidence,
    may_handle,
    may_look_back,
    may_note,
    may_relapse,
    may_review_sustained,
    may_sign,
    may_still_verify,
    may_supervise,
    may_verify,
    may_withdraw,
    needs_plan_first,
    no_clearance_waits,
    offers_evidence,
    plan_waits,
)

S = Issue.Status

KEEPER = "县营商办或督查局"
OFFICE_LEAD = "县营商办审核人"
LEAD = "牵头单位"
HEAD = "牵头单位负责人"
VERIFIER = "牵头和配合单位以外的督查员或县营商办审核人"
INSPECTOR = "督查员"


ISSUE = Workflow(
    # --- whoever found it registers and assigns ------------------------------------------------
    Transition("register", "登记", (S.DRAFT,), (S.REGISTERED,), is_keeper, who=KEEPER),
    Transition("assign", "交办", (S.REGISTERED,), (S.ASSIGNED,), is_keeper, who=KEEPER),
    Transition("revoke", "不属实，撤销", (S.REGISTERED,), (S.REVOKED,), is_office_lead, who=OFFICE_LEAD),
    Transition(
        "withdraw", "收回", (S.ASSIGNED, S.PLANNING, S.RECTIFYING), (S.REGISTERED,), may_withdraw, who=OFFICE_LEAD
    ),
    # --- the department signs, plans, rectifies -----------------------------------------------
    Transition("sign_for", "签收", (S.ASSIGNED,), (S.PLANNING,), may_handle, who=LEAD),
    Transition("object", "提出异议", (S.ASSIGNED,), (S.REGISTERED,), may_handle, who=LEAD),
    Transition(
        "submit_plan", "报整改方案", (S.PLANNING,), (S.PLANNING, S.RECTIFYING), may_handle, choose=chosen, who=LEAD
    ),
    Transition("sign_plan", "签发方案", (S.PLANNING,), (S.RECTIFYING,), may_sign, plan_waits, who=HEAD),
    stay("return_plan", "退回方案", at=(S.PLANNING,), permitted=may_sign, who=HEAD, blocked_by=plan_waits),
    stay("note", "记录进展", at=(S.RECTIFYING,), permitted=may_note, who="牵头或配合单位"),
    stay(
        "add_evidence",
        "上传佐证",
        at=(S.DRAFT, S.REGISTERED, S.ASSIGNED, S.PLANNING, S.RECTIFYING, S.VERIFYING, S.SUSTAINED),
        permitted=may_add_evidence,
        who="牵头或配合单位、县营商办、督查局",
        offered=offers_evidence,
    ),
    stay(
        "request_extension",
        "申请延期",
        at=(S.RECTIFYING,),
        permitted=may_handle,
        who=LEAD,
        blocked_by=extension_used,
    ),
    stay("confirm_extension", "确认延期申请", at=(S.RECTIFYING,), permitted=may_sign, who=HEAD, blocked_by=unconfirmed),
    stay(
        "agree_extension",
        "同意延期",
        at=(S.RECTIFYING, S.VERIFYING),
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=unanswered,
    ),
    stay(
        "refuse_extension",
        "不同意延期",
        at=(S.RECTIFYING, S.VERIFYING),
        permitted=is_office_lead,
        who=OFFICE_LEAD,
        blocked_by=unanswered,
    ),
    Transition(
        "request_clearance",
        "申请销号",
        (S.PLANNING, S.RECTIFYING),
        (S.PLANNING, S.RECTIFYING, S.VERIFYING),
        may_handle,
        any_of(needs_plan_first, no_clearance_waits),
        choose=chosen,
        who=LEAD,
    ),
    Transition(
        "sign_clearance",
        "签发销号申请",
        (S.PLANNING, S.RECTIFYING),
        (S.VERIFYING,),
        may_sign,
        clearance_unsigned,
        who=HEAD,
    ),
    stay(
        "return_clearance",
        "退回销号申请",
        at=(S.PLANNING, S.RECTIFYING),
        permitted=may_sign,
        who=HEAD,
        blocked_by=clearance_unsigned,
    ),
    # --- two others verify; what is cleared is looked back at --------------------------------
    Transition(
        "verify_pass",
        "验收通过",
        (S.VERIFYING,),
        (S.VERIFYING, S.CLEARED, S.SUSTAINED),
        may_verify,
        choose=chosen,
        who=VERIFIER,
        offered=may_still_verify,
    ),
    Transition(
        "verify_fail",
        "验收不通过",
        (S.VERIFYING,),
        (S.RECTIFYING,),
        may_verify,
        who=VERIFIER,
        offered=may_still_verify,
    ),
    stay("review", "定期复查", at=(S.SUSTAINED,), permitted=may_review_sustained, who=VERIFIER),
    Transition("clear", "转销号", (S.SUSTAINED,), (S.CLEARED,), may_review_sustained, who=VERIFIER),
    Transition(
        "look_back", "回头看", (S.CLEARED,), (S.CLEARED, S.RECTIFYING), may_look_back, choose=chosen, who=INSPECTOR
    ),
    Transition("relapse", "反弹", (S.SUSTAINED, S.CLEARED), (S.RECTIFYING,), may_relapse, who=INSPECTOR),
    # --- beside the states ---------------------------------------------------------------------
    stay("remind", "催办", at=Issue.WITH_DEPARTMENT, permitted=is_keeper, who=KEEPER),
    stay("supervise", "督办", at=Issue.WITH_DEPARTMENT, permitted=may_supervise, who="督查员或县营商办审核人"),
    entries=(S.DRAFT,),
    finals=(S.REVOKED,),
)
