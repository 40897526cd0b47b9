"""The app's configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app accounts."""

    name = "accounts"
    verbose_name = "账号"
