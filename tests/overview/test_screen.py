"""大屏: who opens it, what stands on it and what never does, at a fixed number of queries."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.selectors.calendar import work_calendar
from overview.selectors.screen import closing_rate, issue_counts, light_counts, urged
from tests.factories.complaints import NAME, PHONE, Cast, complaint_at
from tests.factories.due_issues import due_issue
from tests.overview.test_dashboard import catalogue, sheet  # noqa: F401  the fixture

pytestmark = pytest.mark.django_db
#: Tuesday 1 December 2026, 10:00 in Xiping: what the factories made due on 30 November is a day late.
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
EARLY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def cast(office, office_lead, reporter, head, department) -> Cast:
    return Cast(office, office_lead, reporter, head, department)


def issue(cast, inspector, **facts):
    return due_issue("rectifying", inspector=inspector, office_lead=cast.office_lead, head=cast.head, **facts)


def lines(user, now=NOW) -> list[tuple[str, str, str, str]]:
    rows = urged(user, now=now, calendar=work_calendar())
    return [(row.kind, row.what, row.department, row.remaining) for row in rows]


def test_what_to_press_on_names_numbers_and_units_and_no_content_of_complaints(cast, inspector, leader):
    complaint, found = complaint_at("handling", cast), issue(cast, inspector)
    assert sorted(lines(leader)) == sorted(
        [
            ("工单", f"投诉 {complaint.number}", "县住建局", "已超 1 个工作日"),
            ("问题", found.title, "县住建局", "已超 1 个工作日"),
        ]
    )
    assert lines(leader, EARLY) == []


def test_confidential_complaints_and_reporters_words_never_stand_there(cast, inspector, office, leader):
    complaint_at("handling", cast, type="report")
    issue(cast, inspector, source="public_report", title="张某某反映")
    for person in (office, leader):
        assert lines(person) == [("问题", "乱收费问题", "县住建局", "已超 1 个工作日")]


def test_at_most_four_the_longest_overdue_first(cast, inspector, leader):
    for _ in range(3):
        complaint_at("handling", cast)
        issue(cast, inspector)
    rows = urged(leader, now=NOW, calendar=work_calendar())
    assert len(rows) == 4
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)


def test_counts_are_those_of_the_ledger_and_of_the_statistics(cast, inspector, leader):
    issue(cast, inspector)
    due_issue("verifying", inspector=inspector, office_lead=cast.office_lead, head=cast.head)
    due_issue("cleared", inspector=inspector, office_lead=cast.office_lead, head=cast.head)
    due_issue("draft", inspector=inspector, office_lead=cast.office_lead, head=cast.head)
    assert issue_counts(leader, now=NOW) == {"open": 2, "overdue": 1, "verifying": 1}
    complaint_at("handling", cast)
    complaint_at("closed", cast)
    rate = closing_rate(leader, now=NOW)
    assert (rate.numerator, rate.denominator, rate.text) == (1, 2, "50.00")


def test_lights_are_counted_in_words(catalogue):  # noqa: F811
    assert light_counts(sheet()) == [("领先", 1), ("接近", 0), ("有差距", 1), ("差距大", 1), ("数据不足", 1)]


def test_page_shows_results_and_no_person(client_for, cast, inspector, leader, catalogue):  # noqa: F811
    complaint_at("handling", cast)
    page = client_for(leader).get("/screen/").content.decode()
    for words in ("综合自评分", "非省评结果", "数据截至", "每 5 分钟更新"):
        assert words in page
    assert 'http-equiv="refresh" content="300"' in page
    for person in (NAME, PHONE, cast.reporter.name, cast.head.name, leader.name):
        assert person not in page


@pytest.mark.parametrize("who", ["office", "office_lead", "signer", "leader", "inspector"])
def test_those_who_read_all_departments_open_it(who, request, client_for):
    person = request.getfixturevalue(who)
    assert client_for(person).get("/screen/").status_code == 200


@pytest.mark.parametrize("who", ["reporter", "head", "sysadmin", "auditor"])
def test_others_do_not(who, request, client_for):
    person = request.getfixturevalue(who)
    assert client_for(person).get("/screen/").status_code == 403
    assert 'href="/screen/"' not in client_for(person).get("/help/").content.decode()


def test_navigation_leads_there(client_for, leader):
    assert 'href="/screen/"' in client_for(leader).get("/dashboard/").content.decode()


def test_queries_do_not_grow_with_the_rows(client_for, cast, inspector, leader):
    browser = client_for(leader)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/screen/").status_code == 200
        return len(queries)

    for _ in range(2):
        complaint_at("handling", cast)
        issue(cast, inspector)
    cost()
    few = cost()
    for _ in range(8):
        complaint_at("handling", cast)
        issue(cast, inspector)
    assert cost() == few
