"""An indicator with a lead, an assisting department, and the day on which the doors act."""

from datetime import date

import pytest

from accounts.roles import Role
from core import clock
from departments.models import Department
from indicators.selectors.expectation import dispatch_times
from tests.factories.accounts import make_user
from tests.factories.dispatch import make_gas
from tests.factories.indicators import assign, observe


@pytest.fixture
def gas(department):
    """A08, led by the reporter's department."""
    return make_gas(department)


@pytest.fixture
def assisting(gas):
    """A reporter of a department that assists A08: sees its reports, may not write them."""
    assistant = Department.objects.create(code="cgj", name="西平县城市管理局", short_name="县城管局", official_order=9)
    assign(gas, assistant, "assist")
    return make_user("cgj_reporter", Role.REPORTER, department=assistant)


@pytest.fixture
def today(db):
    """The report day of the real clock: what the doors act on, whatever day the tests run."""
    return dispatch_times().report_day(clock.now())


@pytest.fixture
def time_leaf(gas):
    """A08.1, a leaf in 天 whose value in force is 6 since Friday, 20 November 2026."""
    leaf = gas.descendants.get(code="A08.1")
    observe(leaf, 6, as_of=date(2026, 11, 20))
    return leaf
