"""Celery entry points of the app; when they run: ``config.schedule``."""

from celery import shared_task

from core import clock
from indicators.services import daily_clock, dispatch_classes, sets


@shared_task
def remind_unreported() -> None:
    """Remind those who have not reported (16:30)."""
    daily_clock.remind_due(now=clock.now())


@shared_task
def cut_off() -> None:
    """Tell the office how the day stands at the cut-off (17:30)."""
    daily_clock.cut_off_due(now=clock.now())


@shared_task
def lock() -> None:
    """Tell departments what was not submitted before the lock (10:00 of the next working day)."""
    daily_clock.lock_due(now=clock.now())


@shared_task
def propose_dispatch_classes() -> None:
    """Propose dispatch classes once a week (on its first working day)."""
    dispatch_classes.propose_due(now=clock.now())


@shared_task
def activate_sets() -> None:
    """Bring the next indicator set into use on its day."""
    sets.activate_due_sets(now=clock.now())
