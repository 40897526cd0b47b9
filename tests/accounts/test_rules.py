"""Rules of accounts by table: limits of a log-in, passwords, deputies, who decides."""

from datetime import date, timedelta

import pytest

from accounts.models import AccountRequest, ApiToken, User
from accounts.roles import Role
from accounts.rules import (
    SessionEnd,
    can_decide,
    can_propose,
    can_reset_password,
    can_revoke_token,
    can_withdraw,
    deputy_refused_because,
    deputy_stands_on,
    must_change_password,
    session_end,
)
from tests.factories.accounts import NOW, make_user

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "idle", "end"),
    [
        (MINUTE, MINUTE, None),
        (2 * HOUR, 29 * MINUTE, None),
        (2 * HOUR, 30 * MINUTE, SessionEnd.IDLE),
        (12 * HOUR - MINUTE, MINUTE, None),
        (12 * HOUR, MINUTE, SessionEnd.TOO_OLD),
        (13 * HOUR, 2 * HOUR, SessionEnd.TOO_OLD),
    ],
)
def test_session_end(age, idle, end):
    limits = {"idle": 30 * MINUTE, "absolute": 12 * HOUR}
    assert session_end(started_at=NOW - age, seen_at=NOW - idle, now=NOW, **limits) is end


@pytest.mark.parametrize(
    ("fields", "owed"),
    [
        ({}, False),
        ({"password_changed_at": NOW - 89 * DAY}, False),
        ({"password_changed_at": NOW - 90 * DAY}, True),
        ({"password_changed_at": NOW - 400 * DAY, "is_demo": True}, False),
        ({"must_change_password": True}, True),
        ({"must_change_password": True, "is_demo": True}, True),
    ],
)
def test_must_change_password(fields, owed):
    assert must_change_password(User(**fields), NOW) is owed


@pytest.mark.django_db
class TestDeputy:
    def test_colleague_of_the_same_unit_is_accepted(self, reporter, head):
        assert deputy_refused_because(reporter, head) is None

    def test_oneself_is_refused(self, reporter):
        assert deputy_refused_because(reporter, reporter) == "代理人不能是本人"

    def test_another_unit_is_refused(self, reporter, stranger):
        assert "同一单位" in deputy_refused_because(reporter, stranger)

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"is_service": True}])
    def test_account_that_nobody_logs_in_with_is_refused(self, reporter, department, fields):
        ghost = make_user("ghost", Role.REPORTER, department=department, **fields)
        assert "未启用" in deputy_refused_because(reporter, ghost)

    def test_administrators_do_not_stand_in_for_each_other(self, sysadmin, secadmin):
        assert "不能互相代理" in deputy_refused_because(sysadmin, secadmin)

    @pytest.mark.parametrize(
        ("today", "stands"),
        [
            (date(2026, 11, 24), False),
            (date(2026, 11, 25), True),
            (date(2026, 11, 27), True),
            (date(2026, 11, 28), False),
        ],
    )
    def test_both_days_are_included(self, today, stands):
        absent = User(deputy_id=7, deputy_from=date(2026, 11, 25), deputy_until=date(2026, 11, 27))
        assert deputy_stands_on(absent, today) is stands


@pytest.mark.django_db
class TestDecisions:
    @pytest.fixture
    def proposal(self, sysadmin):
        return AccountRequest(proposed_by=sysadmin)

    def test_security_administrator_decides(self, secadmin, proposal):
        assert can_decide(secadmin, proposal)

    @pytest.mark.parametrize("name", ["sysadmin", "auditor", "office_lead", "leader"])
    def test_nobody_else_decides(self, name, proposal, request):
        assert not can_decide(request.getfixturevalue(name), proposal)

    def test_nobody_decides_their_own_even_with_both_roles(self, sysadmin):
        both = make_user("both", Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
        assert can_propose(both)
        assert not can_decide(both, AccountRequest(proposed_by=both))
        assert can_decide(both, AccountRequest(proposed_by=sysadmin))

    def test_nobody_decides_about_themselves(self, secadmin, sysadmin):
        assert not can_decide(secadmin, AccountRequest(proposed_by=sysadmin, user=secadmin))

    def test_deputy_counts_as_both_persons(self, secadmin, sysadmin, db):
        second = make_user("second", Role.SECURITY_ADMINISTRATOR)
        second.acting_for = secadmin
        assert can_decide(second, AccountRequest(proposed_by=sysadmin))
        assert not can_decide(second, AccountRequest(proposed_by=secadmin))
        assert not can_decide(second, AccountRequest(proposed_by=second))

    def test_only_the_proposer_withdraws(self, sysadmin, proposal):
        other = make_user("other", Role.SYSTEM_ADMINISTRATOR)
        assert can_withdraw(sysadmin, proposal)
        assert not can_withdraw(other, proposal)

    def test_password_is_reset_by_the_system_administrator_for_others(self, sysadmin, secadmin, reporter):
        assert can_reset_password(sysadmin, reporter)
        assert not can_reset_password(sysadmin, sysadmin)
        assert not can_reset_password(secadmin, reporter)
        assert not can_reset_password(sysadmin, User(pk=99, is_service=True))

    def test_token_is_revoked_by_its_owner_and_the_system_administrator(self, sysadmin, reporter, head):
        token = ApiToken(user=reporter)
        assert can_revoke_token(reporter, token)
        assert can_revoke_token(sysadmin, token)
        assert not can_revoke_token(head, token)
