"""What the console lists, in words."""

import pytest

from accounts.models import User
from accounts.roles import Role
from accounts.selectors.administration import differences, pending_requests
from accounts.services.requests import approve_request, propose_department, propose_disabling, propose_roles
from tests.factories.accounts import NOW, make_user, propose

pytestmark = pytest.mark.django_db


def changes(row) -> dict[str, tuple[str, str]]:
    return {fact.label: (fact.before, fact.after) for fact in differences(row) if fact.is_change}


def test_new_account_has_no_before(sysadmin, department):
    row = propose(sysadmin, department=department)
    assert changes(row) == {"姓名": ("—", "新填报员"), "单位": ("—", "县住建局"), "角色": ("—", "部门填报员")}


def test_change_of_roles_shows_both_even_after_it_was_made(sysadmin, secadmin, reporter):
    row = propose_roles(reporter, actor=sysadmin, now=NOW, roles=["reporter", "dept_head"], reason="任职")
    expected = {"角色": ("部门填报员", "部门填报员、部门负责人")}
    assert changes(row) == expected
    approve_request(row, actor=secadmin, now=NOW)
    assert changes(row) == expected


def test_other_changes(sysadmin, reporter, head, other_department):
    row = propose_department(reporter, actor=sysadmin, now=NOW, department=other_department, reason="调动")
    assert changes(row) == {"单位": ("县住建局", "县财政局")}
    row = propose_disabling(head, actor=sysadmin, now=NOW, reason="离岗")
    assert changes(row) == {"状态": ("启用", "停用")}


def test_pending_are_those_one_may_decide(sysadmin, secadmin, department):
    both = make_user("both", Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
    propose(sysadmin, department=department)
    propose(both, username="another", department=department)
    propose_disabling(User.objects.get(pk=both.pk), actor=sysadmin, now=NOW, reason="离岗")
    assert pending_requests(secadmin, NOW) == 3
    assert pending_requests(both, NOW) == 1
    assert pending_requests(sysadmin, NOW) == 0
