"""The second factor: a code from an authenticator on the telephone (TOTP, quality.md Security)."""

import base64
from datetime import datetime
from urllib.parse import quote, urlencode

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.services.sessions import AWAITING
from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed

ISSUER = "西平营商调度"
WRONG_CODE = "动态口令不正确或已用过，请等下一组数字再试"


@transaction.atomic
def prepare_second_factor(*, actor: User) -> TOTPDevice:
    """Return the not yet confirmed key of ``actor``, making it at first; asking again shows the same key."""
    device, _ = TOTPDevice.objects.get_or_create(user=actor, confirmed=False, defaults={"name": "手机"})
    return device


def enrolment_address(device: TOTPDevice) -> str:
    """Return the ``otpauth:`` address that authenticators read from the QR code."""
    key = base64.b32encode(device.bin_key).decode()
    label = quote(f"{ISSUER}:{device.user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER, 'digits': device.digits})}"


@transaction.atomic
def confirm_second_factor(session, *, actor: User, code: str, now: datetime) -> None:
    """Turn the second factor on once the telephone gives a right code; earlier telephones stop counting.

    Raises:
        InvalidInput: at ``code``.
    """
    device = prepare_second_factor(actor=actor)
    if not device.verify_token(code):
        raise InvalidInput.at("code", WRONG_CODE, code="wrong_code")
    TOTPDevice.objects.filter(user=actor).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    record_event(actor=actor, action="accounts.user.turn_on_second_factor", target=actor, now=now)
    session.pop(AWAITING, None)


def check_second_factor(*, actor: User, code: str) -> None:
    """Judge a code of ``actor``'s telephone; each code counts once, and failures slow the next try down.

    Raises:
        InvalidInput: at ``code``.
    """
    device = TOTPDevice.objects.filter(user=actor, confirmed=True).first()
    if device is None or not code or not device.verify_token(code):
        raise InvalidInput.at("code", WRONG_CODE if code else "请填写手机上的 6 位动态口令", code="wrong_code")


def pass_second_factor(session, *, actor: User, code: str) -> None:
    """Open a log-in that waits for a code; raises InvalidInput at ``code``."""
    check_second_factor(actor=actor, code=code)
    session.pop(AWAITING, None)


@transaction.atomic
def turn_off_second_factor(person: User, *, actor: User, now: datetime) -> None:
    """Do without the second factor, for oneself, or by S1 for somebody who lost the telephone.

    An administrator is asked to set up another at the next log-in.

    Raises:
        NotAllowed: it is somebody else's and the actor keeps no accounts.
    """
    if actor.pk != person.pk and not actor.can(Permission.KEEP_ACCOUNTS):
        raise NotAllowed("动态口令由本人或系统管理员关闭")
    TOTPDevice.objects.filter(user=person).delete()
    record_event(actor=actor, action="accounts.user.turn_off_second_factor", target=person, now=now)
