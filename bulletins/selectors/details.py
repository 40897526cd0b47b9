"""One bulletin with what its pages and acts look at."""

from django.db.models import QuerySet

from bulletins.models import Bulletin


def bulletins_for(user) -> QuerySet[Bulletin]:
    """Return the papers ``user`` may see, each with its people and sections."""
    rows = Bulletin.objects.visible_to(user).select_related(
        "drafted_by__department",
        "submitted_by__department",
        "approved_by__department",
        "signed_by__department",
        "corrects",
    )
    return rows.prefetch_related("sections", "files")
