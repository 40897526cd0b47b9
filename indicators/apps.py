"""The app's configuration."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Registers the app indicators."""

    name = "indicators"
    verbose_name = "指标"
