"""Celery entry points of the kernel."""

from celery import shared_task

from core import clock
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
