"""The app's configuration."""

from django.apps import AppConfig

from core.panels import register_column, register_panel


class IndicatorsConfig(AppConfig):
    """Shows on the units' pages which indicators they lead and assist with."""

    name = "indicators"
    verbose_name = "指标"

    def ready(self):
        # These need the models, which exist only now.
        from departments.models import Department
        from indicators import panels

        register_panel(Department, panels.duties_panel, "indicators/_duties_panel.html")
        register_column(Department, "牵头", panels.lead_column)
        register_column(Department, "配合", panels.assist_column)
