"""The app's configuration."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """Registers the app bulletins."""

    name = "bulletins"
    verbose_name = "通报"
