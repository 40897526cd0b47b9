"""One issue whole: the row with its rounds, evidence, verifications, look-backs and timeline."""

from django.db.models import QuerySet

from supervision.models import Issue


def issues_for(user) -> QuerySet[Issue]:
    """Return the issues ``user`` may see, each with what its acts look at."""
    rows = Issue.objects.visible_to(user).select_related(
        "current_round__department", "current_round__extension", "department", "indicator", "inspection"
    )
    return rows.prefetch_related("assisting")
