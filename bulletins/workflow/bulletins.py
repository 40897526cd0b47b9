"""The states of a bulletin and who moves it (domain §8; act names: api.md)."""

from bulletins.models import Bulletin
from bulletins.rules.bulletins import (
    may_acknowledge,
    may_draft,
    may_review,
    may_send_back,
    may_sign,
    not_yet_acknowledged,
)
from core.workflow import Transition, Workflow

S = Bulletin.Status

OFFICE = "县营商办"
OFFICE_LEAD = "县营商办审核人"
SIGNER = "签发人"

BULLETIN = Workflow(
    Transition("submit", "提交审核", (S.DRAFT,), (S.REVIEW,), may_draft, who=OFFICE),
    Transition("approve", "审核通过", (S.REVIEW,), (S.SIGNING,), may_review, who=OFFICE_LEAD),
    Transition("sign", "签发并印发", (S.SIGNING,), (S.ISSUED,), may_sign, who=SIGNER),
    Transition(
        "send_back", "退回修改", (S.REVIEW, S.SIGNING), (S.DRAFT,), may_send_back, who=f"{OFFICE_LEAD}或{SIGNER}"
    ),
    Transition("correct", "更正", (S.ISSUED,), (S.ISSUED,), may_review, who=OFFICE_LEAD),
    Transition("void", "作废", (S.ISSUED,), (S.VOIDED,), may_sign, who=SIGNER),
    Transition(
        "acknowledge",
        "签收",
        (S.ISSUED,),
        (S.ISSUED,),
        may_acknowledge,
        who="承办单位",
        offered=not_yet_acknowledged,
    ),
    entries=(S.DRAFT,),
    finals=(S.VOIDED,),
)
