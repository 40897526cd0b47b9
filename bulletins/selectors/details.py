"""One bulletin with what its pages and acts look at."""

from django.db.models import QuerySet

from bulletins.models import Bulletin
from core.models import AuditEvent

_SIGNING_ACTS = ("submit", "approve", "sign")


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


def absent_by_act(bulletin: Bulletin) -> dict[str, str]:
    """Return for whom a deputy submitted, approved or signed the paper, by act; the last time each was done."""
    lines = AuditEvent.objects.filter(
        target_type=bulletin._meta.label_lower,
        target_key=str(bulletin.pk),
        action__in=[f"bulletins.bulletin.{act}" for act in _SIGNING_ACTS],
    )
    done = lines.order_by("at", "id").values_list("action", "on_behalf_of")
    return {action.rpartition(".")[2]: absent for action, absent in done}
