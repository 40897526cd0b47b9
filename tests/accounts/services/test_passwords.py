"""Choosing a password, and the one-time password of the system administrator."""

from datetime import timedelta
from itertools import pairwise

import pytest

from accounts.models import PasswordRecord
from accounts.services import change_password, set_one_time_password
from core.exceptions import InvalidInput, NotAllowed
from core.models import AuditEvent
from tests.factories.accounts import NEW_PASSWORD, NOW, PASSWORD, make_service_account

pytestmark = pytest.mark.django_db


def test_change_password_stores_it_ends_sessions_and_is_audited(reporter):
    reporter.must_change_password = True
    reporter.save()
    epoch = reporter.session_epoch
    change_password(reporter, actor=reporter, now=NOW, current=PASSWORD, new=NEW_PASSWORD)
    reporter.refresh_from_db()
    assert reporter.check_password(NEW_PASSWORD)
    assert not reporter.must_change_password
    assert reporter.password_changed_at == NOW
    assert reporter.session_epoch == epoch + 1
    event = AuditEvent.objects.get(action="accounts.user.change_password")
    assert (event.actor, event.before, event.after) == (reporter, None, None)


def test_change_password_with_a_wrong_present_one_is_refused_at_its_field(reporter):
    with pytest.raises(InvalidInput) as refusal:
        change_password(reporter, actor=reporter, now=NOW, current="wrong", new=NEW_PASSWORD)
    assert [error["field"] for error in refusal.value.errors] == ["current"]
    assert reporter.check_password(PASSWORD)


def test_weak_password_is_told_every_rule_it_breaks(reporter):
    with pytest.raises(InvalidInput) as refusal:
        change_password(reporter, actor=reporter, now=NOW, current=PASSWORD, new="abc")
    assert {error["field"] for error in refusal.value.errors} == {"new"}
    assert {error["code"] for error in refusal.value.errors} == {
        "password_too_short",
        "password_too_common",
        "password_too_uniform",
    }
    assert all("密码" in error["detail"] for error in refusal.value.errors)


def test_fifth_last_password_is_refused_and_the_sixth_last_is_free_again(reporter):
    words = [PASSWORD, *(f"Fresh-word-{number}" for number in range(5))]
    for current, new in pairwise(words):
        change_password(reporter, actor=reporter, now=NOW, current=current, new=new)
    assert PasswordRecord.objects.filter(user=reporter).count() == 5
    with pytest.raises(InvalidInput):
        change_password(reporter, actor=reporter, now=NOW, current=words[-1], new=words[1])
    change_password(reporter, actor=reporter, now=NOW + timedelta(days=1), current=words[-1], new=words[0])


def test_nobody_changes_somebody_elses_password(reporter, head):
    with pytest.raises(NotAllowed):
        change_password(reporter, actor=head, now=NOW, current=PASSWORD, new=NEW_PASSWORD)


def test_one_time_password_opens_once_and_ends_old_sessions(reporter, sysadmin):
    epoch = reporter.session_epoch
    word = set_one_time_password(reporter, actor=sysadmin, now=NOW)
    reporter.refresh_from_db()
    assert reporter.check_password(word)
    assert reporter.must_change_password
    assert reporter.session_epoch == epoch + 1
    event = AuditEvent.objects.get(action="accounts.user.reset_password")
    assert event.actor == sysadmin
    assert word not in str((event.before, event.after, event.purpose))


def test_one_time_password_is_refused_to_others_oneself_and_programs(reporter, sysadmin, secadmin):
    program = make_service_account()
    for actor, person in ((secadmin, reporter), (sysadmin, sysadmin), (sysadmin, program)):
        with pytest.raises(NotAllowed):
            set_one_time_password(person, actor=actor, now=NOW)
