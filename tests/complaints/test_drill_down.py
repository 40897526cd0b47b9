"""Each number of the statistics leads to exactly the rounds it counts, as far as one may open them."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.models import HandlingRound
from complaints.rules.rates import FIGURES
from complaints.selectors import statistics
from complaints.selectors.drill_down import Question, counted_rounds_behind, rows_behind
from core.rates import Window
from tests.factories.complaints import complaint_at

START = datetime(2026, 11, 8, 16, tzinfo=UTC)
PAGE = "/complaints/statistics/rounds/"
NOVEMBER = {"start": "2026-11-01", "end": "2026-11-30"}


@pytest.fixture
def window():
    return Window(START, START + timedelta(days=30), START + timedelta(days=60))


@pytest.mark.parametrize("state", ["handling", "office_review", "callback", "closed"])
def test_rounds_behind_a_number_are_as_many_as_it_says(state, cast, window):
    complaint_at(state, cast)
    for row, tally in statistics.rates_by_department(cast.office, window).rows:
        for figure in FIGURES:
            for part in ("numerator",) if figure.is_count else ("numerator", "denominator"):
                question = Question(figure.key, part, "department", row["code"])
                behind = counted_rounds_behind(cast.office, window, question, "due")
                assert behind.count() == getattr(tally.counts[figure.key], part)
                assert rows_behind(cast.office, behind).count() == behind.count()


def test_number_on_the_page_leads_to_its_rows(cast, client_for):
    row = complaint_at("closed", cast)
    browser = client_for(cast.office)
    table = browser.get("/complaints/statistics/", NOVEMBER).content.decode()
    assert f"{PAGE}?start=2026-11-01&amp;end=2026-11-30&amp;code=zjj&amp;figure=close&amp;part=numerator" in table
    page = browser.get(PAGE, NOVEMBER | {"code": "zjj", "figure": "close", "part": "numerator"}).content.decode()
    assert row.number in page
    assert "期内派单的件中" in page


def test_confidential_complaint_is_counted_and_not_named(cast, inspector, client_for):
    row = complaint_at("closed", cast)
    type(row).objects.unscoped("test data").filter(pk=row.pk).update(confidential=True)
    page = client_for(inspector).get(PAGE, NOVEMBER | {"figure": "close", "part": "numerator"}).content.decode()
    assert row.number not in page
    assert "另有 1 件计入本数" in page


def test_department_sees_its_own_rows_only(cast, stranger, client_for):
    row = complaint_at("closed", cast)
    asked = NOVEMBER | {"code": "zjj", "figure": "close", "part": "denominator"}
    assert row.number in client_for(cast.reporter).get(PAGE, asked).content.decode()
    page = client_for(stranger).get(PAGE, asked).content.decode()
    assert row.number not in page
    assert "另有" not in page


@pytest.mark.parametrize("asked", [{}, {"figure": "nothing", "part": "numerator"}, {"figure": "close", "part": "all"}])
def test_question_without_a_number_is_refused(asked, office, client_for):
    assert client_for(office).get(PAGE, asked).status_code == 400


@pytest.mark.parametrize("count", [2, 20])
def test_rows_take_a_fixed_number_of_queries(count, cast, window, django_assert_num_queries):
    complaint_at("closed", cast)
    first = HandlingRound.objects.unscoped("test data").get()
    HandlingRound.objects.unscoped("test data").bulk_create(
        HandlingRound(
            complaint=first.complaint,
            sequence=sequence,
            round_no=1,
            department=first.department,
            dispatched_at=first.dispatched_at,
        )
        for sequence in range(2, count + 1)
    )
    with django_assert_num_queries(1):
        rows = rows_behind(
            cast.office, counted_rounds_behind(cast.office, window, Question("close", "denominator"), "due")
        )
        assert len(list(rows)) == count
