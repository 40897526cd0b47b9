"""Tables of the kernel. The order matters: the workflow interpreter needs the audit log."""

from core.models.audit import AuditEvent
from core.models.ledger import IdempotencyKey, RunLedger, Setting

from core.models.calendar import CalendarDay, CalendarRevision, DeadlineRule, OfficeHours  # isort: skip
from core.models.attachments import Attachment  # isort: skip
from core.models.jobs import Job  # isort: skip
from core.models.imports import ImportBatch, ImportRow  # isort: skip

__all__ = [
    "Attachment",
    "AuditEvent",
    "CalendarDay",
    "CalendarRevision",
    "DeadlineRule",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "Job",
    "OfficeHours",
    "RunLedger",
    "Setting",
]
