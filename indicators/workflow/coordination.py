"""The states of a coordination item (domain §4): asked, answered, closed."""

from core.workflow import Transition, Workflow
from indicators.models import CoordinationItem
from indicators.rules.coordination import may_close, may_keep, may_reply

S = CoordinationItem.Status

OFFICE = "县营商办"

COORDINATION = Workflow(
    Transition("assign", "交办", sources=(S.OPEN,), targets=(S.OPEN,), permitted=may_keep, who=OFFICE),
    Transition("reply", "答复", sources=(S.OPEN,), targets=(S.REPLIED,), permitted=may_reply, who="承办人或县营商办"),
    Transition("close", "办结", sources=(S.OPEN, S.REPLIED), targets=(S.CLOSED,), permitted=may_close, who=OFFICE),
    Transition("reopen", "重新办理", sources=(S.REPLIED, S.CLOSED), targets=(S.OPEN,), permitted=may_close, who=OFFICE),
    entries=(S.OPEN,),
    finals=(S.CLOSED,),
)
