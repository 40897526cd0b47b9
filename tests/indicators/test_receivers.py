"""A unit that leads an indicator is not closed."""

from datetime import UTC, date, datetime

import pytest

from core.exceptions import RuleViolation
from departments.services import close_department
from tests.factories.indicators import assign, make_indicator, make_set

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ON = date(2026, 12, 31)


@pytest.fixture
def close(department, sysadmin):
    """Close ``department`` at the end of the year."""

    def closing():
        return close_department(department, on=ON, successor=None, purpose="机构改革", actor=sysadmin, now=NOW)

    return closing


def test_unit_that_leads_stays_and_the_sentence_names_what(close, department):
    make_set()
    for number in range(1, 5):
        assign(make_indicator(f"A0{number}"), department)
    with pytest.raises(RuleViolation, match="还牵头指标 A01、A02、A03 等 4 项，请先改由其他单位牵头") as refused:
        close()
    assert refused.value.code == "leads_indicators"
    department.refresh_from_db()
    assert department.valid_to is None


@pytest.mark.parametrize(
    ("valid_to", "stays"), [(None, True), (date(2027, 1, 1), True), (ON, False), (date(2026, 6, 1), False)]
)
def test_lead_that_ends_by_then_holds_nobody(close, department, valid_to, stays):
    make_set()
    assign(make_indicator("A01"), department, valid_to=valid_to)
    if stays:
        with pytest.raises(RuleViolation, match="A01"):
            close()
    else:
        assert close().valid_to == ON


def test_assisting_and_sets_of_the_past_hold_nobody_but_a_prepared_set_does(close, department):
    past, present, coming = (make_set(year=year, active=year == 2026, name=f"{year} 年") for year in (2025, 2026, 2027))
    assign(make_indicator("A01", indicator_set=past), department)
    assign(make_indicator("A02", indicator_set=present), department, role="assist")
    prepared = assign(make_indicator("A03", indicator_set=coming), department)
    with pytest.raises(RuleViolation, match="A03，"):
        close()
    prepared.delete()
    assert close().valid_to == ON
