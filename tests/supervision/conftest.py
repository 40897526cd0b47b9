"""The people of an issue."""

import pytest

from accounts.roles import Role
from departments.models import Department
from tests.factories.accounts import make_user
from tests.factories.issues import IssueCast


@pytest.fixture
def inspector2(db):
    """Return a second inspector."""
    return make_user("inspector2", Role.INSPECTOR)


@pytest.fixture
def cast(inspector, inspector2, office, office_lead, reporter, head, department) -> IssueCast:
    """Return who moves an issue of ``department``."""
    return IssueCast(inspector, inspector2, office, office_lead, reporter, head, department)


@pytest.fixture
def helper_department(db) -> Department:
    """Return a department that assists."""
    return Department.objects.create(code="cgj", name="西平县城市管理局", short_name="县城管局", official_order=9)


@pytest.fixture
def helper(helper_department):
    """Return a reporter of the assisting department."""
    return make_user("cgj_reporter", Role.REPORTER, department=helper_department)
