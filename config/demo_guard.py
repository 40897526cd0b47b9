"""A production start with demo accounts is refused: their password stands in the README."""

import sys

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


def refuse_demo_accounts() -> None:
    """Exit with a sentence when production finds an active demo account; elsewhere do nothing.

    Called by every process that serves: web (``config.wsgi``), worker and beat (``config.celery``).
    The model is looked up here because those modules are loaded before the applications are.
    """
    if not settings.REFUSE_DEMO_ACCOUNTS:
        return
    accounts = apps.get_model("accounts", "User").objects.filter(is_demo=True, is_active=True)
    try:
        names = list(accounts.values_list("username", flat=True)[:3])
    except DatabaseError as error:
        raise ImproperlyConfigured("The database has no accounts table yet: run `manage.py migrate` first.") from error
    if names:
        sys.exit(
            f"Refusing to start: demo accounts with a published password are active ({', '.join(names)} …). "
            "Run `manage.py remove_demo`, then start again."
        )
