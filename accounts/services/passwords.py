"""Choosing a password, and the one-time password that the system administrator hands out."""

from datetime import datetime

from axes.utils import reset as unlock
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import PasswordRecord, User
from accounts.passwords import one_time_password
from accounts.rules import can_reset_password
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed, field_error

REMEMBERED = 5


@transaction.atomic
def change_password(person: User, *, actor: User, now: datetime, current: str, new: str) -> User:
    """Let ``person`` choose a new password themselves; all their sessions end but the one that asks.

    Args:
        person: whose password it is; must be ``actor``.
        current: the password in force, asked again so that an unattended screen is not enough.
        new: the password chosen, judged by ``AUTH_PASSWORD_VALIDATORS``.

    Raises:
        InvalidInput: at ``current`` or ``new``, one sentence for each rule broken.
        NotAllowed: it is somebody else's password.
    """
    if actor.pk != person.pk:
        raise NotAllowed("只能修改自己的密码")
    if not person.check_password(current):
        raise InvalidInput.at("current", "当前密码不正确", code="wrong_password")
    try:
        validate_password(new, person)
    except ValidationError as refusal:
        errors = [field_error("new", error.code or "invalid", str(error.messages[0])) for error in refusal.error_list]
        raise InvalidInput("新密码不符合要求", code="weak_password", errors=errors) from None
    _store_password(person, new, must_change=False, now=now)
    record_event(actor=actor, action="accounts.user.change_password", target=person, now=now)
    return person


@transaction.atomic
def set_one_time_password(person: User, *, actor: User, now: datetime) -> str:
    """Give ``person`` a password that only opens the page to choose another (domain §1); return it, once.

    Old sessions end, and so does a lock-out. Whoever forgot a password asks the system administrator, who never learns the next one.

    Raises:
        NotAllowed: the actor keeps no accounts, it is their own, or it is a service account's.
    """
    if not can_reset_password(actor, person):
        raise NotAllowed("一次性密码由系统管理员为他人设置；接口账号没有密码")
    word = one_time_password()
    unlock(username=person.username)
    _store_password(person, word, must_change=True, now=now)
    record_event(actor=actor, action="accounts.user.reset_password", target=person, now=now)
    return word


def _store_password(person: User, word: str, *, must_change: bool, now: datetime) -> None:
    """Write the new hash, remember the old one, and raise the epoch so that every session ends."""
    if person.has_usable_password():
        PasswordRecord.objects.create(user=person, password=person.password, at=now)
    person.set_password(word)
    person.must_change_password = must_change
    person.password_changed_at = now
    person.session_epoch = F("session_epoch") + 1
    person.save(update_fields=["password", "must_change_password", "password_changed_at", "session_epoch"])
    person.refresh_from_db(fields=["session_epoch"])
    forgotten = PasswordRecord.objects.filter(user=person).values_list("pk", flat=True)[REMEMBERED:]
    PasswordRecord.objects.filter(pk__in=list(forgotten)).delete()
