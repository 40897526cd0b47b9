"""Global search: by code, name and alias; a code leads straight to its page."""

import pytest

from departments.models import Department
from overview.selectors.search import search
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
def test_search_indicators(catalogue, text, found, exact):
    hits = search(text)
    assert codes(hits) == found
    assert hits.exact_code == exact


def test_search_units_by_alias(catalogue):
    hits = search("建设局")
    assert [row["short_name"] for row in hits.departments] == ["县住建局"]
    assert hits
    assert not search("没有这个")


def test_search_knows_only_the_active_set(catalogue):
    old = make_set(year=2025, active=False)
    make_indicator("B01", name="获得用气（旧）", indicator_set=old)
    assert codes(search("获得用气")) == ["A08"]


def test_search_costs_the_same_for_2_and_20_rows(catalogue, django_assert_num_queries):
    with django_assert_num_queries(2):
        search("用")
    for number in range(20):
        make_indicator(f"C{number:02}", name=f"用气{number}")
    with django_assert_num_queries(2):
        assert len(search("用").indicators) == 20
