"""Celery entry points of the kernel."""

from celery import shared_task

from core import clock
from core.services import exports, imports, jobs, upkeep  # noqa: F401  the first two register what their jobs do
from core.services.audit import seal_audit as seal
from core.services.heartbeat import record_heartbeat


@shared_task
def heartbeat() -> None:
    """Show that the scheduler lives (each minute, and when beat starts)."""
    record_heartbeat(clock.now())


@shared_task
def seal_audit() -> None:
    """Give new audit events their number and seal (each minute)."""
    seal()


@shared_task(acks_late=True)
def run_job(job_id: int) -> None:
    """Do one piece of background work (import, export)."""
    jobs.run_job(job_id, tell_time=clock.now)


@shared_task
def redeliver_jobs() -> None:
    """Take up work whose worker or message was lost (each minute)."""
    jobs.redeliver_jobs(now=clock.now())


@shared_task
def clean_up() -> None:
    """Throw away old exports, jobs and uploads that were never attached (daily)."""
    upkeep.clean_up(now=clock.now())
