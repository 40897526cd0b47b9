"""Throwing away what nobody needs any more: exported files, finished jobs, uploads that were never attached.

What a row refers to stays, and so does what the audit log tells more of than that it was uploaded.
"""

from datetime import datetime, time, timedelta
from functools import partial

from django.db import models, transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from core.audit import record_event
from core.clock import local_date
from core.ledger import claim_run
from core.models import Attachment, AuditEvent, Job, RunLedger
from core.services.exports import JOB_KIND as EXPORT

CLEAN_UP = "clean_up"
#: Not before this hour in Xiping: nobody waits for an export then.
BEGINS = time(3, 30)
EXPORTS_KEPT = timedelta(days=7)
UPLOADS_KEPT = timedelta(days=7)
JOBS_KEPT = timedelta(days=90)
#: A day's share; more waits for the next day, so that the transaction stays short.
MOST_ROWS = 2_000

_WHY = "daily upkeep: nobody's rows in particular"
#: The one line every upload leaves; it alone keeps nothing.
_STORED = "core.attachment.store"


@transaction.atomic
def clean_up(*, now: datetime) -> dict[str, int] | None:
    """Throw away what is past its time at the aware ``now``; once a day, from half past three on.

    Files leave the disk after the transaction. Returns how many exports, jobs and uploads went (one line of the
    audit log, none where nothing went), None when it was done today or it is too early.
    """
    if timezone.localtime(now).time() < BEGINS:
        return None
    key = local_date(now).isoformat()
    if not claim_run(CLEAN_UP, key, now=now):
        return None
    gone = {"exports": _drop_exports(now), "jobs": _drop_jobs(now), "uploads": _drop_uploads(now)}
    if any(gone.values()):
        run = RunLedger.objects.get(kind=CLEAN_UP, key=key)
        record_event(actor=None, action="core.upkeep.clean_up", target=run, after=gone, now=now)
    return gone


def _drop_exports(now: datetime) -> int:
    """Drop the workbooks of large exports; the job stays and says that it was done."""
    jobs = Job.objects.unscoped(_WHY).filter(kind=EXPORT, finished_at__lt=now - EXPORTS_KEPT, file__isnull=False)
    files = Attachment.objects.unscoped(_WHY).filter(pk__in=jobs.values("file"))
    return _drop(_without_audit(_unreferenced(files, besides=Job)))


def _drop_jobs(now: datetime) -> int:
    over = (Job.State.DONE, Job.State.FAILED)
    jobs = Job.objects.unscoped(_WHY).filter(state__in=over, finished_at__lt=now - JOBS_KEPT, file=None)
    keys = list(_without_audit(jobs).order_by("pk").values_list("pk", flat=True)[:MOST_ROWS])
    Job.objects.unscoped(_WHY).filter(pk__in=keys).delete()
    return len(keys)


def _drop_uploads(now: datetime) -> int:
    files = Attachment.objects.unscoped(_WHY).filter(created_at__lt=now - UPLOADS_KEPT)
    return _drop(_without_audit(_unreferenced(files)))


def _drop(files: QuerySet[Attachment]) -> int:
    """Delete the rows, and their bytes once that is committed."""
    rows = list(files.order_by("pk")[:MOST_ROWS])
    Attachment.objects.unscoped(_WHY).filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))
    return len(rows)


def _unreferenced(files: QuerySet[Attachment], *, besides: type[models.Model] | None = None) -> QuerySet[Attachment]:
    """Return those of ``files`` to which no row of any app refers, not counting rows of ``besides``.

    The references are read from the models, so an app that begins to keep files need not be named here.
    """
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.related_model is besides:
            continue
        holders = relation.related_model._base_manager
        files = files.exclude(Exists(holders.filter(**{relation.field.name: OuterRef("pk")})))
    return files


def _without_audit(rows: QuerySet) -> QuerySet:
    """Return those of ``rows`` about which the audit log has nothing but that they were stored."""
    label = rows.model._meta.label_lower
    told = AuditEvent.objects.filter(target_type=label, target_key=Cast(OuterRef("pk"), CharField()))
    return rows.exclude(Exists(told.exclude(action=_STORED)))
