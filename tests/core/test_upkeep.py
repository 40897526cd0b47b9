"""The daily clean-up: what goes, what stays whatever its age, once a day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit import record_event
from core.models import Attachment, AuditEvent, Job
from core.services.attachments import keep_generated_file, store_attachment
from core.services.upkeep import EXPORTS_KEPT, JOBS_KEPT, UPLOADS_KEPT, clean_up
from tests.factories.files import picture, uploaded
from tests.factories.indicators import make_evidence

pytestmark = pytest.mark.django_db
#: 04:00 in Xiping.
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(office, age: timedelta = UPLOADS_KEPT + SECOND) -> Attachment:
    return store_attachment(uploaded(picture(), "图.png"), actor=office, kind="screenshot", now=NOW - age)


def export(office, age: timedelta = EXPORTS_KEPT + SECOND, **facts) -> Job:
    at = NOW - age
    file = keep_generated_file(ContentFile(b"x"), name="表.xlsx", content_type="x", actor=office, now=at)
    values = {"kind": "export", "label": "导出", "state": Job.State.DONE, "file": file, "created_by": office}
    return Job.objects.create(**(values | {"created_at": at, "heartbeat_at": at, "finished_at": at} | facts))


def left(model) -> list:
    return list(model.objects.unscoped("test").order_by("pk"))


def test_upload_that_was_never_attached_goes_with_its_bytes(office, django_capture_on_commit_callbacks):
    old, young = upload(office), upload(office, UPLOADS_KEPT)
    with django_capture_on_commit_callbacks(execute=True):
        assert clean_up(now=NOW) == {"exports": 0, "jobs": 0, "uploads": 1}
        assert old.file.storage.exists(old.file.name)
    assert left(Attachment) == [young]
    assert not old.file.storage.exists(old.file.name)
    assert young.file.storage.exists(young.file.name)


def test_what_evidence_or_audit_refers_to_stays_for_ever(office):
    held, told = upload(office, timedelta(days=4000)), upload(office, timedelta(days=4000))
    make_evidence(office, attachment=held, link="")
    record_event(actor=office, action="core.attachment.download", target=told, now=NOW)
    assert clean_up(now=NOW) == {"exports": 0, "jobs": 0, "uploads": 0}
    assert left(Attachment) == [held, told]
    assert not AuditEvent.objects.filter(action="core.upkeep.clean_up").exists()


def test_export_loses_its_file_after_a_week_and_its_job_after_ninety_days(office):
    young, old = export(office, EXPORTS_KEPT), export(office)
    ancient = export(office, JOBS_KEPT + SECOND)
    assert clean_up(now=NOW) == {"exports": 2, "jobs": 1, "uploads": 0}
    assert left(Job) == [young, old]
    old.refresh_from_db()
    assert (old.file, old.state) == (None, "done")
    assert ancient not in left(Job)


def test_unfinished_jobs_stay(office):
    waiting = export(office, timedelta(days=400), state=Job.State.QUEUED, finished_at=None, file=None)
    clean_up(now=NOW)
    assert left(Job) == [waiting]


def test_once_a_day_not_before_its_hour_and_with_one_line_in_the_log(office):
    upload(office)
    assert clean_up(now=datetime(2026, 11, 24, 19, 29, tzinfo=UTC)) is None
    assert clean_up(now=NOW) == {"exports": 0, "jobs": 0, "uploads": 1}
    upload(office)
    assert clean_up(now=NOW + timedelta(hours=3)) is None
    event = AuditEvent.objects.get(action="core.upkeep.clean_up")
    assert (event.actor_name, event.after) == ("系统", {"exports": 0, "jobs": 0, "uploads": 1})
    assert clean_up(now=NOW + timedelta(days=1, hours=1))["uploads"] == 1


def test_queries_do_not_grow_with_the_rows(office):
    def cost(day: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            clean_up(now=NOW + timedelta(days=day))
        return len(queries)

    for _ in range(2):
        upload(office)
        export(office, JOBS_KEPT)
    few = cost(1)
    for _ in range(20):
        upload(office)
        export(office, JOBS_KEPT)
    assert cost(2) == few
