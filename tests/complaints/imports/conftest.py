"""Who imports, and the units a file may name."""

import pytest

from accounts.roles import Role
from departments.models import Department
from departments.services.catalogue import load_departments
from tests.complaints.imports.orders import NOW
from tests.factories.accounts import make_user


@pytest.fixture
def units(db):
    """Load the county's units."""
    load_departments(now=NOW)


@pytest.fixture
def office(units):
    """Return a person of the office, among the county's units."""
    return make_user("office", Role.OFFICE, department=Department.objects.get(code="ysb"))


@pytest.fixture
def department_reporter(units):
    """Return a reporter of 县住建局."""
    return make_user("zjj_reporter", Role.REPORTER, department=Department.objects.get(code="zjj"))
