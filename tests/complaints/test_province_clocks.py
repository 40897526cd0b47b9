"""The province's two limits on a business complaint, as its page shows them (豫政办〔2024〕67号)."""

import pytest

from complaints.selectors.business_clocks import province_clocks
from complaints.services import intake
from core.clock import local_date
from core.selectors.calendar import work_calendar
from tests.factories.complaints import RECEIVED, again, complaint_at, later, make_complaint

pytestmark = pytest.mark.django_db


def clocks(row, now=RECEIVED) -> list[tuple[str, str, bool]]:
    """Return label, day of Xiping and whether it has passed of each running clock."""
    running = province_clocks(row, now=now, calendar=work_calendar())
    return [(one.label, f"{local_date(one.due_at):%m-%d}", one.is_past) for one in running]


def test_both_run_until_they_are_answered(cast):
    row = make_complaint(cast.office, regime="business")
    assert clocks(row) == [("决定是否受理", "11-26", False), ("录入省平台", "11-24", False)]
    assert clocks(row, later(2)) == [("决定是否受理", "11-26", False), ("录入省平台", "11-24", True)]
    intake.correct_complaint(row, provincial_number="豫2026001", actor=cast.office, now=later())
    assert clocks(again(row, cast.office)) == [("决定是否受理", "11-26", False)]
    assert clocks(complaint_at("accepted", cast, regime="business")) == [("录入省平台", "11-24", False)]
    assert clocks(complaint_at("closed", cast, regime="business", grade="B")) == []


def test_orders_of_the_hotline_have_none(cast):
    assert clocks(make_complaint(cast.office)) == []


def test_page_says_what_silence_means_and_that_a_grade_is_missing(cast, client_for):
    row = make_complaint(cast.office, regime="business")
    page = client_for(cast.office).get(row.get_absolute_url()).content.decode()
    for words in ("决定是否受理", "逾期视为受理", "录入省平台", "未定级，派单前须定级"):
        assert words in page
