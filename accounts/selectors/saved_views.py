"""The saved views of a list."""

from django.db.models import QuerySet

from accounts.models import SavedView, User


def saved_views(user: User, page: str) -> QuerySet[SavedView]:
    """Return ``user``'s views of the list ``page`` (its URL name), oldest first."""
    return SavedView.objects.visible_to(user).filter(page=page)
