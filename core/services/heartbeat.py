"""The scheduler's sign of life: beat sends a task each minute, a worker writes down when it came."""

from datetime import datetime

from core.models import RunLedger
from core.selectors.operation import HEARTBEAT


def record_heartbeat(now: datetime) -> None:
    """Note that beat, broker and worker together were alive at ``now``; only the newest moment is kept."""
    RunLedger.objects.update_or_create(**HEARTBEAT, defaults={"at": now})
