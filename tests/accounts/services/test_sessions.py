"""Log-ins of browsers: listed, ended one by one or all at once, put on record."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from accounts.models import BrowserSession
from accounts.services.devices import revoke_device, trust_device
from accounts.services.sessions import (
    AWAITING,
    SEEN,
    begin_session,
    end_all_sessions,
    end_session,
    keep_session,
    mark_session,
    record_failed_sign_in,
)
from core.exceptions import NotAllowed
from core.models import AuditEvent
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(reporter):
    """Return a function that opens one session of ``reporter``."""

    def one(device=None):
        session = SessionStore()
        mark_session(session, now=NOW)
        session.create()
        facts = {"label": "Windows 电脑 Chrome", "address": "192.0.2.9"}
        return session, begin_session(session, user=reporter, device=device, now=NOW, **facts)

    return one


def test_begun_session_is_listed_and_on_record(opened, reporter):
    session, row = opened()
    assert BrowserSession.objects.visible_to(reporter).get() == row
    assert AWAITING not in session
    assert AuditEvent.objects.get().action == "accounts.user.sign_in"


def test_administrator_is_asked_to_set_up_the_second_factor(sysadmin):
    session = SessionStore()
    session.create()
    begin_session(session, user=sysadmin, device=None, label="", address="", now=NOW)
    assert session[AWAITING] == "enrolment"


def test_use_is_written_down_once_a_minute(opened):
    session, row = opened()
    keep_session(session, now=NOW + timedelta(seconds=59))
    assert session[SEEN] == NOW.isoformat()
    later = NOW + timedelta(seconds=60)
    keep_session(session, now=later)
    row.refresh_from_db()
    assert row.seen_at == later
    assert session[SEEN] == later.isoformat()


def test_ended_session_is_gone_the_other_stays(opened, reporter):
    _, first = opened()
    _, second = opened()
    end_session(first, actor=reporter, now=NOW)
    assert list(Session.objects.values_list("session_key", flat=True)) == [second.session_key]
    assert BrowserSession.objects.visible_to(reporter).get() == second


def test_all_sessions_end_by_raising_the_epoch(opened, reporter):
    opened()
    epoch = reporter.session_epoch
    end_all_sessions(reporter)
    reporter.refresh_from_db()
    assert reporter.session_epoch == epoch + 1
    assert not BrowserSession.objects.visible_to(reporter).exists()


def test_expired_sessions_leave_the_list_at_the_next_log_in(opened, reporter):
    opened()
    Session.objects.all().delete()
    _, new = opened()
    assert BrowserSession.objects.visible_to(reporter).get() == new


def test_revoked_device_ends_its_sessions(opened, reporter):
    device, _ = trust_device(actor=reporter, label="安卓手机", now=NOW)
    opened(device)
    _, other = opened()
    revoke_device(device, actor=reporter, now=NOW)
    assert BrowserSession.objects.visible_to(reporter).get() == other
    assert not device.is_valid_at(NOW)
    assert Session.objects.count() == 1


def test_only_people_of_departments_trust_devices(office):
    with pytest.raises(NotAllowed):
        trust_device(actor=office, label="安卓手机", now=NOW)


def test_refused_log_in_of_a_known_account_is_on_record_an_unknown_name_is_not(reporter):
    record_failed_sign_in("my-Password-by-mistake", now=NOW)
    record_failed_sign_in(reporter.username, now=NOW)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.target_key) == (
        "accounts.user.sign_in_refused",
        None,
        str(reporter.pk),
    )
