"""The list of papers, the form that has one drafted, and the comparison with the paper before."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulletins.models import Bulletin, Receipt
from bulletins.selectors.comparison import ADDED, REMOVED, SAME, compared, difference
from bulletins.services import drafting, review
from core import clock
from core.dates import parse_period
from tests.bulletins.conftest import MONDAY, draft_notice, issue_notice
from tests.bulletins.pages import text_of

pytestmark = pytest.mark.django_db
LIST = "/bulletins/"
NEW = "/bulletins/new/"


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def make_rows(count: int, *, status: str, signer, **columns) -> list[Bulletin]:
    """Return ``count`` papers of one day each, entered as they stand."""
    first = date(2026, 9, 1)
    rows = [
        Bulletin(
            number=f"{status}-{place}",
            kind="brief",
            period=f"p{place}",
            from_on=first + timedelta(days=place),
            to_on=first + timedelta(days=place),
            cut_off=MONDAY,
            title=f"简报 {place}",
            status=status,
            snapshot_at=MONDAY,
            drafted_at=MONDAY,
            issued_at=MONDAY,
            issued_on=MONDAY.date(),
            signed_by=signer,
            **columns,
        )
        for place in range(count)
    ]
    return Bulletin._base_manager.bulk_create(rows)


def count_queries(browser, address: str) -> int:
    """Return how many queries one request costs."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", ["office", "reporter"])
def test_list_asks_the_same_number_of_queries_for_2_and_20_rows(role, people, request, client_for):
    browser = client_for(request.getfixturevalue(role))
    make_rows(2, status="issued", signer=people.signer)
    browser.get(LIST)
    few = count_queries(browser, LIST)
    Bulletin._base_manager.all().delete()
    rows = make_rows(20, status="issued", signer=people.signer)
    Receipt._base_manager.bulk_create(
        Receipt(bulletin=row, department=people.department, user=people.head, at=MONDAY) for row in rows[:10]
    )
    assert count_queries(browser, LIST) == few


def test_what_waits_for_the_reader_comes_first(people, client_for):
    make_rows(2, status="review", signer=people.signer)
    draft = drafting.draft_bulletin("notice", parse_period("2026W30"), actor=people.office, now=MONDAY)[0]
    for person, first in ((people.office, draft.number), (people.office_lead, "review-1"), (people.signer, "review-1")):
        page = text_of(client_for(person).get(LIST))
        places = {number: page.index(f"/bulletins/{number}/") for number in (draft.number, "review-1", "review-0")}
        assert min(places, key=places.__getitem__) == first, person


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"notice", "brief", "old"}),
        ("?view=notice", {"notice", "old"}),
        ("?view=brief", {"brief"}),
        ("?view=yearly_report", set()),
        ("?view=nonsense", {"notice", "brief", "old"}),
        ("?status=issued", {"notice"}),
        ("?status=nonsense", {"notice", "brief", "old"}),
        ("?year=2025", {"old"}),
        ("?year=2026&view=notice", {"notice"}),
        ("?year=x", {"notice", "brief", "old"}),
    ],
)
def test_views_and_filters(query, expected, people, client_for):
    rows = {
        "notice": issue_notice(people),
        "brief": drafting.draft_bulletin("brief", parse_period("2026W47"), actor=people.office, now=MONDAY)[0],
        "old": drafting.draft_bulletin("notice", parse_period("2025W30"), actor=people.office, now=MONDAY)[0],
    }
    page = text_of(client_for(people.office).get(f"{LIST}{query}"))
    assert {name for name, row in rows.items() if f"/bulletins/{row.number}/" in page} == expected


def test_departments_see_issued_papers_and_sign_in_one_tap(people, client_for):
    bulletin = issue_notice(people)
    drafting.draft_bulletin("brief", parse_period("2026W47"), actor=people.office, now=MONDAY)
    browser = client_for(people.reporter)
    page = text_of(browser.get(LIST))
    assert "brief-2026W47" not in page
    assert ">生成<" not in page
    assert f"/bulletins/{bulletin.number}/acknowledge/" in page
    answer = browser.post(f"/bulletins/{bulletin.number}/acknowledge/", {"next": LIST})
    assert answer["Location"] == LIST
    page = text_of(browser.get(LIST))
    assert "acknowledge/" not in page
    assert "已签收" in page
    assert Receipt.objects.unscoped("test").get().department == people.department


def test_office_reads_how_many_have_signed(people, other_department, client_for):
    bulletin = issue_notice(people)
    review.acknowledge_bulletin(bulletin, actor=people.head, now=MONDAY)
    assert "1 / 2" in text_of(client_for(people.office).get(LIST))
    assert "1 / 2" not in text_of(client_for(people.reporter).get(LIST))


# --- Drafting ---


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ({"kind": "notice", "period": "2026W47"}, "notice-2026W47"),
        ({"kind": "notice", "start": "2026-11-16", "end": "2026-11-22"}, "notice-2026W47"),
        ({"kind": "notice", "start": "2026-11-09", "end": "2026-11-22"}, "notice-20261109-20261122"),
        ({"kind": "monthly_complaints", "start": "2026-10-01", "end": "2026-10-31"}, "monthly_complaints-202610"),
        ({"kind": "daily_brief", "period": "20261123"}, "daily_brief-20261123"),
        ({"kind": "yearly_report", "period": "2025"}, "yearly_report-2025"),
    ],
)
def test_paper_is_drafted_for_a_named_period_or_two_days(sent, number, people, client_for):
    browser = client_for(people.office)
    assert browser.post(NEW, sent)["Location"] == f"/bulletins/{number}/"
    again = browser.post(NEW, sent, follow=True)
    assert "已更新草稿" in text_of(again)
    assert Bulletin.objects.unscoped("test").count() == 1


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"kind": "notice"}, "period", "请选择期间"),
        ({"kind": "notice", "period": "2027W20"}, "period", "没有这个期间"),
        ({"kind": "notice", "start": "2026-12-01", "end": "2026-12-07"}, "start", "还没有开始"),
        ({"kind": "notice", "start": "2026-11-09"}, "end", "要同时填写"),
        ({"kind": "notice", "start": "2026-11-22", "end": "2026-11-09"}, "end", "早于开始日期"),
        ({"kind": "notice", "start": "11.9", "end": "2026-11-22"}, "start", "应写作"),
        ({"kind": "notice", "start": "0001-01-01", "end": "2026-11-22"}, "start", "年份应在"),
        ({"kind": "monthly_complaints", "period": "2026W47"}, "period", "整月"),
        ({"kind": "yearly_report", "start": "2026-01-01", "end": "2026-06-30"}, "start", "整年"),
        ({"kind": "daily_brief", "period": "202610"}, "period", "一天"),
        ({"kind": "gazette", "period": "2026W47"}, "kind", ""),
    ],
)
def test_refusals_stand_at_their_field_and_the_choice_stays(sent, field, sentence, people, client_for):
    page = text_of(client_for(people.office).post(NEW, sent), 422)
    place = page.index(f'id="id_{field}_error"')
    assert sentence in page[place : place + 400]
    assert not Bulletin.objects.unscoped("test").exists()
    if start := sent.get("start"):
        assert f'value="{start}"' in page


def test_period_of_an_issued_paper_is_refused_at_the_period(people, client_for):
    issue_notice(people)
    page = text_of(client_for(people.office).post(NEW, {"kind": "notice", "period": "2026W47"}), 422)
    assert "已印发，不能重新生成" in page


def test_form_is_the_offices(people, client_for):
    for person in (people.reporter, people.signer, people.inspector):
        assert client_for(person).get(NEW).status_code == 403


# --- Comparison ---


def test_comparison_shows_both_papers(week, client_for):
    last = drafting.draft_bulletin("notice", parse_period("2026W46"), actor=week.office, now=MONDAY)[0]
    draft = draft_notice(week)
    browser = client_for(week.office)
    address = f"/bulletins/{draft.number}/compare/"
    assert "没有上期" in text_of(browser.get(address))
    review.submit_bulletin(last, actor=week.office, now=MONDAY)
    review.approve_bulletin(last, actor=week.office_lead, now=MONDAY)
    review.sign_bulletin(last, actor=week.signer, now=MONDAY)
    page = text_of(browser.get(address))
    before, after = (row.snapshot["numbers"]["complaints.received"] for row in (last, draft))
    row = page[page.index(">受理投诉</a>") :][:300]
    assert f'data-label="上期">{before["text"]}<' in row
    assert f'data-label="本期">{after["text"]}<' in row
    assert f'data-label="差额">+{int(after["value"]) - int(before["value"])}<' in row
    assert 'class="words__new"' in page


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("4", "13", "+9"),
        ("13", "4", "−9"),
        ("4", "4", "0"),
        ("80.57", "80.96", "+0.39"),
        ("1.50000", "1.25000", "−0.25"),
        (None, "4", ""),
        ("true", "4", ""),
    ],
)
def test_difference_carries_its_sign_and_no_judgement(before, after, expected):
    assert difference({"value": before}, {"value": after}) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("57.142857", "0.000000", "−57.14 个百分点"), ("96.5", "96.8", "+0.3 个百分点"), ("33.333333", "33.333000", "0")],
)
def test_difference_of_rates_is_in_points_of_two_decimals(before, after, expected):
    assert difference({"value": before, "text": f"{before}%"}, {"value": after, "text": f"{after}%"}) == expected


def test_difference_with_a_number_only_one_paper_has():
    assert difference(None, {"value": "4"}) == ""


def test_words_are_compared_clause_by_clause():
    pieces = list(compared("受理4件，办结3件。本周无超期件。", "受理9件，办结3件。本周无超期件。"))
    assert pieces == [(REMOVED, "受理4件，"), (ADDED, "受理9件，"), (SAME, "办结3件。本周无超期件。")]
    assert "".join(text for kind, text in pieces if kind != REMOVED) == "受理9件，办结3件。本周无超期件。"
