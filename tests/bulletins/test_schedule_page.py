"""The schedule as the office sets and reads it: days, runs and failures, what is skipped or merged, numbers."""

from datetime import datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulletins.models import Bulletin, BulletinCounter, ReportRun, ReportSchedule
from bulletins.services import drafting, schedule
from core import clock
from core.dates import SHANGHAI, parse_period
from core.models import AuditEvent
from tests.bulletins.conftest import MONDAY, issue_notice
from tests.bulletins.pages import text_of

pytestmark = pytest.mark.django_db
PAGE = "/bulletins/schedule/"


@pytest.fixture
def at(monkeypatch):
    """Return a way to set the clock; it stands on Monday, 23 November 2026."""

    def stand(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    stand(MONDAY)
    return stand


@pytest.fixture
def installed(at):
    """Set up every kind on 16 November 2026."""
    schedule.install_schedules(now=datetime(2026, 11, 16, 8, tzinfo=SHANGHAI))


def rule(**changes) -> dict[str, str]:
    """Return what the form of the weekly paper sends."""
    return {"enabled": "on", "weekday": "1", "at": "08:30", "drafting_from": "2026-11-16"} | changes


@pytest.mark.parametrize("part", ["", "counters/", "notice/", "notice/skip/"])
def test_pages_are_the_offices(part, installed, people, leader, client_for):
    for person in (people.office, people.office_lead):
        assert client_for(person).get(f"{PAGE}{part}").status_code == 200
    for person in (people.signer, leader, people.reporter, people.head, people.inspector):
        assert client_for(person).get(f"{PAGE}{part}").status_code == 403
        assert client_for(person).post(f"{PAGE}{part}").status_code in {403, 405}


def test_each_kind_says_when_it_comes_and_what_is_due(installed, people, client_for):
    page = text_of(client_for(people.office).get(PAGE))
    for words in ("次周周一 08:30", "每个工作日 17:45", "次月 1 日 08:30", "次年 1 月 5 日 08:30", "已停用"):
        assert words in page
    assert "11月16日—11月22日" in page
    assert "11月30日 08:30" in page
    assert "notice/skip/?period=2026W47" in page


def test_schedules_missing_are_set_up_by_hand(at, people, client_for):
    browser = client_for(people.office)
    assert "还没有全部建立" in text_of(browser.get(PAGE))
    browser.post(f"{PAGE}install/")
    assert ReportSchedule.objects.count() == len(Bulletin.Kind)
    assert "还没有全部建立" not in text_of(browser.get(PAGE))


def test_days_and_time_are_changed_and_audited(installed, people, client_for):
    answer = client_for(people.office).post(f"{PAGE}notice/", rule(weekday="2", at="09:15"))
    assert answer["Location"] == PAGE
    changed = ReportSchedule.objects.get(kind="notice")
    assert (changed.weekday, changed.at, changed.enabled) == (2, time(9, 15), True)
    event = AuditEvent.objects.get(action="bulletins.schedule.change")
    assert event.before["weekday"] == 1
    assert "次周周二 09:15" in text_of(client_for(people.office).get(PAGE))


@pytest.mark.parametrize(
    ("kind", "sent", "field", "sentence"),
    [
        ("notice", rule(at="25:00"), "at", "时刻应写作"),
        ("notice", rule(weekday="8"), "weekday", ""),
        ("notice", rule(drafting_from=""), "drafting_from", "请填写日期"),
        ("monthly_complaints", rule(day_of_month="32"), "day_of_month", "1 到 31"),
        ("yearly_report", rule(day_of_month="5", month="13"), "month", "1 到 12"),
    ],
)
def test_wrong_days_are_refused_at_their_field(kind, sent, field, sentence, installed, people, client_for):
    page = text_of(client_for(people.office).post(f"{PAGE}{kind}/", sent), 422)
    place = page.index(f'id="id_{field}_error"')
    assert sentence in page[place : place + 400]
    assert not AuditEvent.objects.filter(action="bulletins.schedule.change").exists()


def test_unknown_kind_is_not_found(installed, people, client_for):
    assert client_for(people.office).get(f"{PAGE}gazette/").status_code == 404


def test_run_now_leads_to_the_draft_and_stands_in_the_record(installed, people, client_for):
    browser = client_for(people.office)
    answer = browser.post(f"{PAGE}notice/run/")
    assert answer["Location"] == "/bulletins/notice-2026W47/"
    page = text_of(browser.get(PAGE))
    assert "已生成" in page
    assert people.office.name in page
    assert "/bulletins/notice-2026W47/" in page


def test_run_now_of_an_issued_period_says_why_not(installed, people, client_for):
    issue_notice(people)
    page = text_of(client_for(people.office).post(f"{PAGE}notice/run/", follow=True))
    assert "周通报没有生成" in page
    assert "不能重新生成" in page


def test_failure_of_the_scheduler_is_read_with_its_reason(installed, people, client_for, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("bulletins.services.schedule.draft_bulletin", broken)
    schedule.draft_due(now=MONDAY)
    page = text_of(client_for(people.office).get(PAGE))
    assert "失败" in page
    assert "系统出错，已记入日志" in page
    assert "disk full" not in page


def test_period_is_skipped_with_a_reason(installed, people, client_for):
    browser = client_for(people.office)
    page = text_of(browser.post(f"{PAGE}notice/skip/", {"period": "2026W47", "reason": ""}), 422)
    assert "请写明不生成的理由" in page
    assert "没有这个期间" in text_of(browser.post(f"{PAGE}notice/skip/", {"period": "2026W10", "reason": "x"}), 422)
    browser.post(f"{PAGE}notice/skip/", {"period": "2026W47", "reason": "并入下周"})
    run = ReportRun.objects.get()
    assert (run.outcome, run.detail, run.started_by) == ("skipped", "并入下周", people.office)
    assert "并入下周" in text_of(browser.get(PAGE))
    drafted = {one.number for one in schedule.draft_due(now=MONDAY)}
    assert "notice-2026W46" in drafted
    assert "notice-2026W47" not in drafted


def test_holiday_week_is_offered_with_its_neighbours_or_to_skip(at, people, client_for):
    """春节 2026: no working day from 15 to 23 February; the paper of W07 is not drafted yet."""
    schedule.install_schedules(now=datetime(2026, 2, 9, 8, tzinfo=SHANGHAI))
    at(datetime(2026, 2, 14, 9, tzinfo=SHANGHAI))
    browser = client_for(people.office)
    page = text_of(browser.get(PAGE))
    assert "2月16日—2月22日 一周没有工作日" in page
    assert "from=2026-02-09&amp;to=2026-02-22" in page
    assert "to=2026-03-01" in page
    assert "notice/skip/?period=2026W08" in page
    form = text_of(browser.get("/bulletins/new/?kind=notice&from=2026-02-09&to=2026-02-22"))
    assert 'value="2026-02-09"' in form
    assert 'value="2026-02-22"' in form
    drafting.draft_bulletin(
        "notice",
        parse_period("2026W07"),
        actor=people.office,
        now=datetime(2026, 2, 14, 9, tzinfo=SHANGHAI),
    )
    assert "from=2026-02-09" not in text_of(browser.get(PAGE))


def test_numbers_go_on_from_a_paper_year_and_never_back(installed, people, client_for):
    browser = client_for(people.office)
    sent = {"kind": "notice", "year": "2026", "next_serial": "38"}
    assert browser.post(f"{PAGE}counters/", sent)["Location"] == f"{PAGE}#numbers"
    assert BulletinCounter.objects.get().next_serial == 38
    page = text_of(browser.post(f"{PAGE}counters/", sent | {"next_serial": "37"}), 422)
    assert "不能小于 38" in page[page.index('id="id_next_serial_error"') :]
    assert issue_notice(people).document_number == "西营商〔2026〕38号"
    assert "下一号" in text_of(browser.get(PAGE))
    for wrong in ("0", "x", "100000"):
        assert browser.post(f"{PAGE}counters/", sent | {"next_serial": wrong}).status_code == 422


def test_page_asks_the_same_number_of_queries_for_2_and_20_runs(
    installed, people, client_for, django_assert_num_queries
):
    def make_runs(count: int) -> None:
        ReportRun.objects.bulk_create(
            ReportRun(
                kind="notice",
                period=f"p{place}",
                planned_at=MONDAY,
                started_at=MONDAY,
                outcome="failed",
                detail="系统出错",
                started_by=people.office,
            )
            for place in range(count)
        )

    browser = client_for(people.office)
    make_runs(2)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    make_runs(18)
    with django_assert_num_queries(len(few)):
        browser.get(PAGE)
