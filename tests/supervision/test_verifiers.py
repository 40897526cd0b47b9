"""Who is told that a clearance waits for their name: those whose name would count, and nobody else (domain §7)."""

from datetime import UTC, datetime

import pytest

from accounts.models import Message
from accounts.roles import Role
from core.panels import counts_for
from supervision.services import clearance, verification, writing
from supervision.services.escalation import remind_verifiers
from tests.factories.accounts import make_user
from tests.factories.issues import FOUND, again, give, issue_at

pytestmark = pytest.mark.django_db
#: Friday 27 November 2026: the limit of what was asked on Monday has passed.
LATE = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def told(issue, what: str, *people) -> set[str]:
    """Return which of ``people`` have a message ``what`` about the issue."""
    return {
        one.username
        for one in people
        if Message.objects.visible_to(one).filter(kind=f"issue.{what}", url=issue.get_absolute_url()).exists()
    }


@pytest.fixture
def people(cast, inspector2, signer):
    """Return everybody who verifies, and some who do not."""
    own = make_user("inspector_own", Role.INSPECTOR, department=cast.department)
    helping = make_user("inspector_helping", Role.INSPECTOR, department=cast.helper_department)
    return (cast.inspector, inspector2, cast.office_lead, signer, own, helping, cast.office, cast.reporter)


def test_those_outside_without_evidence_of_their_own_are_told(cast, people):
    issue = issue_at("rectified", cast, assisting=[cast.helper_department])
    give(again(issue, cast.inspector), cast.inspector)
    clearance.request_clearance(again(issue, cast.head), actor=cast.head, now=FOUND)
    assert told(issue, "to_verify", *people) == {"inspector2", "office_lead"}


def test_the_second_name_is_asked_of_the_others(cast, people):
    issue = issue_at("verified_once", cast)
    assert told(issue, "second_name", *people) == {"inspector2", "office_lead", "inspector_helping"}
    writing.remind_issue(again(issue, cast.office), actor=cast.office, now=LATE)
    assert told(issue, "reminded", *people) == {"inspector2", "office_lead", "inspector_helping"}


class TestTheSigner:
    """R3 signs where R6 and R2 do not give two names: here one of the two gave evidence."""

    @pytest.fixture
    def issue(self, cast, signer):
        issue = issue_at("rectified", cast)
        give(again(issue, cast.inspector), cast.inspector)
        return clearance.request_clearance(again(issue, cast.head), actor=cast.head, now=FOUND)

    def test_is_told_and_finds_it_in_the_ledger(self, cast, signer, issue, client_for):
        assert told(issue, "to_verify", signer, cast.inspector) == {"signer"}
        assert counts_for(signer, FOUND, ("issues",)) == {"issues": 1}
        page = client_for(signer).get("/issues/?view=to_verify").content.decode()
        assert issue.number in page
        assert "待我验收" in page

    def test_is_reminded_of_the_limit(self, cast, signer, issue):
        assert remind_verifiers(now=LATE) == 1
        late = [Message.objects.visible_to(one).filter(kind="issue.verify_limit") for one in (signer, cast.inspector)]
        assert [rows.count() for rows in late] == [1, 0]

    def test_gives_the_second_name(self, cast, signer, issue):
        verification.verify_pass(again(issue, cast.office_lead), actor=cast.office_lead, now=FOUND)
        assert told(issue, "second_name", signer, cast.office_lead) == {"signer"}
        verification.verify_pass(again(issue, signer), actor=signer, now=FOUND)
        assert again(issue, signer).status == "cleared"
