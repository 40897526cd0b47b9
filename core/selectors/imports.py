"""Reading what was imported."""

from django.db.models import QuerySet

from core.models import ImportBatch, ImportRow

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
