"""What a person holds to get in: devices, log-ins, tokens, the second factor."""

from datetime import datetime

from django.db.models import QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import ApiToken, BrowserSession, TrustedDevice, User


def has_second_factor(user: User) -> bool:
    """Return whether ``user`` has set up codes on a telephone."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def valid_device(digest: str, *, user: User, now: datetime) -> TrustedDevice | None:
    """Return the trusted device of ``user`` with this hash, None when unknown, revoked or past 30 days."""
    return TrustedDevice.objects.visible_to(user).filter(digest=digest, revoked_at=None, expires_at__gt=now).first()


def stands_on_device(session_key: str | None) -> bool:
    """Return whether the log-in with this key stands on a trusted device."""
    rows = BrowserSession.objects.unscoped("the session in hand")
    return session_key is not None and rows.filter(session_key=session_key, device__isnull=False).exists()


def devices_of(user: User, now: datetime) -> QuerySet[TrustedDevice]:
    """Return the devices ``user`` trusts at ``now``, newest first."""
    return TrustedDevice.objects.visible_to(user).filter(revoked_at=None, expires_at__gt=now)


def sessions_of(user: User) -> QuerySet[BrowserSession]:
    """Return where ``user`` is logged in, last used first."""
    return BrowserSession.objects.visible_to(user)


def tokens_of(user: User, now: datetime) -> QuerySet[ApiToken]:
    """Return the tokens that act as ``user`` and still open doors at ``now``, newest first."""
    return ApiToken.objects.visible_to(user).filter(user=user, revoked_at=None, expires_at__gt=now)
