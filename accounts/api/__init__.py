"""REST doors of the accounts app."""

from accounts.api.audit import AuditEventViewSet
from accounts.api.inbox import InboxViewSet
from accounts.api.tokens import AuthToken, RevokeToken

__all__ = ["AuditEventViewSet", "AuthToken", "InboxViewSet", "RevokeToken"]
