"""The calendar feed: whose token opens it, and what stands in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import ApiToken
from accounts.services import issue_token, open_feed_token, open_token, revoke_token
from core import clock
from tests.factories.accounts import make_service_account
from tests.factories.complaints import NAME, PHONE, Cast, complaint_at
from tests.factories.due_issues import due_issue

pytestmark = pytest.mark.django_db
#: Monday 23 November 2026, 11:00 in Xiping: an hour after the complaints and issues of the factories.
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ADDRESS = "/feeds/deadlines.ics"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOW)


@pytest.fixture
def cast(office, office_lead, reporter, head, department) -> Cast:
    return Cast(office, office_lead, reporter, head, department)


def feed(person, **extra):
    _, text = open_feed_token(actor=person, now=NOW)
    return Client(**extra).get(ADDRESS, {"token": text})


def entries(person) -> dict[str, tuple]:
    """Return UID without host -> summary, first day or moment, status."""
    events = Calendar.from_ical(feed(person).content).walk("VEVENT")
    return {
        str(event["uid"]).partition("@")[0]: (str(event["summary"]), event["dtstart"].dt, str(event["status"]))
        for event in events
    }


def test_department_has_its_due_and_signing_times_and_no_content(cast):
    new, handled = complaint_at("dispatched", cast), complaint_at("handling", cast)
    found = entries(cast.reporter)
    assert found[f"{new.number}-sign"][0] == f"签收：{new.number} 县住建局"
    assert found[f"{handled.number}-due"] == (f"办理：{handled.number} 县住建局", date(2026, 11, 30), "CONFIRMED")
    text = feed(cast.reporter).content.decode().replace("\r\n ", "")
    for secret in (NAME, PHONE, new.title, "燃气", cast.reporter.name):
        assert secret not in text


def test_what_is_done_is_cancelled_under_the_same_name(cast):
    row = complaint_at("handling", cast)
    assert entries(cast.reporter)[f"{row.number}-sign"][2] == "CANCELLED"
    closed = complaint_at("closed", cast)
    assert entries(cast.reporter)[f"{closed.number}-due"] == (f"已办：{closed.number}", date(2026, 11, 30), "CANCELLED")


def test_others_see_nothing_of_it(cast, stranger):
    complaint_at("handling", cast)
    assert entries(stranger) == {}


def test_issue_stands_with_its_title(cast, inspector):
    issue = due_issue("rectifying", inspector=inspector, office_lead=cast.office_lead, head=cast.head)
    summary, due, status = entries(cast.reporter)[f"{issue.number}-due"]
    assert summary == f"办理：{issue.number} 县住建局 {issue.title}"
    assert (due, status) == (issue.due_on, "CONFIRMED")


def test_look_backs_are_in_the_calendar_before_their_day(cast, inspector):
    issue = due_issue("cleared", inspector=inspector, office_lead=cast.office_lead, head=cast.head)
    (entry,) = (row for key, row in entries(inspector).items() if key == f"{issue.number}-look-back")
    assert entry[1] > NOW.date() + timedelta(days=7)


def test_answer_is_private_and_every_entry_a_whole_day_that_blocks_nothing(cast):
    complaint_at("handling", cast)
    answer = feed(cast.reporter)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    event = next(one for one in Calendar.from_ical(answer.content).walk("VEVENT") if one["status"] == "CONFIRMED")
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
    assert event["transp"] == "TRANSPARENT"
    assert str(event["url"]).startswith("http://testserver/complaints/")


def test_which_tokens_open_it_and_that_the_answer_never_tells_why_not(reporter, stranger, sysadmin):
    service = make_service_account()
    given = {"actor": sysadmin, "now": NOW, "name": "日历", "days": 30}
    _, read = issue_token(service, scope="read", allowed_addresses=[], **given)
    _, elsewhere = issue_token(service, scope="read", allowed_addresses=["10.0.0.0/8"], **given)
    _, writing = open_token(actor=reporter, now=NOW)
    _, old_text = open_feed_token(actor=stranger, now=NOW - timedelta(days=400))
    revoked, revoked_text = open_feed_token(actor=reporter, now=NOW)
    revoke_token(revoked, actor=reporter, now=NOW)
    assert Client().get(ADDRESS, {"token": read}).status_code == 200
    assert Client(REMOTE_ADDR="10.1.2.3").get(ADDRESS, {"token": elsewhere}).status_code == 200
    refused = [Client().get(ADDRESS, {"token": text}) for text in (elsewhere, writing, old_text, revoked_text, "", "x")]
    assert {(answer.status_code, answer.content) for answer in refused} == {(404, "没有这个日历".encode())}


def test_feed_token_opens_nothing_else(reporter):
    _, text = open_feed_token(actor=reporter, now=NOW)
    answer = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/complaints/")
    assert answer.status_code == 401


def test_new_address_ends_the_former(reporter):
    _, former = open_feed_token(actor=reporter, now=NOW)
    _, present = open_feed_token(actor=reporter, now=NOW)
    assert [Client().get(ADDRESS, {"token": text}).status_code for text in (former, present)] == [404, 200]


def test_profile_makes_the_address_and_shows_it_once(reporter, client_for, monkeypatch):
    monkeypatch.undo()  # log-ins stand on the real clock
    browser = client_for(reporter)
    assert "生成订阅地址" in browser.get("/account/").content.decode()
    answer = browser.post("/account/calendar/")
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    token = page.partition("deadlines.ics?token=")[2].partition("<")[0]
    assert Client().get(ADDRESS, {"token": token}).status_code == 200
    assert ApiToken.objects.unscoped("test").get().expires_at > clock.now() + timedelta(days=300)
    again = browser.get("/account/").content.decode()
    assert token not in again
    assert "日历订阅" in again


def test_queries_do_not_grow_with_the_rows(cast):
    def cost() -> int:
        _, text = open_feed_token(actor=cast.reporter, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert Client().get(ADDRESS, {"token": text}).status_code == 200
        return len(queries)

    for _ in range(2):
        complaint_at("handling", cast)
    few = cost()
    for _ in range(8):
        complaint_at("handling", cast)
    assert cost() == few
