"""The app's configuration."""

from django.apps import AppConfig

from core.panels import register_count


class AccountsConfig(AppConfig):
    """Tells the navigation how many account requests wait."""

    name = "accounts"
    verbose_name = "账号"

    def ready(self):
        # Selectors need the models, which exist only now.
        from accounts.selectors.administration import pending_requests

        register_count("console", pending_requests)
