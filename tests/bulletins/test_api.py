"""``bulletins/`` as clients see it (api.md): drafting, editing, signing, files, receipts, caching."""

import hashlib
from datetime import UTC, datetime

import pytest

from bulletins.models import Bulletin
from bulletins.services import drafting, review
from core import clock
from core.dates import parse_period

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
URL = "/api/v1/bulletins/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def draft(office):
    """Return this week's 通报 in 草稿."""
    return drafting.draft_bulletin("notice", parse_period("2026W47"), actor=office, now=NOW)[0]


@pytest.fixture
def issued(draft, office, office_lead, signer):
    """Return it issued."""
    review.submit_bulletin(draft, actor=office, now=NOW)
    review.approve_bulletin(draft, actor=office_lead, now=NOW)
    return review.sign_bulletin(draft, actor=signer, now=NOW)


def test_draft_is_made_once_and_renewed_afterwards(api_for, office):
    first = api_for(office).post(URL, {"kind": "notice", "period": "2026W47"}, format="json")
    again = api_for(office).post(URL, {"kind": "notice", "from": "2026-11-16", "to": "2026-11-22"}, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data["number"] == again.data["number"] == "notice-2026W47"
    assert first.data["status"] == "draft"
    assert [section["key"] for section in first.data["sections"]] == [
        *("overview", "indicators", "reporting", "complaints", "issues", "overdue", "next_steps")
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "notice", "period": "2026W60"}, "period"),
        ({"kind": "notice", "period": "2027W02"}, "period"),
        ({"kind": "notice"}, "period"),
        ({"kind": "gazette", "period": "2026W47"}, "kind"),
        ({"kind": "monthly_complaints", "period": "2026W47"}, "period"),
        ({"kind": "daily_brief", "from": "2026-11-16", "to": "2026-11-17"}, "period"),
        ({"kind": "yearly_report", "period": "202611"}, "period"),
    ],
)
def test_strange_or_future_period_is_refused(api_for, office, body, field):
    response = api_for(office).post(URL, body, format="json")
    assert response.status_code == 400
    assert response.data["errors"][0]["field"] == field


def test_days_that_make_a_month_are_a_month(api_for, office):
    body = {"kind": "monthly_complaints", "from": "2026-10-01", "to": "2026-10-31"}
    assert api_for(office).post(URL, body, format="json").status_code == 201


def test_departments_see_a_paper_only_once_it_is_issued(api_for, draft, reporter, office, office_lead, signer):
    assert api_for(reporter).get(f"{URL}{draft.number}/").status_code == 404
    review.submit_bulletin(draft, actor=office, now=NOW)
    review.approve_bulletin(draft, actor=office_lead, now=NOW)
    review.sign_bulletin(draft, actor=signer, now=NOW)
    response = api_for(reporter).get(f"{URL}{draft.number}/")
    assert response.status_code == 200
    assert response.data["actions"] == ["acknowledge"]


def test_sections_are_edited_and_unknown_names_refused(api_for, draft, office):
    client = api_for(office)
    tag = client.get(f"{URL}{draft.number}/")["ETag"]
    body = {"sections": [{"key": "next_steps", "text": "请各单位抓紧办理。"}]}
    response = client.patch(f"{URL}{draft.number}/", body, format="json", headers={"If-Match": tag})
    assert response.status_code == 200
    section = next(one for one in response.data["sections"] if one["key"] == "next_steps")
    assert (section["rendered"], section["edited"], section["version"]) == ("请各单位抓紧办理。", True, 2)
    stale = client.patch(f"{URL}{draft.number}/", body, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    wrong = {"sections": [{"key": "overview", "text": "共{no.such}件"}]}
    assert client.patch(f"{URL}{draft.number}/", wrong, format="json").status_code == 400


def test_unchanged_paper_answers_304(api_for, issued, office):
    client = api_for(office)
    first = client.get(f"{URL}{issued.number}/")
    again = client.get(f"{URL}{issued.number}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_document_is_the_frozen_bytes_whatever_happens_later(api_for, issued, reporter):
    response = api_for(reporter).get(f"{URL}{issued.number}/document/?format=docx")
    body = b"".join(response.streaming_content)
    data = api_for(reporter).get(f"{URL}{issued.number}/").data
    assert hashlib.sha256(body).hexdigest() == data["sha256"]
    assert {file["format"] for file in data["files"]} == {"docx", "xlsx", "html"}
    assert "attachment" in response["Content-Disposition"]
    assert api_for(reporter).get(f"{URL}{issued.number}/document/?format=signing_sheet").status_code == 403
    assert api_for(reporter).get(f"{URL}{issued.number}/document/?format=pdf").status_code == 400


def test_receipt_is_signed_once_a_department(api_for, issued, reporter, head, other_department):
    client = api_for(reporter)
    first = client.post(f"{URL}{issued.number}/acknowledge/")
    assert first.status_code == 200
    assert first.data["receipts"][0]["department"] == "zjj"
    assert "zjj" not in first.data["missing_receipts"]
    assert "czj" in first.data["missing_receipts"]
    assert "ysb" not in first.data["missing_receipts"]
    assert client.post(f"{URL}{issued.number}/acknowledge/").status_code == 409


@pytest.mark.parametrize("count", [2, 20])
def test_list_asks_the_same_number_of_questions(api_for, office, count, django_assert_num_queries):
    rows = []
    for place in range(count):
        rows.append(
            Bulletin(
                number=f"brief-{place}",
                kind="brief",
                period=f"p{place}",
                from_on=NOW.date().replace(day=1 + place),
                to_on=NOW.date().replace(day=1 + place),
                cut_off=NOW,
                title="简报",
                status="draft",
                snapshot_at=NOW,
                drafted_at=NOW,
            )
        )
    Bulletin._base_manager.bulk_create(rows)
    client = api_for(office)
    client.get(URL)
    with django_assert_num_queries(4):
        response = client.get(URL)
    assert len(response.data["results"]) == count
