"""People for tests, and what belongs to them."""

from datetime import UTC, date, datetime, timedelta

from django.test import Client

from accounts.models import AccountRequest, User, UserRole
from accounts.services import requests as services
from accounts.services.sessions import STARTED
from core import clock

PASSWORD = "Correct#Horse42"
NEW_PASSWORD = "Battery&Staple17"
#: A Wednesday morning at the office.
NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def make_user(username: str, *roles: str, department=None, **fields) -> User:
    """Create an active person with ``roles`` whose password is ``PASSWORD``."""
    user = User(username=username, name=fields.pop("name", f"{username}测试员"), department=department, **fields)
    user.set_password(PASSWORD)
    user.save()
    UserRole.objects.bulk_create(UserRole(user=user, role=role) for role in roles)
    return user


def make_service_account(username: str = "city_platform", *roles: str) -> User:
    """Create an account of a program: no password, works with tokens only."""
    account = make_user(username, *roles, is_service=True)
    account.set_unusable_password()
    account.save()
    return account


def make_deputy(absent: User, deputy: User, first: date, last: date) -> None:
    """Let ``deputy`` stand in for ``absent``, both days included."""
    absent.deputy, absent.deputy_from, absent.deputy_until = deputy, first, last
    absent.save()


def propose(actor: User, username: str = "wsj_reporter", roles=("reporter",), department=None, **fields):
    """Propose a new account as ``actor`` does."""
    account = services.NewAccount(username=username, name="新填报员", department=department, roles=roles, **fields)
    return services.propose_account(account, actor=actor, now=NOW, reason="新到岗")


def request_at(status: str, *, proposer: User, decider: User, department) -> AccountRequest:
    """Return an account request that has come to ``status`` through the services."""
    row = propose(proposer, department=department)
    if status == "approved":
        services.approve_request(row, actor=decider, now=NOW)
    elif status == "rejected":
        services.refuse_request(row, actor=decider, now=NOW, reason="不需要")
    elif status == "withdrawn":
        services.withdraw_request(row, actor=proposer, now=NOW)
    return row


def on_device(user, *, minutes: int = 20, trusts: bool = True) -> Client:
    """Return the browser of ``user``, logged in through the page so many minutes ago, on a device they trust."""
    browser = Client()
    typed = {"username": user.username, "password": PASSWORD} | ({"trust_device": "on"} if trusts else {})
    assert browser.post("/login/", typed).status_code == 302
    session = browser.session
    session[STARTED] = (clock.now() - timedelta(minutes=minutes)).isoformat()
    session.save()
    return browser
