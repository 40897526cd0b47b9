"""Celery entry points of accounts; when they run: ``config.schedule``."""

from celery import shared_task

from accounts.services import outbox
from core import clock


@shared_task
def deliver_outbox() -> None:
    """Send what is due (every minute)."""
    outbox.deliver_outbox(tell_time=clock.now)
