"""What departments and those who assign are told as an issue moves (domain §1, messages)."""

import pytest

from accounts.models import Message
from supervision.services import writing
from tests.factories.issues import FOUND, again, issue_at

pytestmark = pytest.mark.django_db


def told(issue, what: str, *people) -> set[str]:
    """Return which of ``people`` have a message ``what`` about the issue."""
    kinds = [(one, Message.objects.visible_to(one).filter(kind=f"issue.{what}")) for one in people]
    return {one.username for one, rows in kinds if rows.filter(url=issue.get_absolute_url()).exists()}


@pytest.fixture
def everybody(cast, inspector2, stranger):
    """Return those who assign, the department, and others."""
    return (cast.inspector, inspector2, cast.office, cast.office_lead, cast.reporter, cast.head, stranger)


KEEPERS = {"inspector", "inspector2", "office", "office_lead"}


def test_what_a_department_found_itself_waits_for_those_who_register(cast, everybody):
    issue = writing.write_issue({"description": "窗口公示与目录不一致"}, actor=cast.reporter, now=FOUND)
    assert told(issue, "self_check", *everybody) == KEEPERS
    row = Message.objects.visible_to(cast.office).get(kind="issue.self_check")
    assert row.title == f"{issue.number} {cast.department.short_name}自查发现问题，待登记"


def test_what_the_office_writes_is_no_news_to_itself(cast, everybody):
    issue = issue_at("draft", cast)
    assert told(issue, "self_check", *everybody) == set()


def test_a_department_that_knew_of_it_is_told_that_it_was_struck(cast, everybody):
    issue = issue_at("assigned", cast)
    objected = writing.object_to_issue(again(issue, cast.head), reason="不属实", actor=cast.head, now=FOUND)
    assert told(objected, "objected", *everybody) == KEEPERS
    writing.revoke_issue(again(issue, cast.office_lead), reason="经核实不属实", actor=cast.office_lead, now=FOUND)
    assert told(issue, "revoked", *everybody) == {"zjj_reporter", "zjj_head"}


def test_a_department_that_never_knew_is_not(cast, everybody):
    issue = issue_at("revoked", cast)
    assert told(issue, "revoked", *everybody) == set()
