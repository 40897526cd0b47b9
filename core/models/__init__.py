"""Tables of the kernel. The order matters: the workflow interpreter needs the audit log."""

from core.models.audit import AuditEvent
from core.models.ledger import IdempotencyKey, RunLedger, Setting
from core.models.calendar import CalendarDay, CalendarRevision, DeadlineRule, OfficeHours  # isort: skip
from core.models.attachments import Attachment  # isort: skip

__all__ = [
    "Attachment",
    "AuditEvent",
    "CalendarDay",
    "CalendarRevision",
    "DeadlineRule",
    "IdempotencyKey",
    "OfficeHours",
    "RunLedger",
    "Setting",
]
