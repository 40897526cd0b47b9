"""Global search by number: complaints, supervision orders and bulletins, each through the person."""

from datetime import UTC, datetime

import pytest

from bulletins.services import drafting
from core.dates import parse_period
from overview.selectors.search import search
from tests.factories.complaints import Cast, complaint_at

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(office, office_lead, reporter, head, department):
    return complaint_at("handling", Cast(office, office_lead, reporter, head, department))


def numbers(hits) -> list[str]:
    return [paper.number for paper in hits.papers]


def test_complaint_is_found_by_the_beginning_of_its_number_by_those_who_see_it(complaint, office, head, stranger):
    start = complaint.number[:10]
    assert numbers(search(start, office)) == numbers(search(start.lower(), head)) == [complaint.number]
    assert numbers(search(start, stranger)) == []
    assert numbers(search("YS", office)) == []


def test_whole_number_leads_straight_to_the_row(complaint, office, stranger, client_for):
    response = client_for(office).get("/search/", {"q": complaint.number})
    assert (response.status_code, response["Location"]) == (302, complaint.get_absolute_url())
    assert client_for(stranger).get("/search/", {"q": complaint.number}).status_code == 200


def test_draft_of_a_bulletin_is_found_by_the_office_only(office, head):
    bulletin, _ = drafting.draft_bulletin("notice", parse_period("2026W47"), actor=office, now=NOW)
    assert [paper.url for paper in search("全县营商环境工作情况", office).papers] == [bulletin.get_absolute_url()]
    assert search("全县营商环境工作情况", head).papers == []


def test_order_is_found_by_number_and_by_its_subject(inspector, office_lead, head, office, stranger):
    from supervision.services.orders import supervise_issue
    from tests.factories.due_issues import due_issue

    issue = due_issue("rectifying", inspector=inspector, office_lead=office_lead, head=head)
    supervise_issue(issue, requirement="请尽快整改", due_on=issue.due_on, actor=office_lead, now=NOW)
    assert numbers(search("西营商督", office)) == numbers(search(issue.number, head)) == ["西营商督〔2026〕1号"]
    assert numbers(search("西营商督", stranger)) == []
