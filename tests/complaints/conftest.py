"""The people of a complaint."""

import pytest

from accounts.roles import Role
from departments.models import Department
from tests.factories.accounts import make_user
from tests.factories.complaints import RECEIVED, Cast


@pytest.fixture
def cast(office, office_lead, reporter, head, department) -> Cast:
    """Return who moves a complaint of ``department``."""
    return Cast(office, office_lead, reporter, head, department)


@pytest.fixture
def standing_clock(stop_clock):
    """Let the doors take ``RECEIVED`` for now, so that what the factory wrote is not yet late."""
    return stop_clock(RECEIVED)


@pytest.fixture
def helper_department(db) -> Department:
    """Return a department that assists."""
    return Department.objects.create(code="cgj", name="西平县城市管理局", short_name="县城管局", official_order=9)


@pytest.fixture
def helper(helper_department):
    """Return a reporter of the assisting department."""
    return make_user("cgj_reporter", Role.REPORTER, department=helper_department)
