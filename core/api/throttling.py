"""A ceiling for each signed-in caller (api.md, Limits)."""

from rest_framework.throttling import UserRateThrottle


class SignedInThrottle(UserRateThrottle):
    """6,000 requests a minute a person; callers not signed in are refused elsewhere."""

    scope = "signed_in"

    def get_cache_key(self, request, view):
        return super().get_cache_key(request, view) if request.user.is_authenticated else None
