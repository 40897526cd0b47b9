"""The life of an account request: proposed by S1, decided by S2, never by the same person (domain §1)."""

from accounts.models import AccountRequest
from accounts.rules import can_decide, can_withdraw
from core.workflow import Transition, Workflow

_S = AccountRequest.Status

ACCOUNT_REQUEST = Workflow(
    Transition("approve", "通过", (_S.PENDING,), (_S.APPROVED,), permitted=can_decide, who="未提出此申请的安全管理员"),
    Transition("refuse", "不通过", (_S.PENDING,), (_S.REJECTED,), permitted=can_decide, who="未提出此申请的安全管理员"),
    Transition("withdraw", "撤回", (_S.PENDING,), (_S.WITHDRAWN,), permitted=can_withdraw, who="提出申请的系统管理员"),
    entries=(_S.PENDING,),
    finals=(_S.APPROVED, _S.REJECTED, _S.WITHDRAWN),
)
