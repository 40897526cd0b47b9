"""Finding the API token a caller shows."""

from datetime import datetime

from accounts.digests import digest_of
from accounts.models import ApiToken


def find_token(text: str, *, now: datetime) -> ApiToken | None:
    """Return the valid token with this text and its active person, None for any other (one query)."""
    tokens = ApiToken.objects.unscoped("who calls is found out here").select_related("user")
    return tokens.filter(digest=digest_of(text), revoked_at=None, expires_at__gt=now, user__is_active=True).first()
