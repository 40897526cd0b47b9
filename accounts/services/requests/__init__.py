"""Account administration with approval: proposing (S1) and deciding (S2)."""

from accounts.services.requests.deciding import approve_request, refuse_request, withdraw_request
from accounts.services.requests.proposing import (
    NewAccount,
    propose_account,
    propose_department,
    propose_disabling,
    propose_enabling,
    propose_roles,
)

__all__ = [
    "NewAccount",
    "approve_request",
    "propose_account",
    "propose_department",
    "propose_disabling",
    "propose_enabling",
    "propose_roles",
    "refuse_request",
    "withdraw_request",
]
