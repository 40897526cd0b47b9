"""The first administrators of a new house."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Role
from accounts.services.installation import install_administrator
from core import clock
from core.exceptions import InvalidInput
from core.models import AuditEvent
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def test_create_administrator_prints_a_password_that_must_be_changed(capsys):
    call_command("create_administrator", "sysadmin", "keeper", "系统管理员甲")
    word = capsys.readouterr().out.split("：")[1].split("（")[0]
    keeper = User.objects.get(username="keeper")
    assert keeper.check_password(word)
    assert keeper.must_change_password
    assert keeper.own_roles == {Role.SYSTEM_ADMINISTRATOR}
    assert AuditEvent.objects.filter(action="accounts.user.install", target_key=str(keeper.pk)).exists()


def test_create_administrator_second_of_a_role_needs_two_people(sysadmin):
    with pytest.raises(CommandError, match="安全管理员批准"):
        call_command("create_administrator", "sysadmin", "keeper", "系统管理员甲")


def test_create_administrator_after_the_only_one_was_closed(sysadmin):
    User.objects.filter(pk=sysadmin.pk).update(is_active=False)
    assert install_administrator("keeper", "系统管理员甲", Role.SYSTEM_ADMINISTRATOR, now=clock.now())


def test_create_administrator_taken_name_is_refused():
    make_user("keeper", Role.OFFICE)
    with pytest.raises(CommandError, match="已存在"):
        call_command("create_administrator", "auditor", "keeper", "审计管理员甲")


def test_create_administrator_other_roles_are_refused():
    with pytest.raises(InvalidInput):
        install_administrator("keeper", "经办甲", Role.OFFICE, now=clock.now())
