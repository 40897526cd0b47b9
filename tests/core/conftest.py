"""Real rows for the kernel's tests: an indicator two departments know, and reports on it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from indicators.models import DailyReport
from tests.factories.indicators import assign, make_indicator, make_set

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@pytest.fixture
def now() -> datetime:
    """Return Wednesday 25 November 2026, noon in Xiping."""
    return NOON


@pytest.fixture
def indicator(department):
    """Return a first-level indicator that ``department`` leads."""
    make_set()
    row = make_indicator("A08")
    assign(row, department)
    return row


@pytest.fixture
def report_on(indicator, department):
    """Return a function that makes the department's draft of the day ``days`` before today."""

    def make(days: int = 0, **fields) -> DailyReport:
        values = {"indicator": indicator, "department": department, "status": "draft", "saved_at": NOON}
        return DailyReport.objects.create(date=TODAY - timedelta(days), **values | fields)

    return make


@pytest.fixture
def report(report_on):
    """Return the draft of today."""
    return report_on()
