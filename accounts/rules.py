"""Who may do what to an account, and when a log-in ends: pure functions (domain §1, quality.md Security)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from accounts.models import AccountRequest, ApiToken, User
from accounts.roles import roles_exclude_each_other
from core.access import Permission

PASSWORD_LIFETIME = timedelta(days=90)
DEVICE_LIFETIME = timedelta(days=30)
PERSON_TOKEN_LIFETIME = timedelta(hours=12)
LONGEST_TOKEN_DAYS = 366


class SessionEnd(StrEnum):
    """Why a log-in is over."""

    IDLE = "idle"
    TOO_OLD = "too_old"


def session_end(
    *, started_at: datetime, seen_at: datetime, now: datetime, idle: timedelta, absolute: timedelta
) -> SessionEnd | None:
    """Return why a session is over at ``now``, None while it lasts (all moments aware)."""
    if now - started_at >= absolute:
        return SessionEnd.TOO_OLD
    if now - seen_at >= idle:
        return SessionEnd.IDLE
    return None


def must_change_password(user: User, now: datetime) -> bool:
    """Return whether ``user`` has to choose a new password before anything else.

    At the first log-in, after a one-time password, and after 90 days (demo accounts not for their age).
    """
    changed_at = user.password_changed_at
    too_old = changed_at is not None and now - changed_at >= PASSWORD_LIFETIME
    return user.must_change_password or (too_old and not user.is_demo)


def deputy_refused_because(absent: User, deputy: User) -> str | None:
    """Return why ``deputy`` cannot stand in for ``absent``, None if they can (domain §1).

    A deputy works in the absent person's roles, so together the two must not break the separation of
    the three administrators; nobody of another department acts for a department.
    """
    if deputy.pk == absent.pk:
        return "代理人不能是本人"
    if not deputy.is_active or deputy.is_service:
        return "代理人的账号未启用"
    if absent.department_id != deputy.department_id:
        return "代理人应是同一单位的人员"
    if roles_exclude_each_other(absent.own_roles | deputy.own_roles, small_office=False):
        return "系统、安全、审计管理员与其他角色不能互相代理"
    return None


def deputy_stands_on(absent: User, today: date) -> bool:
    """Return whether ``absent`` has a deputy on ``today``."""
    if absent.deputy_id is None or absent.deputy_from is None or absent.deputy_until is None:
        return False
    return absent.deputy_from <= today <= absent.deputy_until


def can_propose(actor: User, request: AccountRequest | None = None) -> bool:
    """Return whether ``actor`` keeps accounts (S1)."""
    return actor.can(Permission.KEEP_ACCOUNTS)


def can_decide(actor: User, request: AccountRequest) -> bool:
    """Return whether ``actor`` may approve or refuse ``request``: S2, never their own or about themselves.

    A deputy counts as both persons.
    """
    people = {actor.pk, actor.acting_for.pk if actor.acting_for else actor.pk}
    concerned = {request.proposed_by_id, request.user_id}
    return actor.can(Permission.APPROVE_ACCOUNTS) and people.isdisjoint(concerned)


def can_withdraw(actor: User, request: AccountRequest) -> bool:
    """Return whether ``actor`` may take ``request`` back: who proposed it."""
    return can_propose(actor) and actor.pk == request.proposed_by_id


def can_reset_password(actor: User, person: User) -> bool:
    """Return whether ``actor`` may give ``person`` a one-time password: S1, for anybody else who logs in."""
    return actor.can(Permission.KEEP_ACCOUNTS) and actor.pk != person.pk and not person.is_service


def can_revoke_token(actor: User, token: ApiToken) -> bool:
    """Return whether ``actor`` may revoke ``token``: its owner and S1."""
    return actor.pk == token.user_id or actor.can(Permission.KEEP_ACCOUNTS)
