"""Devices their person trusts for 30 days: an office phone need not ask for the password every morning."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.digests import digest_of, new_secret
from accounts.models import BrowserSession, TrustedDevice, User
from accounts.rules import DEVICE_LIFETIME
from core.audit import record_event
from core.exceptions import NotAllowed


@transaction.atomic
def trust_device(*, actor: User, label: str, now: datetime) -> tuple[TrustedDevice, str]:
    """Trust the browser in hand for 30 days; return the row and the secret for its cookie.

    Raises:
        NotAllowed: the person is not of a department only (R4, R5); quality.md trusts nobody else's.
    """
    if not actor.may_trust_devices:
        raise NotAllowed("只有部门填报员和负责人可以信任设备")
    secret = new_secret()
    device = TrustedDevice.objects.create(
        user=actor, digest=digest_of(secret), label=label[:120], created_at=now, expires_at=now + DEVICE_LIFETIME
    )
    record_event(actor=actor, action="accounts.trusteddevice.trust", target=device, now=now)
    return device, secret


@transaction.atomic
def revoke_device(device: TrustedDevice, *, actor: User, now: datetime) -> TrustedDevice:
    """Trust ``device`` no longer, and end the log-ins that stand on it; again is harmless."""
    if device.revoked_at is None:
        device.revoked_at = now
        device.save(update_fields=["revoked_at"])
        rows = BrowserSession.objects.unscoped("the log-ins on this device").filter(device=device)
        Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
        rows.delete()
        record_event(actor=actor, action="accounts.trusteddevice.revoke", target=device, now=now)
    return device
