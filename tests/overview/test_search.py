"""Global search: by code, name and alias; a code leads straight to its page."""

from datetime import UTC, datetime

import pytest

from departments.models import Department
from overview.selectors.search import search
from supervision.models import Issue
from tests.factories.indicators import make_indicator, make_set


@pytest.fixture
def catalogue(db):
    make_set()
    gas = make_indicator("A08", name="获得用气", aliases=["用气报装"])
    make_indicator("A08.1", parent=gas, name="报装时间")
    make_indicator("A09", name="登记财产")
    Department.objects.create(
        code="zjj", name="西平县住房和城乡建设局", short_name="县住建局", aliases=["住建局", "建设局"], official_order=3
    )


def issue(title, *, department, number, **facts):
    """Create an issue in 待签收, which its department sees."""
    moment = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    values = {"source": "open", "description": title, "found_on": moment.date(), "status": "assigned"}
    values |= {"entered_status_at": moment, "created_at": moment, "first_assigned_at": moment} | facts
    return Issue.objects.create(number=number, title=title, department=department, **values)


def codes(hits):
    return [row["code"] for row in hits.indicators]


@pytest.mark.parametrize(
    "text, found, exact",
    [
        ("A08", ["A08", "A08.1"], "A08"),
        (" ａ０８．１ ", ["A08.1"], "A08.1"),
        ("用气", ["A08"], ""),
        ("用气报装", ["A08"], ""),
        ("报装", ["A08", "A08.1"], ""),
        ("没有这个", [], ""),
        ("", [], ""),
    ],
)
def test_search_indicators(catalogue, office, text, found, exact):
    hits = search(text, office)
    assert codes(hits) == found
    assert hits.exact_code == exact


def test_search_units_by_alias(catalogue, office):
    hits = search("建设局", office)
    assert [row["short_name"] for row in hits.departments] == ["县住建局"]
    assert hits
    assert not search("没有这个", office)


def test_search_knows_only_the_active_set(catalogue, office):
    old = make_set(year=2025, active=False)
    make_indicator("B01", name="获得用气（旧）", indicator_set=old)
    assert codes(search("获得用气", office)) == ["A08"]


def test_search_costs_the_same_for_2_and_20_rows(catalogue, office, django_assert_num_queries):
    search("用", office)  # reads the person's roles
    with django_assert_num_queries(5):
        search("用", office)
    for number in range(20):
        make_indicator(f"C{number:02}", name=f"用气{number}")
    with django_assert_num_queries(5):
        assert len(search("用", office).indicators) == 20


def test_issues_are_found_by_number_and_title_through_the_person(office, reporter, department, stranger):
    issue("公示栏未更新", department=department, number="WT-2026-0001")
    issue("公示栏陈旧", department=None, number="WT-2026-0002", status="registered", first_assigned_at=None)
    found = [[row["number"] for row in search("公示栏", one).issues] for one in (office, reporter, stranger)]
    assert found == [["WT-2026-0002", "WT-2026-0001"], ["WT-2026-0001"], []]
    assert search("wt-2026-0001", reporter).exact_issue == "WT-2026-0001"
    assert search("WT-2026-0001", stranger).exact_issue == ""


def test_a_whole_number_leads_to_the_issue(office, stranger, department, client_for):
    issue("公示栏未更新", department=department, number="WT-2026-0001")
    assert client_for(office).get("/search/?q=WT-2026-0001").headers["Location"] == "/issues/WT-2026-0001/"
    answer = client_for(stranger).get("/search/?q=WT-2026-0001")
    assert answer.status_code == 200
    assert "公示栏" not in answer.text
    assert "公示栏未更新" in client_for(office).get("/search/?q=公示").text
