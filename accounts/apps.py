"""The app's configuration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from core.kept import pass_over
from core.panels import register_column, register_count, register_panel, register_to_dos


class AccountsConfig(AppConfig):
    """Marks new log-ins; shows people on the units' pages, and in the navigation how many requests wait."""

    name = "accounts"
    verbose_name = "账号"

    def ready(self):
        # These need the models, which exist only now.
        from accounts import panels, receivers
        from accounts.selectors.administration import pending_requests
        from accounts.selectors.outbox import outbox_to_dos
        from departments.models import Department

        user_logged_in.connect(receivers.mark_new_session, dispatch_uid="accounts.mark_new_session")
        pass_over(
            *("accounts.user.sign_in", "accounts.user.sign_in_refused", "accounts.user.sign_out"),
            *("accounts.browsersession.end", "accounts.trusteddevice.trust", "accounts.trusteddevice.revoke"),
            *("accounts.apitoken.issue", "accounts.apitoken.revoke"),
        )
        register_count("console", pending_requests)
        register_to_dos(outbox_to_dos)
        register_panel(Department, panels.people_panel, "accounts/_people_panel.html")
        register_column(Department, "人员", panels.people_column)
