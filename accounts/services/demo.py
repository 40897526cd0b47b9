"""Closing the demo accounts before a house goes to work."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from core.audit import record_event


@transaction.atomic
def close_demo_accounts(*, now: datetime) -> int:
    """Switch off every demo account, end its sessions and make its password unusable; return how many.

    They are not deleted: reports and audit lines of the demo data go on naming them. The system acts.
    """
    accounts = list(User.objects.filter(is_demo=True, is_active=True))
    for account in accounts:
        account.set_unusable_password()
        account.is_active = False
        account.session_epoch = F("session_epoch") + 1
        account.save(update_fields=["password", "is_active", "session_epoch"])
        record_event(
            actor=None,
            action="accounts.user.close_demo",
            target=account,
            before={"is_active": True},
            after={"is_active": False},
            now=now,
        )
    return len(accounts)
