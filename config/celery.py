"""The Celery application; the schedule is code and stands in ``config/schedule.py``."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from config.demo_guard import refuse_demo_accounts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("xiping")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_worker(**_signal) -> None:
    """Keep a production worker from serving demo accounts."""
    refuse_demo_accounts()


@beat_init.connect
def check_beat(**_signal) -> None:
    """Likewise for beat, which also shows at once that it lives (api.md, demo run)."""
    refuse_demo_accounts()
    app.send_task("core.tasks.heartbeat", expires=50)
