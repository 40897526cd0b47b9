"""What a monitoring system reads: the scheduler's sign of life and a few numbers."""

import shutil
from datetime import datetime
from typing import Any

from django.conf import settings

from core.models import AuditEvent, RunLedger

HEARTBEAT: dict[str, Any] = {"kind": "heartbeat", "key": "scheduler"}


def last_heartbeat() -> datetime | None:
    """Return when the scheduler last showed itself, or None if it never did."""
    return RunLedger.objects.filter(**HEARTBEAT).values_list("at", flat=True).first()


def measurements(now: datetime) -> dict[str, float]:
    """Return name -> number as of ``now``: heartbeat age (-1: never), audit events, unsealed ones, free bytes."""
    last = last_heartbeat()
    return {
        "heartbeat_age_seconds": (now - last).total_seconds() if last else -1,
        "audit_events_total": AuditEvent.objects.count(),
        "audit_events_unsealed": AuditEvent.objects.filter(sequence=None).count(),
        "disk_free_bytes": shutil.disk_usage(settings.DATA_DIR).free,
    }
