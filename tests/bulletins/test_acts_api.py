"""Every act of a bulletin by role and state through the API, against the table of domain §8."""

import pytest

from bulletins.models import Bulletin
from bulletins.services import drafting, review
from core import clock
from tests.bulletins.acts_table import ACTS, ROLES, STATES
from tests.bulletins.conftest import MONDAY, WEEK

pytestmark = pytest.mark.django_db
URL = "/api/v1/bulletins/"


@pytest.fixture
def everybody(office, office_lead, signer, leader, inspector, reporter, head, sysadmin):
    """Return the people by role."""
    people = (office, office_lead, signer, leader, inspector, reporter, head, sysadmin)
    return dict(zip(ROLES, people, strict=True))


def bulletin_at(state: str, people) -> Bulletin:
    """Return a brief that has come to ``state`` through the services."""
    bulletin = drafting.draft_bulletin("brief", WEEK, actor=people["office"], now=MONDAY)[0]
    ways = {
        "review": lambda: review.submit_bulletin(bulletin, actor=people["office"], now=MONDAY),
        "signing": lambda: review.approve_bulletin(bulletin, actor=people["office_lead"], now=MONDAY),
        "issued": lambda: review.sign_bulletin(bulletin, actor=people["signer"], now=MONDAY),
        "voided": lambda: review.void_bulletin(bulletin, reason="误发", actor=people["signer"], now=MONDAY),
    }
    for step in STATES[1 : STATES.index(state) + 1]:
        ways[step]()
    return bulletin


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_acts_answer_as_the_contract_says(everybody, role, state, api_for, monkeypatch):
    """One paper serves all acts of a role in a state: an act that goes through is undone before the next."""
    from django.db import transaction

    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    bulletin = bulletin_at(state, everybody)
    client = api_for(everybody[role])
    offered = client.get(f"{URL}{bulletin.number}/").data.get("actions")
    for act in ACTS:
        with transaction.atomic():
            response = client.post(f"{URL}{bulletin.number}/{act.name}/", act.body, format="json")
            assert response.status_code == act.expected(role, state), (act.name, response.data)
            if response.status_code == 200:
                assert response.data["status"] == act.moves[state][0]
                assert act.name in offered
            else:
                assert act.name not in (offered or [])
            transaction.set_rollback(True)


@pytest.mark.parametrize("act", [act for act in ACTS if act.body], ids=lambda act: act.name)
def test_reason_is_asked_for(everybody, act, api_for, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    (state, (_, roles)), *_ = act.moves.items()
    bulletin = bulletin_at(state, everybody)
    client = api_for(everybody[min(roles)])
    response = client.post(f"{URL}{bulletin.number}/{act.name}/", {"reason": " "}, format="json")
    assert response.status_code == 400
    assert response.data["errors"][0]["field"] == "reason"
