"""How a REST caller says who they are: a bearer token, or the browser's session."""

from datetime import timedelta

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from accounts.selectors.tokens import find_token
from accounts.services.tokens import note_use
from core import clock
from core.addresses import among
from core.exceptions import NotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
USE_STEP = timedelta(minutes=5)


class BearerTokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <token>``. A wrong one is 401; a right one used beyond its scope is 403."""

    keyword = "Bearer"

    def authenticate(self, request):
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        now = clock.now()
        token = find_token(text.strip(), now=now)
        if token is None or token.scope == token.Scope.FEED:
            raise exceptions.AuthenticationFailed
        if token.allowed_addresses and not among(request.META.get("REMOTE_ADDR", ""), token.allowed_addresses):
            raise NotAllowed("这个令牌不能从当前地址使用", code="address_not_allowed")
        if token.scope == token.Scope.READ and request.method not in SAFE_METHODS:
            raise NotAllowed("只读令牌不能提交内容", code="read_only_token")
        if token.last_used_at is None or now - token.last_used_at >= USE_STEP:
            note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request):
        return self.keyword


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session. Names a scheme, so that a caller nobody knows gets 401 and not 403 (api.md)."""

    def authenticate_header(self, request):
        return "Session"


class BearerTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the bearer token."""

    target_class = BearerTokenAuthentication
    name = "bearerToken"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema describes the session."""

    target_class = SessionAuthentication
    name = "browserSession"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
