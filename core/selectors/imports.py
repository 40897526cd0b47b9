"""Reading what was imported."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from core.models import ImportBatch, ImportRow
from core.workflow import Transition
from core.workflows import IMPORT_BATCH

UNDO_WITHIN = timedelta(days=7)

BATCH_LIST_FIELDS = (
    "id",
    "kind",
    "status",
    "file_name",
    "rows",
    "new",
    "update",
    "duplicate",
    "error",
    "result",
    "created_by__name",
    "created_at",
    "committed_at",
    "undone_at",
)


def earlier_upload(batch: ImportBatch) -> ImportBatch | None:
    """Return the newest earlier batch of the same kind with the very same bytes, failed ones left out."""
    same = ImportBatch.objects.unscoped("whoever uploaded it: the warning names file and state only")
    return (
        same.filter(kind=batch.kind, sha256=batch.sha256, pk__lt=batch.pk)
        .exclude(status=ImportBatch.Status.FAILED)
        .order_by("-pk")
        .first()
    )


def journal_of(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Return what each row of ``batch`` did, in file order."""
    return batch.journal.order_by("id")


def batches_for(user) -> QuerySet:
    """Return the list of past imports ``user`` may see, newest first, as plain rows."""
    return ImportBatch.objects.visible_to(user).order_by("-created_at", "-id").values(*BATCH_LIST_FIELDS)


def acts_on(batch: ImportBatch, user, now: datetime) -> list[Transition]:
    """Return what ``user`` may do with ``batch`` now: 确认导入, or 撤销 as long as the seven days last."""
    offered = [act for act in IMPORT_BATCH.available(batch, user) if act.name in {"commit", "undo"}]
    until = undo_until(batch)
    return [act for act in offered if act.name != "undo" or (until is not None and now <= until)]


def undo_until(batch: ImportBatch) -> datetime | None:
    """Return until when a committed batch may be undone (domain §6), ``None`` before it is committed."""
    return batch.committed_at + UNDO_WITHIN if batch.committed_at else None


def suggested_mapping(batch: ImportBatch) -> dict[str, str]:
    """Return for each unknown department name the code it was last mapped to in a committed import."""
    unknown = set(batch.unknown_departments)
    if not unknown:
        return {}
    earlier = ImportBatch.objects.unscoped("which code a name was given before is no secret")
    mappings = earlier.filter(status=ImportBatch.Status.COMMITTED).exclude(department_mapping={})
    found: dict[str, str] = {}
    for mapping in mappings.order_by("committed_at").values_list("department_mapping", flat=True):
        found |= {name: code for name, code in mapping.items() if name in unknown}
    return found
