"""Settings, addresses and the Celery application of the platform."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
