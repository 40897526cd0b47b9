"""Finding the API token a caller shows."""

from datetime import datetime

from accounts.digests import digest_of
from accounts.models import ApiToken
from core.addresses import among


def find_token(text: str, *, now: datetime) -> ApiToken | None:
    """Return the valid token with this text and its active person, None for any other (one query)."""
    tokens = ApiToken.objects.unscoped("who calls is found out here").select_related("user")
    return tokens.filter(digest=digest_of(text), revoked_at=None, expires_at__gt=now, user__is_active=True).first()


def find_feed_token(text: str, *, address: str, now: datetime) -> ApiToken | None:
    """Return the valid token that opens the calendar feed from ``address``, None for any other.

    Those of scope ``feed`` and ``read`` do; what may write never stands in an address.
    """
    token = find_token(text, now=now)
    if token is None or token.scope == ApiToken.Scope.WRITE:
        return None
    if token.allowed_addresses and not among(address, token.allowed_addresses):
        return None
    return token
