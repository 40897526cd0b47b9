"""A production start with demo accounts is refused by web, worker and beat alike."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError

from accounts.models import User
from accounts.roles import Role
from config.demo_guard import refuse_demo_accounts
from core.models import AuditEvent
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_account():
    account = make_user("office", Role.OFFICE)
    User.objects.filter(pk=account.pk).update(is_demo=True)
    return account


def test_guard_demo_account_in_production_names_the_command(settings, demo_account):
    settings.REFUSE_DEMO_ACCOUNTS = True
    with pytest.raises(SystemExit, match=r"manage\.py remove_demo"):
        refuse_demo_accounts()


def test_guard_demo_account_elsewhere_is_welcome(settings, demo_account):
    settings.REFUSE_DEMO_ACCOUNTS = False
    refuse_demo_accounts()


def test_guard_database_without_tables_names_migrate(settings, monkeypatch):
    def no_table(*_args, **_kwargs):
        raise DatabaseError("no such table")

    settings.REFUSE_DEMO_ACCOUNTS = True
    monkeypatch.setattr(User.objects, "filter", lambda **_: type("Rows", (), {"values_list": no_table})())
    with pytest.raises(ImproperlyConfigured, match="migrate"):
        refuse_demo_accounts()


def test_remove_demo_closes_account_and_production_starts(settings, demo_account, capsys):
    settings.REFUSE_DEMO_ACCOUNTS = True
    call_command("remove_demo")
    refuse_demo_accounts()
    demo_account.refresh_from_db()
    assert not demo_account.is_active
    assert not demo_account.has_usable_password()
    assert demo_account.session_epoch == 2
    assert AuditEvent.objects.filter(action="accounts.user.close_demo").count() == 1
    assert "已停用 1 个演示账号" in capsys.readouterr().out
