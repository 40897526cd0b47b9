"""The first administrators of a new house: before them nobody could propose or approve an account."""

from datetime import datetime

from django.db import transaction

from accounts.models import User, UserRole
from accounts.passwords import one_time_password
from accounts.roles import ADMINISTRATORS, Role
from core.audit import record_event
from core.exceptions import InvalidInput, RuleViolation


@transaction.atomic
def install_administrator(username: str, name: str, role: Role, *, now: datetime) -> str:
    """Create the first person of an administrator's role; return their one-time password, once. The system acts.

    Only while nobody active holds the role: from then on accounts are proposed and approved by two people.

    Raises:
        InvalidInput: the role is none of the three administrators', or the user name is taken.
        RuleViolation: somebody active holds the role already.
    """
    if role not in ADMINISTRATORS:
        raise InvalidInput.at("role", "这里只能创建系统、安全、审计管理员")
    if User.objects.filter(username=username).exists():
        raise InvalidInput.at("username", f"登录名 {username} 已存在")
    if UserRole.objects.filter(role=role, user__is_active=True).exists():
        raise RuleViolation(f"已有启用的{role.label}；其他账号由系统管理员提出、安全管理员批准")
    word = one_time_password()
    person = User(username=username, name=name, must_change_password=True, password_changed_at=now)
    person.set_password(word)
    person.save()
    UserRole.objects.create(user=person, role=role)
    record_event(actor=None, action="accounts.user.install", target=person, after={"role": role}, now=now)
    return word
