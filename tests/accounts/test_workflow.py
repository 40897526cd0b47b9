"""Every cell of the account request's table: status × act × person."""

import pytest

from accounts.models import AccountRequest
from accounts.workflow import ACCOUNT_REQUEST
from core.exceptions import InvalidTransition, NotAllowed
from tests.factories.accounts import NOW, request_at

pytestmark = pytest.mark.django_db

PEOPLE = (
    "sysadmin",
    "secadmin",
    "auditor",
    "office",
    "office_lead",
    "signer",
    "leader",
    "reporter",
    "head",
    "inspector",
)
ALLOWED = {("approve", "secadmin"), ("refuse", "secadmin"), ("withdraw", "sysadmin")}
TARGETS = {"approve": "approved", "refuse": "rejected", "withdraw": "withdrawn"}


@pytest.mark.parametrize("status", AccountRequest.Status.values)
@pytest.mark.parametrize("act", list(ACCOUNT_REQUEST.transitions))
def test_every_cell_of_the_table(status, act, request, sysadmin, secadmin, department):
    row = request_at(status, proposer=sysadmin, decider=secadmin, department=department)
    for name in PEOPLE:
        actor = request.getfixturevalue(name)
        if (act, name) not in ALLOWED:
            with pytest.raises(NotAllowed):
                ACCOUNT_REQUEST.check(act, row, actor=actor)
        elif status != "pending":
            with pytest.raises(InvalidTransition):
                ACCOUNT_REQUEST.check(act, row, actor=actor)
        else:
            assert ACCOUNT_REQUEST.check(act, row, actor=actor).targets == (TARGETS[act],)


def test_nothing_is_offered_once_it_is_decided(sysadmin, secadmin, department):
    row = request_at("approved", proposer=sysadmin, decider=secadmin, department=department)
    assert ACCOUNT_REQUEST.available(row, secadmin) == []
    assert ACCOUNT_REQUEST.available(row, sysadmin) == []


def test_decider_and_time_are_written_with_the_decision(sysadmin, secadmin, department):
    row = request_at("rejected", proposer=sysadmin, decider=secadmin, department=department)
    assert (row.decided_by, row.decided_at, row.decision_note) == (secadmin, NOW, "不需要")
