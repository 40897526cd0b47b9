"""API tokens: issued, shown once, used, revoked (api.md Auth)."""

from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db import transaction

from accounts.digests import digest_of, new_secret
from accounts.models import ApiToken, User
from accounts.rules import LONGEST_TOKEN_DAYS, PERSON_TOKEN_LIFETIME, can_propose, can_revoke_token
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed

PREFIX = "xp_"
HINT_LENGTH = 9


@transaction.atomic
def open_token(*, actor: User, now: datetime) -> tuple[ApiToken, str]:
    """Give a person who has just proved their password a token of 12 hours; return the row and its text.

    The person's own doors only: what the token may do follows from their roles.
    """
    return _issue(
        actor,
        actor=actor,
        name="账号密码换取",
        scope=ApiToken.Scope.WRITE,
        addresses=[],
        expires_at=now + PERSON_TOKEN_LIFETIME,
        now=now,
    )


@transaction.atomic
def open_feed_token(*, actor: User, now: datetime) -> tuple[ApiToken, str]:
    """Give a person the token that stands in the address of their calendar, for 366 days.

    It opens the calendar feed and nothing else. The one of a former address is revoked with it: an
    address that has gone astray is replaced, never lived with. Returns the row and its text.
    """
    former = ApiToken.objects.unscoped("one's own").filter(user=actor, scope=ApiToken.Scope.FEED, revoked_at=None)
    for token in former.order_by("pk"):
        revoke_token(token, actor=actor, now=now)
    return _issue(
        actor,
        actor=actor,
        name="日历订阅",
        scope=ApiToken.Scope.FEED,
        addresses=[],
        expires_at=now + timedelta(days=LONGEST_TOKEN_DAYS),
        now=now,
    )


@transaction.atomic
def issue_token(
    account: User, *, actor: User, now: datetime, name: str, scope: str, days: int, allowed_addresses: list[str]
) -> tuple[ApiToken, str]:
    """Issue a token for a service account; return the row and its text, which is never shown again.

    Args:
        account: the service account that will act.
        name: what it is for.
        scope: ``read``, ``write`` or ``feed``.
        days: how long it lasts, 1 to 366.
        allowed_addresses: addresses or networks (CIDR) it may be used from; empty means any.

    Raises:
        NotAllowed: the actor does not keep accounts.
        InvalidInput: at ``account``, ``days`` or ``allowed_addresses``.
    """
    if not can_propose(actor):
        raise NotAllowed("令牌由系统管理员签发")
    if not account.is_service or not account.is_active:
        raise InvalidInput.at("account", "令牌只签发给启用中的接口账号")
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise InvalidInput.at("days", f"有效期应在 1 到 {LONGEST_TOKEN_DAYS} 天之间")
    addresses = [_network(text) for text in allowed_addresses]
    return _issue(
        account,
        actor=actor,
        name=name,
        scope=scope,
        addresses=addresses,
        expires_at=now + timedelta(days=days),
        now=now,
    )


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User, now: datetime) -> ApiToken:
    """Revoke ``token``; again is harmless.

    Raises:
        NotAllowed: it is somebody else's and the actor keeps no accounts.
    """
    if not can_revoke_token(actor, token):
        raise NotAllowed("只能吊销自己的令牌")
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record_event(actor=actor, action="accounts.apitoken.revoke", target=token, now=now)
    return token


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Keep when the token was last used; callers do so every few minutes at most."""
    ApiToken.objects.unscoped("the token in hand").filter(pk=token.pk).update(last_used_at=now)


def _network(text: str) -> str:
    """Return an address or network in its canonical spelling; InvalidInput otherwise."""
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise InvalidInput.at("allowed_addresses", f"“{text}”不是地址或网段，例如 10.1.2.0/24") from None


def _issue(account: User, *, actor, name, scope, addresses, expires_at, now) -> tuple[ApiToken, str]:
    text = PREFIX + new_secret()
    token = ApiToken.objects.create(
        user=account,
        name=name,
        digest=digest_of(text),
        hint=text[:HINT_LENGTH],
        scope=scope,
        allowed_addresses=addresses,
        issued_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    facts = {"account": account.username, "scope": scope, "expires_at": expires_at, "addresses": addresses}
    record_event(actor=actor, action="accounts.apitoken.issue", target=token, after=facts, now=now)
    return token, text
