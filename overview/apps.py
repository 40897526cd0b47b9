"""The app's configuration."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """Registers the app overview."""

    name = "overview"
    verbose_name = "总览"
