"""Pages of a list by cursor: ties, rows without a value, rows that come and go meanwhile, cursors nobody gave out."""

from datetime import timedelta

import pytest

from indicators.models import DailyReport
from tests.core.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.contract_api")]


@pytest.fixture
def api(api_for, reporter):
    """Return the reporter's REST client; a failure of the server comes back as 500."""
    client = api_for(reporter)
    client.raise_request_exception = False
    return client


def walk(api, address: str, link: str = "next") -> list[int]:
    """Return the keys of every page, from ``address`` along ``link``."""
    seen = []
    while address:
        page = api.get(address).json()
        seen.append([row["pk"] for row in page["results"]])
        address = page[link]
    return [key for keys in (seen if link == "next" else reversed(seen)) for key in keys]


def test_a_row_gone_meanwhile_costs_its_equals_nothing(api, report_on):
    rows = [report_on(days).pk for days in range(5)]
    first = api.get("/reports/?ordering=status&page_size=2").json()
    DailyReport.objects.unscoped("test").filter(pk=rows[0]).delete()
    assert walk(api, first["next"]) == rows[2:]


def test_more_equals_than_an_offset_would_reach_come_one_after_the_other(api, report_on):
    rows = [report_on(days, status=("draft", "submitted")[days % 2]).pk for days in range(11)]
    drafts, submitted = rows[0::2], rows[1::2]
    assert walk(api, "/reports/?ordering=status&page_size=2") == drafts + submitted
    assert walk(api, "/reports/?ordering=-status&page_size=2") == submitted[::-1] + drafts[::-1]


@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_lead_back_the_way_they_came(api, report_on, sign):
    for days in range(7):
        report_on(days, status=("draft", "submitted", "draft")[days % 3])
    there = walk(api, address := f"/reports/?ordering={sign}status,-date&page_size=3")
    last = api.get(api.get(api.get(address).json()["next"]).json()["next"]).json()
    assert last["next"] is None
    assert walk(api, last["previous"], "previous") == there[:6]


def test_what_has_no_value_comes_last_and_first_the_other_way(api, report_on):
    moments = [None, NOON, None, NOON - timedelta(days=1), None, NOON]
    rows = [report_on(days, reported_at=moment).pk for days, moment in enumerate(moments)]
    due = [rows[place] for place in (3, 1, 5, 0, 2, 4)]
    assert walk(api, "/reports/?ordering=reported_at&page_size=2") == due
    assert walk(api, "/reports/?ordering=-reported_at&page_size=2") == due[::-1]


def test_rows_are_answered_as_before(api, report):
    [row] = api.get("/reports/?ordering=reported_at").json()["results"]
    assert set(row) == {"pk", "date", "progress"}


@pytest.mark.parametrize("query", ["cursor=nonsense", "page_size=0", "page_size=-1", "page_size=many", "count=maybe"])
def test_what_no_page_can_be_made_of_is_named(api, report, query):
    answer = api.get(f"/reports/?{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [query.split("=")[0]]


def test_a_cursor_holds_for_the_order_it_was_given_for(api, report_on):
    for days in range(3):
        report_on(days)
    cursor = api.get("/reports/?page_size=1").json()["next"].split("cursor=")[1].split("&")[0]
    answer = api.get(f"/reports/?ordering=status&cursor={cursor}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")
