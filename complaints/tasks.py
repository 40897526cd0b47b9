"""Celery entry points of complaints; when they run: ``config.schedule``."""

from celery import shared_task

from complaints.services import business_clocks, escalation
from core import clock


@shared_task
def scan() -> None:
    """Record and send the rungs reached (every 10 minutes; it waits outside office hours)."""
    escalation.scan_complaints(now=clock.now())


@shared_task
def run_business_clocks() -> None:
    """Accept by silence, and remind of missing provincial numbers (every 10 minutes)."""
    business_clocks.accept_undecided(now=clock.now())
    business_clocks.remind_provincial_numbers(now=clock.now())
