"""The product as it stands at half past four of the latest weekday, for pictures that show a day at work.

Run as a module it prepares the data folder; ``application`` is what gunicorn serves. Only pictures use it: the
clock of the process is moved before anything else is imported, which no test does.
"""

import os
from datetime import UTC, datetime, timedelta

from django.utils import timezone

HALF_PAST_FOUR = timedelta(hours=16, minutes=30)
XIPING = timedelta(hours=8)  # no summer time


def moved_clock():
    """Return a clock that runs on from 16:30 in Xiping of the latest weekday whose afternoon has begun."""
    start = datetime.now(UTC)
    day = (start + XIPING - HALF_PAST_FOUR).replace(hour=0, minute=0, second=0, microsecond=0)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    shift = day - XIPING + HALF_PAST_FOUR - start
    return lambda: datetime.now(UTC) + shift


timezone.now = moved_clock()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from config.prepare import prepare  # noqa: E402 the clock first
from config.wsgi import application  # noqa: E402

__all__ = ["application"]

if __name__ == "__main__":
    prepare()
