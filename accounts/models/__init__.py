"""Everything that belongs to a person."""

from accounts.models.messages import Message
from accounts.models.users import User, UserRole

__all__ = ["Message", "User", "UserRole"]
