"""Everything that belongs to a person."""

from accounts.models.credentials import ApiToken, BrowserSession, PasswordRecord, TrustedDevice
from accounts.models.messages import Message
from accounts.models.outbox import OutboxMessage
from accounts.models.requests import AccountRequest
from accounts.models.saved_views import SavedView
from accounts.models.users import User, UserRole

__all__ = [
    "AccountRequest",
    "ApiToken",
    "BrowserSession",
    "Message",
    "OutboxMessage",
    "PasswordRecord",
    "SavedView",
    "TrustedDevice",
    "User",
    "UserRole",
]
