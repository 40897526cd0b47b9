"""Statistics: SQL counts what the pure rules count, who sees whose figures, the API and the page."""

import random
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from complaints.models import Complaint, HandlingRound
from complaints.rules.rates import FIGURES, Definition, RoundFacts, rates_by_department
from complaints.selectors import statistics
from core.rates import Window
from departments.models import Department
from tests.factories.complaints import DUE, RECEIVED, complaint_at, make_complaint

START = datetime(2026, 11, 8, 16, tzinfo=UTC)
ENDINGS = ("open", "closed", "rehandled", "return_approved", "reassigned", "merged_duplicate")


def windows():
    """Return periods before, around and after their cut-off."""
    return [Window(START, START + timedelta(days=7), START + timedelta(days=days)) for days in (3, 6.5, 9)]


def random_round(chance: random.Random, department: Department, complaint: Complaint) -> HandlingRound:
    """Return a round as the services may have left it: it ends after it began, and not before its submission."""
    moment = START + timedelta(hours=chance.randint(-120, 200))

    def later(share: float, start=moment) -> datetime | None:
        return start + timedelta(hours=chance.randint(0, 150)) if chance.random() < share else None

    ending = chance.choice(ENDINGS)
    submitted = later(0.6) if ending in ("open", "closed", "rehandled") else None
    return HandlingRound(
        complaint=complaint,
        sequence=1,
        round_no=chance.randint(1, 3),
        department=department,
        dispatched_at=moment,
        sign_due_at=later(0.8),
        signed_at=later(0.8),
        due_at=moment,
        effective_due_at=later(0.9),
        submitted_at=submitted,
        suspended_at=later(0.1) if ending == "open" else None,
        ending=ending,
        closed_at=None if ending == "open" else later(1, submitted or moment),
        return_requested_at=later(0.3),
        extended=chance.random() < 0.2,
        satisfaction=chance.choice(["", *HandlingRound.Satisfaction.values]),
        solved=chance.choice(["", *HandlingRound.Solved.values]),
    )


def facts_of(round_: HandlingRound, cut_off: datetime) -> RoundFacts:
    """Return a round as the rules take it; no due time stands while it is suspended or once it was withdrawn."""
    withdrawn = round_.ending in ("closed", "rehandled") and not round_.submitted_at and round_.closed_at <= cut_off
    suspended = round_.suspended_at is not None and round_.suspended_at <= cut_off
    return RoundFacts(
        department=round_.department.code,
        dispatched_at=round_.dispatched_at,
        sign_due=round_.sign_due_at,
        signed_at=round_.signed_at,
        due_at=None if withdrawn or suspended else round_.effective_due_at,
        submitted_at=round_.submitted_at,
        closed_at=round_.closed_at,
        round_no=round_.round_no,
        anonymous=round_.complaint.anonymous,
        satisfaction=round_.satisfaction,
        solved=round_.solved,
        return_requested=round_.return_requested_at is not None,
        return_approved=round_.ending == "return_approved",
        reassigned=round_.ending == "reassigned",
        merged_duplicate=round_.ending == "merged_duplicate",
        extended=round_.extended,
    )


@pytest.fixture
def random_rounds(department, other_department):
    """Return 400 rounds of two departments."""
    chance = random.Random(20261125)
    complaints = [
        Complaint(
            number=f"{number}",
            type=chance.choice(["complaint", "help"]),
            title="标题",
            content="内容",
            received_at=START,
            registered_at=START,
            entered_status_at=START,
            status="received",
            anonymous=chance.random() < 0.3,
            relevance="yes" if number % 2 else "unknown",
        )
        for number in range(400)
    ]
    Complaint.objects.unscoped("test data").bulk_create(complaints)
    rounds = [random_round(chance, chance.choice([department, other_department]), one) for one in complaints]
    return HandlingRound.objects.unscoped("test data").bulk_create(rounds)


@pytest.mark.parametrize("definition", Definition)
@pytest.mark.parametrize("place", range(3))
def test_sql_counts_what_the_rules_count(random_rounds, office, place, definition):
    window = windows()[place]
    facts = [facts_of(round_, window.cut_off) for round_ in random_rounds]
    rows, total = rates_by_department(facts, window, {"zjj": 3, "czj": 4}, definition)
    counted = statistics.rates_by_department(office, window, definition)
    assert [row["code"] for row, _ in counted.rows] == list(rows)
    for row, tally in counted.rows:
        for key, count in tally.counts.items():
            assert (key, count) == (key, rows[row["code"]].counts[key])
    assert counted.total == total
    assert any(count.numerator for count in total.counts.values())


def test_breakdowns_have_the_same_total(random_rounds, office):
    window = windows()[1]
    total = statistics.rates_by_department(office, window).total
    assert statistics.rates_by_type(office, window).total == total
    assert statistics.rates_by_indicator(office, window).total == total
    [(_, of_period)] = statistics.rates_by_period(office, [("本周", window)]).rows
    assert of_period == total


def test_carry_over_adds_up(random_rounds, office):
    for window in windows():
        by_department = statistics.carry_over(office, window)
        total = statistics.carry_over_total(office, window)
        ends = min(window.end - timedelta(microseconds=1), window.cut_off)
        still = [r for r in random_rounds if r.dispatched_at <= ends and not (r.closed_at and r.closed_at <= ends)]
        assert total.closing == len(still)
        assert total.opening == sum(one.opening for one in by_department.values())


def test_irrelevant_complaints_are_counted_apart(random_rounds, office):
    window = windows()[2]
    complaints = Complaint.objects.unscoped("test data")
    complaints.filter(relevance="yes").update(relevance="no")
    kept = [r for r in random_rounds if r.complaint.relevance == "unknown"]
    rows, _ = rates_by_department([facts_of(r, window.cut_off) for r in kept], window, {"zjj": 3, "czj": 4})
    assert {row["code"]: tally for row, tally in statistics.rates_by_department(office, window).rows} == rows
    assert statistics.received(office, window).irrelevant == 200


@pytest.mark.parametrize("count", [2, 20])
def test_statistics_take_a_fixed_number_of_queries(random_rounds, office, count, django_assert_num_queries):
    HandlingRound.objects.unscoped("test data").exclude(pk__in=[r.pk for r in random_rounds[:count]]).delete()
    assert office.sees_all_departments  # read once a request, whatever the page
    with django_assert_num_queries(2):
        statistics.rates_by_department(office, windows()[0])


# --- the doors -----------------------------------------------------------------------------------------

URL = "/api/v1/complaints/statistics/"
WEEK = {"period": "2026W48", "cut_off": "2026-11-29T23:59:59+08:00"}


def test_api_gives_every_figure_with_counts_text_and_formula(cast, api_for):
    complaint_at("closed", cast)
    complaint_at("handling", cast)
    body = api_for(cast.office).get(URL, WEEK).json()
    [row] = body["departments"]
    assert row["department"] == "zjj"
    assert [key for key in row if key in body["total"]] == [figure.key for figure in FIGURES]
    assert row["close"] == {
        "label": "办结率",
        "numerator": 1,
        "denominator": 2,
        "value": "50.000000",
        "text": "50.00",
        "formula": row["close"]["formula"],
    }
    assert row["overdue_open"]["denominator"] is None
    assert row["return"]["requested"] == 0
    assert body["total"]["solved"]["text"] == "100.00"
    assert body["carry_over"] == {"opening": 0, "received": 2, "finished": 1, "moved": 0, "closing": 1}


def test_api_counts_what_is_overdue_at_the_cut_off_and_not_what_is_suspended(cast, api_for):
    complaint_at("handling", cast)
    late = {"period": "2026W49", "cut_off": (DUE + timedelta(hours=1)).isoformat()}
    overdue = api_for(cast.office).get(URL, late).json()["total"]["overdue_open"]
    assert (overdue["numerator"], overdue["value"], overdue["text"]) == (1, "1", "1")
    HandlingRound.objects.unscoped("test data").update(suspended_at=RECEIVED)
    assert api_for(cast.office).get(URL, late).json()["total"]["overdue_open"]["numerator"] == 0


def test_api_definition_closed_divides_by_what_was_closed(cast, api_for):
    complaint_at("closed", cast)
    complaint_at("handling", cast)
    by_due = api_for(cast.office).get(URL, WEEK | {"cut_off": "2026-12-02", "period": "202611"}).json()
    by_closing = api_for(cast.office).get(
        URL, WEEK | {"cut_off": "2026-12-02", "period": "202611", "definition": "closed"}
    )
    assert by_due["total"]["on_time_close"]["denominator"] == 2
    assert by_closing.json()["total"]["on_time_close"]["denominator"] == 1
    assert by_closing.json()["total"]["on_time_close"]["formula"] != by_due["total"]["on_time_close"]["formula"]


@pytest.mark.parametrize(
    "query",
    [
        {"period": "去年"},
        {"period": "202611", "cut_off": "明天"},
        {"period": "202611", "cut_off": "0001-01-01"},
        {"definition": "best"},
        {"department": "zjj"},
        {"from": "2026-11-01"},
    ],
)
def test_api_refuses_wrong_questions(office, api_for, query):
    assert api_for(office).get(URL, query).status_code == 400


def test_departments_see_their_own_figures_only(cast, stranger, api_for):
    complaint_at("handling", cast)
    assert len(api_for(cast.reporter).get(URL, WEEK).json()["departments"]) == 1
    body = api_for(stranger).get(URL, WEEK).json()
    assert body["departments"] == []
    assert body["carry_over"]["received"] == 0


def test_administrators_see_no_statistics(sysadmin, api_for, client_for):
    assert api_for(sysadmin).get(URL).status_code == 403
    assert client_for(sysadmin).get(reverse("complaints:statistics")).status_code == 403


PAGE = "/complaints/statistics/"
NOVEMBER = {"start": "2026-11-01", "end": "2026-11-30"}


@pytest.mark.parametrize("by", ["department", "type", "indicator", "period"])
def test_page_shows_counts_beside_each_rate(cast, client_for, by):
    complaint_at("closed", cast)
    make_complaint(cast.office, relevance="no")
    page = client_for(cast.office).get(PAGE, NOVEMBER | {"by": by}).content.decode()
    assert "按期办结率" in page
    assert "1/1" in page
    assert "期内派单的件中" in page
    assert "不涉营商" in page


def test_page_names_what_is_wrong_and_keeps_it(office, client_for):
    response = client_for(office).get(PAGE, {"start": "2026-11-30", "end": "2026-11-01"})
    assert response.status_code == 422
    assert "结束日期早于开始日期" in response.content.decode()
    assert 'value="2026-11-30"' in response.content.decode()


def test_export_holds_what_the_page_lists(cast, client_for):
    complaint_at("closed", cast)
    response = client_for(cast.office).get("/complaints/statistics/export/", NOVEMBER)
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    head, row, total = sheet.iter_rows(values_only=True)
    assert head[:4] == ("分组", "按时签收率（%）", "按时签收率分子", "按时签收率分母")
    assert row[:4] == ("县住建局", "100.00", 1, 1)
    assert total[0] == "合计"
