"""Reading the audit log: for the audit administrator, nobody else."""

from django.db.models import QuerySet

from accounts.models import User
from core.access import Permission
from core.models import AuditEvent


def audit_events(user: User) -> QuerySet[AuditEvent]:
    """Return the audit log as far as ``user`` may read it: all of it (S3), or nothing."""
    return AuditEvent.objects.all() if user.can(Permission.READ_AUDIT) else AuditEvent.objects.none()
