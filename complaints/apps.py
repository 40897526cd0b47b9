"""The app's configuration."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Registers the app complaints."""

    name = "complaints"
    verbose_name = "投诉"
