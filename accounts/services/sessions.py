"""Log-ins of browsers: how one begins, is kept alive, and ends (quality.md Security).

A session carries its own marks, so that a request costs no query. ``User.session_epoch`` is part of
Django's session hash: raising it ends every session of a person at once.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from accounts.models import BrowserSession, TrustedDevice, User
from accounts.selectors.devices import has_second_factor
from core.audit import record_event

STARTED, SEEN, AWAITING = "started_at", "seen_at", "awaiting"
#: What is still owed before a new log-in may do anything: a code, or setting up the second factor.
CODE, ENROLMENT = "code", "enrolment"
#: Being seen is written down at most this often: not every click is worth a write.
SEEN_STEP = timedelta(minutes=1)


def mark_session(session, *, now: datetime) -> None:
    """Write down when a new session began; Django saves it."""
    session[STARTED] = session[SEEN] = now.isoformat()


@transaction.atomic
def begin_session(
    session, *, user: User, device: TrustedDevice | None, label: str, address: str, now: datetime
) -> BrowserSession:
    """List a browser session that Django has just opened for ``user``, and put the log-in on record.

    Args:
        session: Django's session, already with its new key.
        device: the trusted device the browser proved to be, if any.
        label: browser and system in words, for the person's own list.
        address: the network address.
    """
    if has_second_factor(user):
        session[AWAITING] = CODE
    elif user.needs_second_factor:
        session[AWAITING] = ENROLMENT
    session.save()
    ended = BrowserSession.objects.unscoped("one's own").filter(user=user)
    ended.exclude(session_key__in=Session.objects.values("session_key")).delete()
    row = BrowserSession.objects.create(
        user=user,
        session_key=session.session_key,
        label=label[:120],
        address=address,
        started_at=now,
        seen_at=now,
        device=device,
    )
    record_event(actor=user, action="accounts.user.sign_in", target=user, now=now)
    return row


def keep_session(session, *, now: datetime) -> None:
    """Note that the session is in use, once a minute at most."""
    if now - datetime.fromisoformat(session[SEEN]) < SEEN_STEP:
        return
    session[SEEN] = now.isoformat()
    BrowserSession.objects.unscoped("the session in hand").filter(session_key=session.session_key).update(seen_at=now)


def rename_session(old_key: str, *, new_key: str) -> None:
    """Follow a session whose key Django has changed (after a new password)."""
    BrowserSession.objects.unscoped("the session in hand").filter(session_key=old_key).update(session_key=new_key)


@transaction.atomic
def end_session(row: BrowserSession, *, actor: User, now: datetime) -> None:
    """End one log-in of one's own, here or on another device."""
    Session.objects.filter(session_key=row.session_key).delete()
    record_event(actor=actor, action="accounts.browsersession.end", target=row, now=now)
    row.delete()


@transaction.atomic
def sign_out(*, actor: User, session_key: str | None, now: datetime) -> None:
    """Put a log-out on record and forget the session's row; Django ends the session itself."""
    BrowserSession.objects.visible_to(actor).filter(session_key=session_key).delete()
    record_event(actor=actor, action="accounts.user.sign_out", target=actor, now=now)


def end_all_sessions(user: User) -> None:
    """End every log-in of ``user``; called inside the transaction of the act that demands it, which audits."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    BrowserSession.objects.unscoped("every log-in of this account").filter(user=user).delete()


@transaction.atomic
def record_failed_sign_in(username: str, *, now: datetime) -> None:
    """Put a refused log-in on record when the account exists; unknown names are not kept, they may be passwords."""
    if account := User.objects.filter(username=username).first():
        record_event(actor=None, action="accounts.user.sign_in_refused", target=account, now=now)


@transaction.atomic
def record_confirmation(*, actor: User, is_right: bool, now: datetime) -> None:
    """Put on record that ``actor`` was asked for the password again, and whether the one given was right."""
    action = "accounts.user.confirm_password" if is_right else "accounts.user.confirm_password_refused"
    record_event(actor=actor, action=action, target=actor, now=now)
