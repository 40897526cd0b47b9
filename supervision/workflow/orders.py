"""The states of a supervision order and who moves it (domain §7; act names: api.md)."""

from core.workflow import Transition, Workflow, chosen
from supervision.models import SupervisionOrder
from supervision.rules.orders import is_supervisor, may_reply, may_sign_reply

S = SupervisionOrder.Status

LEAD = "承办单位"
HEAD = "承办单位负责人"
SUPERVISOR = "督查员或县营商办审核人"


ORDER = Workflow(
    Transition("reply", "回复", (S.AWAITING,), (S.SIGN_OFF, S.REPLIED), may_reply, choose=chosen, who=LEAD),
    Transition("sign_reply", "签发回复", (S.SIGN_OFF,), (S.REPLIED,), may_sign_reply, who=HEAD),
    Transition("return_reply", "退回修改", (S.SIGN_OFF,), (S.AWAITING,), may_sign_reply, who=HEAD),
    Transition("send_back", "退回重报", (S.REPLIED,), (S.AWAITING,), is_supervisor, who=SUPERVISOR),
    Transition("close", "了结", (S.REPLIED,), (S.CLOSED,), is_supervisor, who=SUPERVISOR),
    entries=(S.AWAITING,),
    finals=(S.CLOSED,),
)
