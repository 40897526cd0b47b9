"""The product as it stands at half past four of the latest working day, for pictures that show a day at work.

Run as a module it prepares the data folder; ``application`` is what gunicorn serves. Only pictures use it: the
clock of the process is moved before anything else is imported, which no test does.
"""

from datetime import datetime, timedelta

from django.utils import timezone

real_now = timezone.now


def moved_clock():
    """Return a clock that runs on from 16:30 in Xiping of the latest weekday before now."""
    start = real_now()
    local = start + timedelta(hours=8)  # Asia/Shanghai has no summer time
    day = local.date() if local.hour >= 17 else local.date() - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    shift = datetime(day.year, day.month, day.day, 8, 30, tzinfo=start.tzinfo) - start
    return lambda: real_now() + shift


timezone.now = moved_clock()

from config.wsgi import application  # noqa: E402 the clock first

__all__ = ["application"]

if __name__ == "__main__":
    from config.prepare import prepare

    prepare()
