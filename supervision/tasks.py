"""Celery entry points of supervision; when they run: ``config.schedule``."""

from celery import shared_task

from core import clock
from supervision.services import escalation


@shared_task
def scan() -> None:
    """Record and send the rungs reached (every 10 minutes; it waits outside office hours)."""
    escalation.scan_issues(now=clock.now())


@shared_task
def remind_those_who_check() -> None:
    """Remind verifiers of their limit and inspectors of look-backs whose day has come (every 10 minutes)."""
    escalation.remind_verifiers(now=clock.now())
    escalation.remind_look_backs(now=clock.now())
