"""What pages of units show about indicators."""

from datetime import date

import pytest

from indicators.panels import assist_column, duties_panel, lead_column
from tests.factories.indicators import assign, make_indicator, make_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def duties(department, other_department):
    """One unit leads two and assists with one; what ended or belongs to an old set does not count."""
    make_set()
    old = make_set(year=2025, active=False)
    for code in ("A01", "A02"):
        assign(make_indicator(code), department)
    assign(make_indicator("A03"), department, role="assist")
    assign(make_indicator("A04"), department, valid_to=date(2021, 1, 1))
    assign(make_indicator("A01", indicator_set=old), department)


def test_columns_count_current_duties_of_the_active_set(duties, office, department, other_department):
    keys = [department.pk, other_department.pk]
    assert lead_column(office, keys) == {department.pk: 2}
    assert assist_column(office, keys) == {department.pk: 1}


def test_panel_lists_lead_before_assist(duties, office, department):
    shown = duties_panel(office, department)["duties"]
    assert [(row["indicator__code"], row["word"]) for row in shown] == [
        ("A01", "牵头"),
        ("A02", "牵头"),
        ("A03", "配合"),
    ]


def test_panel_is_not_for_administrators(duties, sysadmin, department):
    assert duties_panel(sysadmin, department) == {}


def test_units_page_shows_them(duties, office, client_for):
    browser = client_for(office)
    assert 'data-label="牵头">2<' in browser.get("/departments/").content.decode()
    assert "指标责任" in browser.get("/departments/zjj/").content.decode()
