"""The office's pages of daily dispatch: board, review, reminders, unlock, lists (ui.md)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from indicators.models import DateUnlock, DispatchClassProposal, Indicator
from indicators.selectors.expectation import dispatch_times
from indicators.services import daily_reports as services
from tests.factories.dispatch import make_gas, report_at
from tests.factories.files import sheet_values
from tests.factories.indicators import observe, set_standard

HOME = "/daily-reports/"


@pytest.fixture
def browser(client_for, reporter):
    return client_for(reporter)


@pytest.fixture
def valued(gas):
    leaf = Indicator.objects.get(code="A08.1")
    observe(leaf, "6.5")
    set_standard(leaf, "frontier", 4)
    return gas


def form_url(day, name="report_form", code="A08"):
    return reverse(f"indicators:{name}", args=[code, day])


# --- the office ------------------------------------------------------------------------------------

OFFICE_PAGES = ["dispatch", "dispatch_review", "dispatch_remind", "dispatch_changes", "dispatch_completeness"]


@pytest.mark.parametrize("name", [*OFFICE_PAGES, "dispatch_classes", "coordination", "daily_reports"])
def test_pages_of_the_office_open_empty_and_filled(client_for, department, reporter, head, office, today, name):
    client, url = client_for(office), reverse(f"indicators:{name}")
    assert client.get(url).status_code == 200
    gas = make_gas(department)
    report_at("reported", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    make_gas(department, "A03", "办理建筑许可")
    answer = client.get(url)
    assert answer.status_code == 200
    assert client.get(url, {"date": "nonsense"}).status_code == 200


@pytest.mark.parametrize("name", [*OFFICE_PAGES, "dispatch_classes"])
def test_departments_do_not_open_the_offices_pages(browser, gas, name):
    assert browser.get(reverse(f"indicators:{name}")).status_code == 403


def test_the_board_is_narrowed_by_dimension_and_state(client_for, gas, department, reporter, head, office, today):
    make_gas(department, "A03", "办理建筑许可")
    report_at("reported", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    client, url = client_for(office), reverse("indicators:dispatch")
    page = client.get(url, {"state": "reported"}).content.decode()
    assert "获得用气" in page
    assert "办理建筑许可" not in page
    page = client.get(url, {"state": "unreported", "dimension": "credit"}).content.decode()
    assert "没有符合条件的指标" in page


def test_the_board_says_each_state_in_words_too(client_for, gas, reporter, head, office, today):
    report_at("accepted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    page = client_for(office).get(reverse("indicators:dispatch")).content.decode()
    assert "已采纳" in page
    assert "应报" in page


def test_a_selection_is_accepted_and_failures_are_named(client_for, gas, department, reporter, head, office, today):
    other = make_gas(department, "A03", "办理建筑许可")
    out = services.report_no_change(gas, day=today, actor=reporter, now=clock.now())
    waiting = report_at("submitted", other, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    client = client_for(office)
    assert "今日无变化" in client.get(reverse("indicators:dispatch_review"), {"view": "no_change"}).content.decode()
    page = client.post(
        reverse("indicators:accept_selected"),
        {"reports": [out.pk, waiting.pk], "next": "/dispatch/review/"},
        follow=True,
    ).content.decode()
    assert "已采纳 1 项" in page
    assert "A03 没有采纳：当前为“待审定”" in page


def test_remind_shows_whom_and_the_text_and_sends(client_for, gas, reporter, office, today):
    client, url = client_for(office), reverse("indicators:dispatch_remind")
    page = client.get(url).content.decode()
    assert "复制到工作群" in page
    assert "县住建局 1 项" in page
    answer = client.post(url, {"date": today.isoformat(), "department": ["zjj"]}, follow=True)
    assert "已向县住建局发催报" in answer.content.decode()


def test_unlock_form(client_for, gas, office, today):
    old = dispatch_times().calendar.add_workdays(today, -5)
    client, url = client_for(office), form_url(old, "dispatch_unlock")
    assert client.get(url).status_code == 200
    refused = client.post(url, {"until": "2020-01-01T09:00", "reason": "系统故障"})
    assert refused.status_code == 422
    assert "应晚于现在" in refused.content.decode()
    until = (clock.now() + timedelta(days=2)).astimezone().strftime("%Y-%m-%dT%H:%M")
    assert client.post(url, {"until": until, "reason": "系统故障"}).status_code == 302
    assert DateUnlock.objects.unscoped("test").get().reason == "系统故障"


def test_a_proposal_is_decided_on_its_page(client_for, gas, office, office_lead):
    proposal = DispatchClassProposal.objects.create(
        indicator=gas, week="2026W48", proposed="weekly", grounds=["指标领先"], proposed_at=clock.now()
    )
    url = reverse("indicators:decide_proposal", args=[proposal.pk])
    assert client_for(office).get(url).status_code == 403
    assert "指标领先" in client_for(office_lead).get(url).content.decode()
    client_for(office_lead).post(url, {"is_confirmed": "yes", "reason": "同意"})
    proposal.refresh_from_db()
    assert proposal.decision == "confirmed"


def test_the_list_is_filtered_and_exported(client_for, gas, reporter, head, office, today):
    report_at("accepted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    client = client_for(office)
    query = {"status": "accepted", "search": "用气", "from_day": today.isoformat(), "department": "zjj"}
    assert "获得用气" in client.get(HOME, query).content.decode()
    assert "没有符合条件的报告" in client.get(HOME, {"status": "draft"}).content.decode()
    answer = client.get(reverse("indicators:report_export"), query)
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "attachment" in answer["Content-Disposition"]
    assert len(sheet_values(b"".join(answer.streaming_content))) == 2
    answer.close()


@pytest.mark.parametrize("name", ["daily_reports", "dispatch", "dispatch_review"])
def test_lists_cost_the_same_queries_for_2_and_20_rows(
    client_for, department, reporter, office, today, name, django_assert_max_num_queries
):
    client, url = client_for(office), reverse(f"indicators:{name}")

    def queries(first, last):
        for number in range(first, last):
            services.report_no_change(make_gas(department, f"A{number:02}"), day=today, actor=reporter, now=clock.now())
        client.get(url)
        with django_assert_max_num_queries(80) as captured:
            client.get(url)
        return len(captured)

    assert queries(1, 3) == queries(3, 21)


def test_the_daily_page_costs_the_same_queries_for_2_and_20_indicators(
    browser, department, django_assert_max_num_queries
):
    def queries(first, last):
        for number in range(first, last):
            make_gas(department, f"A{number:02}")
        browser.get(HOME)
        with django_assert_max_num_queries(80) as captured:
            browser.get(HOME)
        return len(captured)

    assert queries(1, 3) == queries(3, 21)
