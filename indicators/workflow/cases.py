"""The states of a practice case (典型案例, domain §3)."""

from core.workflow import Transition, Workflow
from indicators.models import PracticeCase
from indicators.rules.evidence import can_amend, can_review

S = PracticeCase.Status
OFFICE, WRITER = "县营商办", "报送单位"

PRACTICE_CASE = Workflow(
    Transition(
        "submit", "提交", sources=(S.DRAFT, S.RETURNED), targets=(S.SUBMITTED,), permitted=can_amend, who=WRITER
    ),
    Transition("withdraw", "撤回", sources=(S.SUBMITTED,), targets=(S.DRAFT,), permitted=can_amend, who=WRITER),
    Transition("publish", "采用", sources=(S.SUBMITTED,), targets=(S.PUBLISHED,), permitted=can_review, who=OFFICE),
    Transition(
        "return",
        "退回补正",
        sources=(S.SUBMITTED, S.PUBLISHED),
        targets=(S.RETURNED,),
        permitted=can_review,
        who=OFFICE,
    ),
    entries=(S.DRAFT,),
)
