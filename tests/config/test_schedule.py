"""The schedule names tasks that exist, and the kernel's own two do their work."""

import pytest

from config.celery import app
from config.schedule import SCHEDULE, TABLE
from core import clock
from core.audit import record_event
from core.models import AuditEvent
from core.selectors.operation import last_heartbeat
from core.tasks import heartbeat, seal_audit


def test_schedule_every_task_is_registered():
    app.loader.import_default_modules()
    app.autodiscover_tasks(force=True)
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_schedule_no_line_hides_another():
    assert len(SCHEDULE) == len(TABLE)


def test_schedule_messages_nobody_took_do_not_pile_up():
    assert all(entry["options"]["expires"] < 60 for entry in SCHEDULE.values())


def test_schedule_counts_in_the_countys_time():
    assert str(app.timezone) == "Asia/Shanghai"


@pytest.mark.django_db
def test_heartbeat_is_written_down():
    heartbeat()
    assert last_heartbeat() is not None


@pytest.mark.django_db
def test_seal_audit_gives_numbers(office):
    event = record_event(actor=office, action="test.row.touch", target=office, now=clock.now())
    seal_audit()
    event.refresh_from_db()
    assert event.sequence == AuditEvent.objects.count()
