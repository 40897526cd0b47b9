"""The office hands papers over the counter: 受理回执 with a look-up code, 不予受理告知书; whatever the channel."""

import re

import pytest
from django.test import Client

from complaints.services import office as office_acts
from core.models import AuditEvent
from tests.factories.complaints import NAME, PHONE, again, complaint_at, make_complaint

pytestmark = pytest.mark.django_db


def paper_of(row, name: str) -> str:
    return f"{row.get_absolute_url()}{name}/"


def code_on(page: str) -> str:
    return re.search(r"<dt>查询码</dt><dd class=\"num\"><b>([A-Z0-9]{8})</b>", page)[1]


@pytest.mark.parametrize("status", ["received", "accepted", "handling", "closed"])
def test_receipt_of_a_telephone_call_is_printed_from_the_detail_page(status, cast, client_for):
    row, browser = complaint_at(status, cast), client_for(cast.office)
    assert f'href="{paper_of(row, "receipt")}"' in browser.get(row.get_absolute_url()).text
    page = browser.get(paper_of(row, "receipt")).text
    for expected in ("群众诉求受理回执", row.number, "data:image/svg+xml", "请向县营商办索取"):
        assert expected in page
    for hidden in (NAME, PHONE, "查询码</dt>"):
        assert hidden not in page


def test_code_is_issued_shown_once_and_opens_the_look_up(cast, client_for):
    row, browser = make_complaint(cast.office), client_for(cast.office)
    answer = browser.post(paper_of(row, "code"), {"version": row.version})
    code = code_on(answer.text)
    assert "no-store" in answer["Cache-Control"]
    assert code not in browser.get(paper_of(row, "receipt")).text
    visitor = Client()
    found = visitor.post("/public/complaints/progress/", {"number": row.number, "code": code})
    assert "待受理" in found.text
    event = AuditEvent.objects.get(action="complaints.complaint.issue_code")
    assert (event.actor, event.after) == (cast.office, {"replaces": False})
    assert code not in f"{event.before}{event.after}{event.purpose}"
    assert "出具查询码" in browser.get(row.get_absolute_url()).text


def test_second_code_replaces_the_first(cast, client_for):
    row, browser = make_complaint(cast.office), client_for(cast.office)
    first = code_on(browser.post(paper_of(row, "code")).text)
    assert "换查询码" in browser.get(paper_of(row, "receipt")).text
    second = code_on(browser.post(paper_of(row, "code")).text)
    statuses = [
        Client().post("/public/complaints/progress/", {"number": row.number, "code": code}).status_code
        for code in (first, second)
    ]
    assert statuses == [422, 200]


def test_code_of_a_row_changed_meanwhile_is_not_issued(cast, client_for):
    row = make_complaint(cast.office)
    office_acts.accept_complaint(again(row, cast.office), actor=cast.office, now=row.received_at)
    assert client_for(cast.office).post(paper_of(row, "code"), {"version": row.version}).status_code == 409


def test_code_is_given_by_post_only(cast, client_for):
    row = make_complaint(cast.office)
    assert client_for(cast.office).get(paper_of(row, "code")).status_code == 405


def test_refusal_notice_carries_the_day_of_the_decision(cast, client_for):
    row, browser = complaint_at("refused", cast), client_for(cast.office_lead)
    page = browser.get(row.get_absolute_url()).text
    assert f'href="{paper_of(row, "refusal")}"' in page
    assert f'href="{paper_of(row, "receipt")}"' not in page
    notice = browser.get(paper_of(row, "refusal")).text
    for expected in ("不予受理告知书", row.refusal_reason, "2026年11月23日"):
        assert expected in notice
    assert NAME not in notice


def test_there_is_no_refusal_notice_of_what_was_not_refused(cast, client_for):
    row, browser = complaint_at("refusal_review", cast), client_for(cast.office)
    assert f'href="{paper_of(row, "refusal")}"' not in browser.get(row.get_absolute_url()).text
    assert browser.get(paper_of(row, "refusal")).status_code == 409


@pytest.mark.parametrize("name", ["receipt", "refusal", "code"])
@pytest.mark.parametrize(
    ("role", "expected"),
    [("reporter", 403), ("head", 403), ("leader", 403), ("inspector", 403), ("stranger", 404)],
)
def test_only_the_office_hands_papers_over(name, role, expected, cast, client_for, request):
    row, browser = complaint_at("handling", cast), client_for(request.getfixturevalue(role))
    answer = browser.post(paper_of(row, name)) if name == "code" else browser.get(paper_of(row, name))
    assert answer.status_code == expected
    if expected == 403:
        assert paper_of(row, "receipt") not in browser.get(row.get_absolute_url()).text


def test_printing_is_logged_for_the_office_and_not_asked_of_the_public(cast, client_for):
    row = make_complaint(cast.office)
    assert 'data-prints="/prints/"' in client_for(cast.office).get(paper_of(row, "receipt")).text
