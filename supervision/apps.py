"""The app's configuration."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Registers the app supervision."""

    name = "supervision"
    verbose_name = "督查"
