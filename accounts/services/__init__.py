"""Writes of the accounts app."""

from accounts.services.messages import mark_read, notify

__all__ = ["mark_read", "notify"]
