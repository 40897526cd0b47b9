"""The one place where the time of day enters; services and rules take it as a parameter."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Return today's date in Asia/Shanghai, the zone in which every deadline is counted."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """Return the date in Asia/Shanghai of the aware ``moment``."""
    return timezone.localdate(moment)
