"""API tokens: issued to programs by S1, hashed at rest, shown once."""

from datetime import timedelta

import pytest

from accounts.models import ApiToken
from accounts.selectors.tokens import find_token
from accounts.services import issue_token, open_token, revoke_token
from core.exceptions import InvalidInput, NotAllowed
from core.models import AuditEvent
from tests.factories.accounts import NOW, make_service_account

pytestmark = pytest.mark.django_db
WORDS = {"name": "每晚取数", "scope": "read", "days": 30, "allowed_addresses": ["10.1.2.7/24", "192.0.2.9"]}


@pytest.fixture
def program(db):
    return make_service_account("city_platform", "leader")


def test_issued_token_is_found_by_its_text_and_kept_as_a_hash(program, sysadmin):
    token, text = issue_token(program, actor=sysadmin, now=NOW, **WORDS)
    assert find_token(text, now=NOW) == token
    assert text not in str(ApiToken.objects.unscoped("test").values().get())
    assert token.allowed_addresses == ["10.1.2.0/24", "192.0.2.9/32"]
    assert token.expires_at == NOW + timedelta(days=30)
    event = AuditEvent.objects.get(action="accounts.apitoken.issue")
    assert event.actor == sysadmin
    assert text not in str((event.after, event.target_label))


def test_token_of_a_disabled_account_expired_or_revoked_is_not_found(program, sysadmin):
    token, text = issue_token(program, actor=sysadmin, now=NOW, **WORDS)
    assert find_token(text, now=NOW + timedelta(days=30)) is None
    program.is_active = False
    program.save()
    assert find_token(text, now=NOW) is None
    program.is_active = True
    program.save()
    revoke_token(token, actor=sysadmin, now=NOW)
    assert find_token(text, now=NOW) is None
    assert find_token("", now=NOW) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 400}, "days"),
        ({"allowed_addresses": ["10.1.2"]}, "allowed_addresses"),
        ({"allowed_addresses": ["市级平台"]}, "allowed_addresses"),
    ],
)
def test_impossible_token_is_refused_at_its_field(program, sysadmin, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        issue_token(program, actor=sysadmin, now=NOW, **WORDS | changes)
    assert [error["field"] for error in refusal.value.errors] == [field]


def test_tokens_are_issued_by_the_system_administrator_to_programs_only(program, sysadmin, office_lead, reporter):
    with pytest.raises(NotAllowed):
        issue_token(program, actor=office_lead, now=NOW, **WORDS)
    with pytest.raises(InvalidInput):
        issue_token(reporter, actor=sysadmin, now=NOW, **WORDS)


def test_persons_own_token_lasts_twelve_hours(reporter):
    token, text = open_token(actor=reporter, now=NOW)
    assert token.scope == "write"
    assert find_token(text, now=NOW + timedelta(hours=11)) == token
    assert find_token(text, now=NOW + timedelta(hours=12)) is None


def test_somebody_elses_token_is_not_revoked(reporter, head):
    token, _ = open_token(actor=reporter, now=NOW)
    with pytest.raises(NotAllowed):
        revoke_token(token, actor=head, now=NOW)
    revoke_token(token, actor=reporter, now=NOW)
    revoke_token(token, actor=reporter, now=NOW)
    assert AuditEvent.objects.filter(action="accounts.apitoken.revoke").count() == 1
