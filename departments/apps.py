"""The app's configuration."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """Registers the app departments."""

    name = "departments"
    verbose_name = "单位"
