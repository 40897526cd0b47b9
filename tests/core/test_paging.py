"""Pages of long lists."""

import pytest

from core import paging
from core.models import CalendarDay
from core.paging import CappedPaginator, Chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def days():
    CalendarDay.objects.bulk_create(
        CalendarDay(date=f"2091-01-{number:02}", kind="work", source="manual") for number in range(1, 13)
    )
    return CalendarDay.objects.filter(date__year=2091).order_by("date")


def test_short_list_is_counted_exactly(days):
    pages = CappedPaginator(days, 5)
    assert (pages.count, pages.num_pages, pages.is_capped) == (12, 3, False)
    assert len(pages.get_page("3")) == 2


def test_long_list_is_counted_so_far_and_no_further(days, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(paging, "COUNTED_EXACTLY", 10)
    pages = CappedPaginator(days, 5)
    with django_assert_num_queries(1):
        assert (pages.count, pages.num_pages, pages.is_capped) == (10, 2, True)


def test_page_that_is_none_is_the_first_or_the_last(days):
    pages = CappedPaginator(days, 5)
    assert pages.get_page("viele").number == 1
    assert pages.get_page("99").number == 3


def test_chain_gives_its_parts_one_after_the_other(days):
    early, late = days.filter(pk__in=list(days.values_list("pk", flat=True)[:7])), days.none()
    rest = days.exclude(pk__in=early.values("pk"))
    expected = [*early.order_by("-pk"), *rest.order_by("pk")]
    chained = Chain(early.order_by("-pk"), late, rest.order_by("pk"))
    pages = CappedPaginator(chained, 5)
    assert pages.count == len(expected)
    assert [row for number in pages.page_range for row in pages.page(number)] == expected


def test_sorted_chain_gives_the_same_pages(days):
    early, late = days.filter(date__day__lte=7), days.filter(date__day__gt=7)
    order = ("-source", "-date")
    chained = Chain(early.order_by(*order), late.order_by("date"), is_sorted=True)
    pages = CappedPaginator(chained, 5)
    expected = [*early.order_by(*order), *late.order_by("date")]
    assert [row for number in pages.page_range for row in pages.page(number)] == expected


def test_chain_reads_no_part_that_was_counted_to_be_empty(days, django_assert_num_queries):
    pages = CappedPaginator(Chain(days.filter(date__day=1), days.filter(date__day=40)), 5)
    with django_assert_num_queries(3):  # two counts, and the one part that has a row
        assert len(pages.get_page(1).object_list) == 1
    nothing = CappedPaginator(Chain(days.none(), days.filter(date__day=40)), 5)
    with django_assert_num_queries(1):
        assert list(nothing.get_page(1).object_list) == []
