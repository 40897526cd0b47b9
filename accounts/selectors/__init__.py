"""Reads of the accounts app."""

from accounts.selectors.messages import inbox, unread_count
from accounts.selectors.people import PersonLine, people_by_department, people_with_permission, people_with_role
from accounts.selectors.saved_views import saved_views

__all__ = [
    "PersonLine",
    "inbox",
    "people_by_department",
    "people_with_permission",
    "people_with_role",
    "saved_views",
    "unread_count",
]
