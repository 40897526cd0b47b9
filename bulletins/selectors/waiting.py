"""What waits for one person among bulletins: rows of the 工作台 and the number beside 周通报 (domain §1, Messages)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from bulletins.models import Bulletin, Receipt
from core.access import Permission
from core.panels import ToDo

MOST_ROWS = 20
S = Bulletin.Status
#: State -> kind of the tag, the one verb.
WORDS = {S.DRAFT: ("拟稿", "审阅"), S.REVIEW: ("审核", "审核"), S.SIGNING: ("签发", "签发"), S.ISSUED: ("签收", "签收")}


def waiting_bulletins(user) -> QuerySet[Bulletin]:
    """Return the papers whose next step is ``user``'s: drafts R1 R2, reviews R2, signatures R3, receipts R4 R5."""
    waits: Any = Q(pk__in=[])
    if user.can(Permission.DRAFT_BULLETINS):
        waits |= Q(status=S.DRAFT)
    if user.can(Permission.REVIEW_BULLETINS):
        waits |= Q(status=S.REVIEW)
    if user.can(Permission.SIGN_BULLETINS):
        waits |= Q(status=S.SIGNING)
    if user.can(Permission.ACKNOWLEDGE_BULLETINS) and user.scope_department_id is not None:
        receipts = Receipt.objects.unscoped("whether the reader's own unit has signed")
        own = receipts.filter(bulletin=OuterRef("pk"), department=user.scope_department_id)
        waits |= Q(status=S.ISSUED) & ~Exists(own)
    return Bulletin.objects.visible_to(user).filter(waits)


def bulletin_to_dos(user, now: datetime) -> list[ToDo]:
    """Return them as rows of the 工作台, the oldest period first, at most twenty; one query."""
    if not user.can(Permission.READ_BULLETINS):
        return []
    rows = waiting_bulletins(user).order_by("to_on", "id")
    columns = ("number", "title", "status", "kind", "document_number", "issue_number")
    return [_to_do(row) for row in rows.values(*columns)[:MOST_ROWS]]


def _to_do(row: Mapping[str, Any]) -> ToDo:
    kind, act = WORDS[row["status"]]
    return ToDo(
        kind=kind,
        title=row["title"],
        url=reverse("bulletins:detail", args=[row["number"]]),
        act=act,
        meta=row["document_number"] or row["issue_number"] or Bulletin.Kind(row["kind"]).label,
    )


def count_waiting(user, now: datetime) -> int:
    """Return how many papers wait for ``user``."""
    return waiting_bulletins(user).count() if user.can(Permission.READ_BULLETINS) else 0
