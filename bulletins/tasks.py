"""Celery entry points of bulletins; when they run: ``config.schedule``."""

from celery import shared_task

from bulletins.services import receipts, schedule
from core import clock


@shared_task
def draft_due() -> None:
    """Draft what is due by the schedule, missed ones included (08:30, 17:45, and every ten minutes)."""
    schedule.draft_due(now=clock.now())


@shared_task
def remind_receipts() -> None:
    """Remind units that have not signed receipt after two working days."""
    receipts.remind_receipts(now=clock.now())
