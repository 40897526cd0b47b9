"""The policy page: who may do what, and which roles exclude each other (domain §1)."""

import pytest

from accounts.roles import ADMINISTRATORS, ROLE_PERMISSIONS, Role, roles_exclude_each_other
from core.access import Permission

S1, S2, S3 = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR


@pytest.mark.parametrize(
    ("roles", "small_office", "excluded"),
    [
        ({Role.OFFICE, Role.OFFICE_LEAD, Role.INSPECTOR}, False, False),
        ({Role.REPORTER, Role.DEPARTMENT_HEAD}, False, False),
        ({S1}, False, False),
        ({S1, S2}, False, True),
        ({S1, S2}, True, False),
        ({S1, S3}, True, True),
        ({S2, S3}, True, True),
        ({S1, S2, S3}, True, True),
        ({S1, Role.OFFICE}, True, True),
        ({S2, Role.REPORTER}, True, True),
        ({S3, Role.LEADER}, False, True),
        (set(), False, False),
    ],
)
def test_roles_exclude_each_other(roles, small_office, excluded):
    assert roles_exclude_each_other(frozenset(roles), small_office=small_office) is excluded


def test_every_role_has_its_line_and_every_permission_an_owner():
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == set(Permission)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrator_reads_no_business_data(role):
    business = {Permission.READ_CATALOGUE, Permission.READ_ALL_DEPARTMENTS, Permission.REPORT}
    assert not ROLE_PERMISSIONS[role] & business


def test_only_the_auditor_reads_the_audit_log():
    readers = {role for role, permissions in ROLE_PERMISSIONS.items() if Permission.READ_AUDIT in permissions}
    assert readers == {S3}
