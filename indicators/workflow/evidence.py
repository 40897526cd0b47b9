"""The states of a piece of evidence (domain §3)."""

from core.workflow import Transition, Workflow
from indicators.models import Evidence
from indicators.rules.evidence import can_amend, can_review, not_for_review

S = Evidence.Status
OFFICE = "县营商办"

EVIDENCE = Workflow(
    Transition(
        "accept",
        "通过",
        sources=(S.PENDING,),
        targets=(S.PASSED,),
        permitted=can_review,
        blocked_by=not_for_review,
        who=OFFICE,
    ),
    Transition(
        "return",
        "退回补正",
        sources=(S.PENDING, S.PASSED),
        targets=(S.RETURNED,),
        permitted=can_review,
        blocked_by=not_for_review,
        who=OFFICE,
    ),
    Transition(
        "resubmit", "重新提交", sources=(S.RETURNED,), targets=(S.PENDING,), permitted=can_amend, who="提供单位"
    ),
    entries=(S.PENDING,),
)
