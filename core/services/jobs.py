"""Background work somebody waits for: queue it, run it once, show how far it is.

An app registers what a kind of job does; the worker calls :func:`run_job`. Delivery is at least once,
running is at most once at a time: a job is claimed by a conditional update, and one whose worker died
is taken up again after :data:`SILENCE`. Handlers therefore must be harmless when run twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from core.exceptions import DomainError
from core.models import Attachment, Job

logger = logging.getLogger(__name__)

TASK = "core.tasks.run_job"
SILENCE = timedelta(minutes=5)
"""A running job that has not reported for so long has lost its worker; a queued one its message."""
REPORT_EVERY = timedelta(seconds=1)

_WHY = "background job: the starter's right was checked when it was queued"


class Progress:
    """Tells the waiting person how far a running job is; cheap enough to be called for every row.

    It writes outside the work's own transaction, so call it before or after one, never inside.
    """

    def __init__(self, job_id: int, tell_time: Callable[[], datetime]):
        self._job_id = job_id
        self._tell_time = tell_time
        self._last: datetime | None = None

    def __call__(self, done: int, total: int) -> None:
        now = self._tell_time()
        if self._last is None or now - self._last >= REPORT_EVERY:
            self._last = now
            running = Job.objects.unscoped(_WHY).filter(pk=self._job_id, state=Job.State.RUNNING)
            running.update(done=done, total=total, heartbeat_at=now)


def silent_progress(done: int, total: int) -> None:
    """Report to nobody: for work that is done at once."""


JobHandler = Callable[[Job, Progress, datetime], Attachment | None]
"""What a kind of job does: (job, progress, now) → the file to download, if there is one."""

_handlers: dict[str, JobHandler] = {}


def register_job_kind(kind: str, handler: JobHandler) -> None:
    """Say what jobs of ``kind`` do; called at import of the service or in ``apps.ready()``."""
    _handlers[kind] = handler


def queue_job(
    kind: str, *, label: str, arguments: dict[str, Any], actor, now: datetime, total: int = 0, next_url: str = ""
) -> Job:
    """Create a job and hand it to the worker after the caller's transaction.

    Args:
        kind: as registered.
        label: what the progress page is called.
        arguments: ids and ISO dates, JSON only.
        total: how many steps there will be, when known.
        next_url: where the progress page leads when the job is done.
    """
    job = Job.objects.create(
        kind=kind,
        label=label[:200],
        arguments=arguments,
        total=total,
        next_url=next_url,
        created_by=actor,
        created_at=now,
        heartbeat_at=now,
    )
    transaction.on_commit(lambda: _deliver(job.pk))
    return job


def _deliver(job_id: int) -> None:
    """Send the task by name: tasks stand above services on the ladder, so they are not imported here.

    Without a broker the job stays queued and is delivered again by ``redeliver_jobs``.
    """
    try:
        current_app.signature(TASK, args=(job_id,)).apply_async()
    except OperationalError:
        logger.warning("job %s waits for the broker", job_id)


def run_job(job_id: int, *, tell_time: Callable[[], datetime]) -> None:
    """Run a queued job, or one whose worker died; do nothing when somebody else has it or it is over.

    A domain error becomes the job's ``failure``, its sentence for the starter; any other exception is
    logged, and the starter is told that it was not his fault.
    """
    now = tell_time()
    jobs = Job.objects.unscoped(_WHY)
    abandoned = Q(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENCE)
    mine = jobs.filter(Q(state=Job.State.QUEUED) | abandoned, pk=job_id)
    if not mine.update(state=Job.State.RUNNING, heartbeat_at=now):
        return
    job = jobs.select_related("created_by").get(pk=job_id)
    try:
        file = _handlers[job.kind](job, Progress(job_id, tell_time), now)
    except DomainError as error:
        _finish(job_id, Job.State.FAILED, tell_time(), failure=error.detail)
    except Exception:
        logger.exception("job %s (%s) failed", job_id, job.kind)
        _finish(
            job_id,
            Job.State.FAILED,
            tell_time(),
            failure="系统出错，没有做任何改动。请稍后重试，仍不行请告知系统管理员",
        )
    else:
        _finish(job_id, Job.State.DONE, tell_time(), file=file)


def _finish(job_id: int, state: str, now: datetime, **facts) -> None:
    running = Job.objects.unscoped(_WHY).filter(pk=job_id, state=Job.State.RUNNING)
    running.update(state=state, finished_at=now, heartbeat_at=now, **facts)


def redeliver_jobs(*, now: datetime) -> int:
    """Hand jobs to the worker again whose message or worker was lost; returns how many (each minute)."""
    unfinished = Job.objects.unscoped("nightly and minutely upkeep: every job").filter(
        state__in=[Job.State.QUEUED, Job.State.RUNNING], heartbeat_at__lt=now - SILENCE
    )
    lost = list(unfinished.values_list("pk", flat=True))
    for job_id in lost:
        _deliver(job_id)
    return len(lost)
