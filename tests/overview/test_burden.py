"""填报负担 of this week."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from indicators.models import DailyReport, ReportValue
from overview.selectors.burden import burden_of_week
from tests.factories.indicators import assign, make_indicator, make_set

MONDAY, TUESDAY = date(2026, 10, 12), date(2026, 10, 13)
MORNING = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def report(indicator, department, day=MONDAY, status="reported", **fields):
    return DailyReport.objects.create(
        indicator=indicator,
        department=department,
        date=day,
        status=status,
        saved_at=MORNING,
        submitted_at=MORNING,
        reported_at=MORNING,
        **fields,
    )


@pytest.fixture
def gas(department):
    make_set()
    row = make_indicator("A08")
    assign(row, department)
    return row


@pytest.fixture
def tax(gas, other_department):
    row = make_indicator("A14")
    assign(row, other_department)
    return row


def test_burden_counts_values_and_texts_of_sent_reports(gas, tax, department, other_department, office):
    leaf = make_indicator("A08.1", parent=gas)
    moved = report(gas, department, progress="已压缩")
    ReportValue.objects.create(report=moved, indicator=leaf, text="6", value=6, as_of=MONDAY)
    report(tax, other_department, no_change=True)
    report(gas, department, day=TUESDAY, status="draft", progress="不算")
    report(gas, department, day=date(2026, 10, 9), no_change=True)
    burden = burden_of_week(office, TUESDAY)
    assert (burden.reports, burden.units, burden.fields, burden.unchanged) == (2, 2, 2, 1)
    assert burden.fields_per_unit == Decimal(1)


def test_burden_of_a_unit_is_its_own(gas, tax, department, other_department, reporter):
    report(gas, department, no_change=True)
    report(tax, other_department, no_change=True)
    assert burden_of_week(reporter, MONDAY).reports == 1


def test_no_reports_no_burden(gas, office):
    assert not burden_of_week(office, MONDAY)
