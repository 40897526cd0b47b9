"""What an account must be like: asked when a change is proposed, and again when it is approved."""

import re
from collections.abc import Collection

from accounts.models import User
from accounts.roles import ADMINISTRATORS, DEPARTMENT_ROLES, Role, roles_exclude_each_other
from accounts.selectors.people import people_with_role
from core.exceptions import InvalidInput, RuleViolation
from core.settings_registry import setting

_USERNAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
#: Without a person in these roles nobody could change an account any more.
_INDISPENSABLE = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)


def check_username(username: str) -> None:
    """Raise InvalidInput at ``username`` when it is malformed or taken."""
    if not _USERNAME.fullmatch(username):
        raise InvalidInput.at("username", "登录名以小写字母开头，只含小写字母、数字和下划线，3 到 40 位")
    if User.objects.filter(username=username).exists():
        raise InvalidInput.at("username", f"登录名 {username} 已被使用", code="taken")


def check_roles(roles: Collection[str], *, department_id: int | None, is_service: bool = False) -> None:
    """Raise InvalidInput at ``roles`` or ``department`` when one person may not hold them (domain §1)."""
    held = frozenset(roles)
    if not held:
        raise InvalidInput.at("roles", "请至少选择一个角色")
    if held - set(Role):
        raise InvalidInput.at("roles", "没有这个角色")
    if roles_exclude_each_other(held, small_office=setting("accounts.small_office")):
        raise InvalidInput.at(
            "roles", "系统、安全、审计管理员互不兼任，也不兼任业务角色", code="roles_exclude_each_other"
        )
    if is_service and held & ADMINISTRATORS:
        raise InvalidInput.at("roles", "接口账号不能是管理员")
    if held & DEPARTMENT_ROLES and department_id is None:
        raise InvalidInput.at("department", "部门填报员和负责人须有单位")


def check_still_governed(person: User, *, without: Collection[str]) -> None:
    """Raise RuleViolation when ``person`` losing the roles ``without`` would leave nobody to keep accounts."""
    for role in _INDISPENSABLE:
        if role in without and role in person.own_roles:
            others = people_with_role(role).exclude(pk=person.pk)
            if not others.exists():
                raise RuleViolation(f"这是唯一启用的{role.label}，不能停用或取消该角色")
