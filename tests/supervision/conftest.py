"""The people of an issue, and a clock that stands."""

from datetime import datetime

import pytest

from accounts.roles import Role
from departments.models import Department
from supervision.models import Inspection
from tests.factories.accounts import make_user
from tests.factories.inspections import NOW
from tests.factories.issues import FOUND, IssueCast


@pytest.fixture
def inspector2(db):
    """Return a second inspector."""
    return make_user("inspector2", Role.INSPECTOR)


@pytest.fixture
def helper_department(db) -> Department:
    """Return a department that assists."""
    return Department.objects.create(code="cgj", name="西平县城市管理局", short_name="县城管局", official_order=9)


@pytest.fixture
def helper(helper_department):
    """Return a reporter of the assisting department."""
    return make_user("cgj_reporter", Role.REPORTER, department=helper_department)


@pytest.fixture
def cast(inspector, office, office_lead, reporter, head, helper, department, helper_department) -> IssueCast:
    """Return who moves an issue that ``department`` leads; ``helper_department`` may assist."""
    return IssueCast(inspector, office, office_lead, reporter, head, helper, department, helper_department)


@pytest.fixture
def standing_clock(stop_clock) -> datetime:
    """Let the doors take ``FOUND`` for now, so that what the factory wrote is not yet late."""
    return stop_clock(FOUND)


@pytest.fixture
def inspection_clock(stop_clock) -> datetime:
    """Let the doors take ``NOW`` of the inspections' factory for now."""
    return stop_clock(NOW)


@pytest.fixture
def inspection(inspector) -> Inspection:
    """Return an undercover visit."""
    return Inspection.objects.create(
        title="政务大厅暗访", kind="covert", started_on=FOUND.date(), created_by=inspector, created_at=FOUND
    )
