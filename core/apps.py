"""The kernel's app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Scoping, workflow, audit, calendar, attachments and spreadsheets, shared by every app."""

    name = "core"
    verbose_name = "内核"

    def ready(self):
        # Selectors need the models, which exist only now.
        from core.panels import register_to_dos
        from core.selectors.calendar import calendar_to_dos

        register_to_dos(calendar_to_dos)
