"""Background work: run once, shown honestly, taken up again when a worker dies."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

import core.tasks  # noqa: F401  registers the task, as the worker does
from core.exceptions import RuleViolation
from core.models import Job
from core.services import jobs
from core.services.attachments import keep_generated_file
from core.services.jobs import SILENCE, Progress, queue_job, redeliver_jobs, register_job_kind, run_job

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def handled(monkeypatch):
    """Register a kind of job; return the list of jobs it did."""
    done: list[Job] = []
    monkeypatch.setattr(jobs, "_handlers", dict(jobs._handlers))
    register_job_kind("sample", lambda job, progress, now: done.append(job))
    return done


def queued(office, kind: str = "sample", **options) -> Job:
    return queue_job(kind, label="样例", arguments={"n": 1}, actor=office, now=NOW, **options)


def run(job: Job, now: datetime = NOW) -> Job:
    run_job(job.pk, tell_time=lambda: now)
    job.refresh_from_db()
    return job


def test_queue_job_hands_it_over_after_the_transaction(office, handled, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = queued(office, total=10)
        assert handled == []
    assert handled == [job]


def test_run_job_once_however_often_it_is_delivered(office, handled):
    job = run(queued(office))
    assert (job.state, job.finished_at, job.percent, job.is_finished) == ("done", NOW, 100, True)
    run(job)
    assert len(handled) == 1


def test_run_job_domain_error_becomes_the_sentence_for_the_starter(office, handled):
    def refuse(job, progress, now):
        raise RuleViolation("该日已锁定")

    register_job_kind("refused", refuse)
    job = run(queued(office, "refused"))
    assert (job.state, job.failure) == ("failed", "该日已锁定")


def test_run_job_other_error_is_logged_and_not_shown(office, handled, caplog):
    def break_down(job, progress, now):
        raise ValueError("secret detail")

    register_job_kind("broken", break_down)
    job = run(queued(office, "broken"))
    assert job.state == "failed"
    assert "secret detail" not in job.failure
    assert "secret detail" in caplog.text


def test_job_of_a_dead_worker_is_delivered_and_run_again(office, handled):
    job = queued(office)
    Job.objects.unscoped("test").filter(pk=job.pk).update(state="running", heartbeat_at=NOW)
    assert redeliver_jobs(now=NOW + SILENCE) == 0
    assert run(job, NOW + SILENCE).state == "running", "it still reports"
    Job.objects.unscoped("test").filter(pk=job.pk).update(heartbeat_at=NOW - timedelta(hours=1))
    assert redeliver_jobs(now=NOW) == 1, "eagerly delivered with the real clock, long after the silence"
    assert run(job, NOW + timedelta(days=1)).state == "done"


def test_progress_is_written_at_most_once_a_second(office, django_assert_num_queries):
    job = queued(office)
    Job.objects.unscoped("test").filter(pk=job.pk).update(state="running")
    moments = iter(NOW + timedelta(seconds=tenth / 10) for tenth in range(100))
    progress = Progress(job.pk, lambda: next(moments))
    with django_assert_num_queries(2):
        for done in range(11):
            progress(done, 50)
    job.refresh_from_db()
    assert (job.done, job.total, job.percent) == (10, 50, 20)


def test_running_job_never_shows_a_hundred_per_cent(office):
    assert Job(state="running", done=10, total=10).percent == 99
    assert Job(state="queued").percent == 0


def test_job_page_is_its_starters_and_polls_itself(office, office_lead, client_for, handled):
    job = queued(office)
    page = client_for(office).get(job.get_absolute_url()).content.decode()
    assert f'hx-get="{job.get_absolute_url()}"' in page
    assert 'http-equiv="refresh"' in page
    assert client_for(office_lead).get(job.get_absolute_url()).status_code == 404


def test_job_page_leads_on_when_done(office, client_for, handled):
    job = run(queued(office, next_url="/imports/7/"))
    client = client_for(office)
    part = client.get(job.get_absolute_url(), headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/imports/7/"
    assert b"<html" not in part.content
    assert client.get(job.get_absolute_url()).url == "/imports/7/"


def test_job_file_is_downloaded_by_its_starter_only(office, office_lead, client_for, handled):
    def make_file(job, progress, now):
        return keep_generated_file(ContentFile(b"abc"), name="清单.xlsx", content_type="x/y", actor=office, now=now)

    register_job_kind("export_sample", make_file)
    job = run(queued(office, "export_sample"))
    response = client_for(office).get(f"/jobs/{job.pk}/file/")
    assert response.getvalue() == b"abc"
    assert "attachment" in response["Content-Disposition"]
    response.close()
    assert client_for(office_lead).get(f"/jobs/{job.pk}/file/").status_code == 404
    assert "下载清单.xlsx" in client_for(office).get(job.get_absolute_url()).content.decode()


def test_job_without_a_file_has_nothing_to_download(office, client_for, handled):
    assert client_for(office).get(f"/jobs/{queued(office).pk}/file/").status_code == 404
