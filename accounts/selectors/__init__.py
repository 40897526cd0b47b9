"""Reads of the accounts app."""

from accounts.selectors.people import people_with_permission, people_with_role

__all__ = ["people_with_permission", "people_with_role"]
