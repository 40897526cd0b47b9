"""Evidence is seen with the issue, the order or the inspection it hangs on, whatever its indicators (domain §1, §7)."""

from django.db.models import Exists, OuterRef, Q

from supervision.models import Inspection, IssueEvidence, SupervisionOrder


def evidence_readers(user) -> Q:
    """Return the condition on ``Evidence`` that it stands with something of this app that ``user`` sees."""
    items = IssueEvidence.objects.visible_to(user).filter(evidence=OuterRef("pk"), withdrawn_at=None)
    replies = SupervisionOrder.objects.visible_to(user).filter(evidence=OuterRef("pk"))
    reports = Inspection.objects.visible_to(user).filter(report=OuterRef("pk"))
    return Q(Exists(items)) | Q(Exists(replies)) | Q(Exists(reports))
