"""Telling people once, and reading."""

import pytest

from accounts.models import Message
from accounts.selectors import unread_count
from accounts.services import mark_all_read, mark_read, notify
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db


def tell(*people, key="report:1:returned", url="/daily-reports/1/"):
    return notify(people, kind="daily_report.returned", title="退回补正", url=url, key=key, now=NOW)


def test_notify_tells_each_person_once_per_row_and_state(reporter, head):
    tell(reporter, reporter, head)
    tell(reporter)
    assert unread_count(reporter) == unread_count(head) == 1
    tell(reporter, key="report:1:accepted")
    assert unread_count(reporter) == 2


def test_notify_cuts_an_overlong_title(reporter):
    notify([reporter], kind="k", title="长" * 500, url="", key="k", now=NOW)
    assert len(Message.objects.visible_to(reporter).get().title) == 200


def test_opening_the_row_marks_its_messages_read_for_this_person_only(reporter, head):
    tell(reporter, head)
    tell(reporter, key="other", url="/daily-reports/2/")
    assert mark_read(user=reporter, now=NOW, url="/daily-reports/1/") == 1
    assert unread_count(reporter) == 1
    assert unread_count(head) == 1


def test_somebody_elses_message_stays_unread(reporter, stranger):
    tell(reporter)
    message = Message.objects.visible_to(reporter).get()
    assert mark_read(user=stranger, now=NOW, message_id=message.pk) == 0
    assert mark_read(user=reporter, now=NOW, message_id=message.pk) == 1
    assert mark_read(user=reporter, now=NOW, message_id=message.pk) == 0


def test_all_at_once(reporter, head):
    tell(reporter, head)
    tell(reporter, key="second")
    assert mark_all_read(user=reporter, now=NOW) == 2
    assert unread_count(head) == 1
