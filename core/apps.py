"""The kernel's app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Scoping, workflow, audit, calendar, attachments and spreadsheets, shared by every app."""

    name = "core"
    verbose_name = "内核"
