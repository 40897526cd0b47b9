"""An indicator of the county that one department leads."""

from datetime import UTC, date, datetime

import pytest

from indicators.models import Indicator
from tests.factories.indicators import assign, make_indicator, make_set, observe, set_standard


@pytest.fixture
def now() -> datetime:
    """Return Wednesday 25 November 2026, noon in Xiping."""
    return datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def today() -> date:
    """Return the day of ``now``."""
    return date(2026, 11, 25)


@pytest.fixture
def gas(department) -> Indicator:
    """Return A08, led by ``department``, with steps (2 of 3..1) and days (6 of 9..4) below it."""
    make_set(expected_first_level=1)
    first = make_indicator("A08", name="获得用气", dimension="life_cycle", evidence_checklist=["政策文件", "办事案例"])
    assign(first, department)
    steps = make_indicator("A08.1", parent=first, name="报装环节", unit="个")
    days = make_indicator("A08.2", parent=first, name="报装时间")
    for leaf, worst, frontier, value in ((steps, 3, 1, 2), (days, 9, 4, 6)):
        set_standard(leaf, "worst", worst)
        set_standard(leaf, "frontier", frontier)
        observe(leaf, value)
    return first


@pytest.fixture
def days(gas) -> Indicator:
    """Return A08.2 报装时间, a leaf."""
    return gas.children.get(code="A08.2")
