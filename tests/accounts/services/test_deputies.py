"""Deputies: appointed by the person, working with both names on the record."""

from datetime import date, timedelta

import pytest

from accounts.models import Message
from accounts.services import appoint_deputy, dismiss_deputy, edit_person, start_acting, stop_acting
from accounts.services.deputies import ACTING_FOR
from core.exceptions import InvalidInput, NotAllowed
from core.models import AuditEvent
from tests.factories.accounts import NOW, make_deputy

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)


def appoint(person, deputy, first=TODAY, last=TODAY + 2 * DAY):
    return appoint_deputy(person, actor=person, now=NOW, deputy=deputy, valid_from=first, valid_until=last)


def test_appointed_deputy_is_told_and_may_act(head, reporter):
    appoint(head, reporter)
    assert reporter.may_act_for(head, TODAY)
    assert "请您代理" in Message.objects.visible_to(reporter).get().title
    assert AuditEvent.objects.get().after == {"deputy": "zjj_reporter", "from": "2026-11-25", "until": "2026-11-27"}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY, TODAY - DAY, "valid_until"),
        (TODAY - 9 * DAY, TODAY - DAY, "valid_until"),
        (TODAY, TODAY + 400 * DAY, "valid_until"),
    ],
)
def test_impossible_dates_are_refused_at_their_field(head, reporter, first, last, field):
    with pytest.raises(InvalidInput) as refusal:
        appoint(head, reporter, first, last)
    assert [error["field"] for error in refusal.value.errors] == [field]


def test_stranger_as_deputy_is_refused_at_its_field(head, stranger):
    with pytest.raises(InvalidInput) as refusal:
        appoint(head, stranger)
    assert [error["field"] for error in refusal.value.errors] == ["deputy"]


def test_deputy_is_appointed_by_the_person_in_their_own_log_in(head, reporter):
    with pytest.raises(NotAllowed):
        appoint_deputy(head, actor=reporter, now=NOW, deputy=reporter, valid_from=TODAY, valid_until=TODAY)
    reporter.acting_for = head
    with pytest.raises(NotAllowed):
        appoint(reporter, head)


def test_acting_puts_both_names_on_the_record(head, reporter):
    make_deputy(head, reporter, TODAY, TODAY)
    session = {}
    start_acting(session, head, actor=reporter, now=NOW)
    assert session[ACTING_FOR] == head.pk
    reporter.acting_for = head
    edit_person(reporter, actor=reporter, now=NOW, phone="0396-1234567", job_title="")
    event = AuditEvent.objects.get(action="accounts.user.edit")
    assert (event.actor, event.actor_name, event.on_behalf_of) == (reporter, reporter.name, head.name)
    stop_acting(session, actor=reporter, now=NOW)
    assert session == {}
    assert AuditEvent.objects.filter(action="accounts.user.stop_acting").count() == 1


def test_nobody_acts_outside_the_dates(head, reporter):
    make_deputy(head, reporter, TODAY + DAY, TODAY + 2 * DAY)
    with pytest.raises(NotAllowed):
        start_acting({}, head, actor=reporter, now=NOW)


def test_dismissed_deputy_may_act_no_longer(head, reporter):
    appoint(head, reporter)
    dismiss_deputy(head, actor=head, now=NOW)
    assert not reporter.may_act_for(head, TODAY)
