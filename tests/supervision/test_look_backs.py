"""回头看: what is to be looked at again, and the acts on the row (domain §7)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.panels import counts_for
from core.selectors.calendar import work_calendar
from supervision.models import Issue, LookBack
from supervision.selectors.look_backs import time_light
from tests.factories.issues import FOUND, again, issue_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
PAGE = "/issues/look-backs/"


def text_of(response, status: int = 200) -> str:
    """Return the page, which must have been served with ``status``."""
    assert response.status_code == status
    return response.content.decode()


def cleared(cast, *, days_ago: int = 0, **facts) -> Issue:
    """Return an issue cleared so many days before ``FOUND``; its look-backs are due 30 and 90 days later."""
    return issue_at("cleared", cast, now=FOUND - timedelta(days=days_ago), **facts)


@pytest.mark.parametrize(
    ("role", "status"),
    [("inspector", 200), ("office_lead", 200), ("office", 403), ("leader", 403), ("reporter", 403), ("auditor", 403)],
)
def test_page_is_for_those_who_look_back_or_review(role, status, request, client_for):
    assert client_for(request.getfixturevalue(role)).get(PAGE).status_code == status


def test_empty_page_says_when_something_will_come(inspector, client_for):
    assert "没有要回头看的问题" in text_of(client_for(inspector).get(PAGE))


def test_cleared_and_sustained_stand_in_one_list_the_soonest_first(cast, inspector, client_for):
    fresh = cleared(cast, title="刚销号")
    late = cleared(cast, days_ago=40, title="该看了")
    sustained = issue_at("sustained", cast, title="长期坚持")
    page = text_of(client_for(inspector).get(PAGE))
    places = [page.index(f">{row.number}<") for row in (late, fresh, sustained)]
    assert places == sorted(places)
    assert page.count(f">{late.number}<") == 2, "30 and 90 days"
    assert "长期坚持复查" in page
    assert page.count('class="is-overdue"') == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"fresh", "late", "sustained"}),
        ("?view=due", {"late"}),
        ("?view=soon", {"fresh", "late"}),
        ("?kind=review", {"sustained"}),
        ("?kind=look_back", {"fresh", "late"}),
        ("?kind=look_back&view=due", {"late"}),
        ("?search=该看", {"late"}),
        ("?department=zjj", {"fresh", "late", "sustained"}),
        ("?department=czj", set()),
        ("?view=nonsense", {"fresh", "late", "sustained"}),
    ],
)
def test_views_and_filters(query, expected, cast, inspector, other_department, client_for):
    rows = {
        "fresh": cleared(cast, days_ago=1, title="刚销号"),
        "late": cleared(cast, days_ago=40, title="该看了"),
        "sustained": issue_at("sustained", cast, title="长期坚持"),
    }
    page = text_of(client_for(inspector).get(PAGE + query))
    assert {name for name, row in rows.items() if f">{row.number}<" in page} == expected


def test_one_tap_records_that_it_held_and_comes_back_to_the_list(cast, inspector, client_for):
    row = cleared(cast, days_ago=40)
    answer = client_for(inspector).post(
        f"/issues/{row.number}/look_back/",
        {"result": "held", "note": "已核查，整改成效巩固", "next": f"{PAGE}?view=due"},
    )
    assert answer["Location"] == f"{PAGE}?view=due"
    assert [one.result for one in row.look_backs.order_by("due_on")] == ["held", ""]
    assert again(row, inspector).status == "cleared"
    assert f">{row.number}<" not in text_of(client_for(inspector).get(answer["Location"]))


def test_one_tap_reviews_what_is_sustained_and_sets_the_next_date(cast, office_lead, client_for):
    row = issue_at("sustained", cast)
    before = row.next_review_on
    page = text_of(client_for(office_lead).get(PAGE))
    assert f'action="/issues/{row.number}/review/"' in page
    Issue.objects.visible_to(office_lead).filter(pk=row.pk).update(next_review_on=date(2026, 11, 20))
    client_for(office_lead).post(f"/issues/{row.number}/review/", {"note": "已核查，整改成效巩固", "next": PAGE})
    assert again(row, office_lead).next_review_on == before


def test_relapse_leads_to_a_form_and_out_of_the_list(cast, inspector, client_for):
    row, browser = cleared(cast, days_ago=40), client_for(inspector)
    page = text_of(browser.get(PAGE))
    assert f'href="/issues/{row.number}/look_back/?result=relapsed"' in page
    form = text_of(browser.get(f"/issues/{row.number}/look_back/?result=relapsed"))
    assert 'value="relapsed" ' in form
    assert "checked" in form.split('value="relapsed"')[1].split(">")[0]
    browser.post(f"/issues/{row.number}/look_back/", {"result": "relapsed", "note": "又贴出旧价目"})
    assert again(row, inspector).round_in_hand.round_no == 2
    assert f">{row.number}<" not in text_of(browser.get(PAGE))
    assert set(row.look_backs.values_list("result", flat=True)) == {LookBack.Result.RELAPSED, LookBack.Result.CLOSED}


def test_acts_are_offered_to_those_alone_who_may(cast, office_lead, inspector, client_for):
    looked_at = cleared(cast)
    reviewed = issue_at("sustained", cast, assisting=[cast.helper_department])
    page = text_of(client_for(office_lead).get(PAGE))
    assert f'action="/issues/{looked_at.number}/look_back/"' not in page
    assert f'action="/issues/{reviewed.number}/review/"' in page
    inspector.department = cast.helper_department
    inspector.save()
    page = text_of(client_for(inspector).get(PAGE))
    assert f'action="/issues/{looked_at.number}/look_back/"' in page
    assert f'action="/issues/{reviewed.number}/review/"' not in page, "her unit assists"


def test_what_is_due_is_what_can_be_recorded_now_on_the_page_and_beside_its_name(cast, inspector, client_for):
    row = cleared(cast, days_ago=200)
    issue_at("sustained", cast, now=FOUND - timedelta(days=200), due_on=None)
    page = text_of(client_for(inspector).get(f"{PAGE}?view=due"))
    assert page.count(f">{row.number}</a>") == 1
    assert "先登记首次" not in page
    assert "已到期<span>2</span>" in page
    assert counts_for(inspector, FOUND, ("look_backs",)) == {"look_backs": 2}


def test_second_date_waits_for_the_first_as_what_is_recorded_counts_for_it(cast, inspector, client_for):
    row, browser = cleared(cast, days_ago=40), client_for(inspector)
    page = text_of(browser.get(PAGE))
    assert page.count(f'action="/issues/{row.number}/look_back/"') == 1
    assert "先登记首次" in page
    browser.post(f"/issues/{row.number}/look_back/", {"result": "held"})
    page = text_of(browser.get(PAGE))
    assert page.count(f'action="/issues/{row.number}/look_back/"') == 1
    assert "先登记首次" not in page


@pytest.mark.parametrize(
    ("due", "code", "word"),
    [
        (date(2026, 11, 20), "overdue", "已超 1 个工作日"),
        (date(2026, 11, 23), "today", "今日到期"),
        (date(2026, 11, 24), "nearly_due", "还剩 1 天"),
        (date(2026, 12, 23), "normal", "还剩 30 天"),
    ],
)
def test_time_in_words(due, code, word):
    assert time_light(due, today=date(2026, 11, 23), calendar=work_calendar()) == {"code": code, "word": word}


def test_page_asks_the_same_number_of_queries_for_2_and_20_rows(cast, inspector, client_for):
    browser = client_for(inspector)

    def queries() -> int:
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE).status_code == 200
        return len(captured)

    cleared(cast)
    issue_at("sustained", cast)
    few = queries()
    for _ in range(9):
        cleared(cast)
        issue_at("sustained", cast)
    assert queries() == few
