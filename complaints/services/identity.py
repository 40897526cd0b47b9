"""Seeing who complained: with a purpose, by those who may, and always audited (domain §6, Identities)."""

from datetime import datetime, timedelta

from django.db import transaction

from complaints.identities import unseal
from complaints.models import Complaint, IdentityGrant
from complaints.rules.complaints import is_office, is_office_lead, leads
from complaints.services.moves import move, tell_department
from complaints.workflow import COMPLAINT
from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed

LONGEST_GRANT = timedelta(days=30)


@transaction.atomic
def grant_identity(complaint: Complaint, *, reason: str, until: datetime, actor, now: datetime) -> Complaint:
    """Let the lead department see the caller until ``until``, at most 30 days (R2)."""
    COMPLAINT.check("grant_identity", complaint, actor=actor)
    if not now < until <= now + LONGEST_GRANT:
        raise InvalidInput.at("until", "有效期应在现在之后、30 天以内")
    IdentityGrant.objects.create(
        complaint=complaint,
        department=complaint.round_in_hand.department,
        reason=reason,
        until=until,
        granted_by=actor,
        granted_at=now,
    )
    move("grant_identity", complaint, actor=actor, now=now, text=reason, audit={"until": until})
    tell_department(complaint, "identity_granted", "已授权查看诉求人身份", now=now)
    return complaint


def may_reveal(complaint: Complaint, *, actor, now: datetime) -> bool:
    """Return whether ``actor`` may see the caller now.

    R2 always; R1 while the complaint waits for its call-back; R4 R5 of the lead department while R2's grant stands.
    """
    if is_office_lead(actor, complaint):
        return True
    if is_office(actor, complaint):
        return complaint.status == Complaint.Status.CALLBACK
    if not (actor.can(Permission.HANDLE_COMPLAINTS) and leads(actor, complaint)):
        return False
    return complaint.identity_grants.filter(department=complaint.department, until__gt=now).exists()


def check_may_reveal(complaint: Complaint, *, actor, now: datetime) -> None:
    """Raise NotAllowed unless ``may_reveal``."""
    if not may_reveal(complaint, actor=actor, now=now):
        raise NotAllowed("诉求人身份受保护。承办单位需要联系诉求人的，请向县营商办审核人申请授权")


@transaction.atomic
def reveal_identity(complaint: Complaint, *, purpose: str, actor, now: datetime) -> dict[str, str]:
    """Return ``{caller_name, caller_phone}`` once, and record who asked what for.

    Raises:
        NotAllowed: ``may_reveal`` says no.
        InvalidInput: without a purpose.
    """
    check_may_reveal(complaint, actor=actor, now=now)
    if not purpose.strip():
        raise InvalidInput.at("purpose", "请写明查看用途", code="required")
    record_event(actor=actor, action="complaints.complaint.reveal", target=complaint, purpose=purpose.strip(), now=now)
    return {
        "caller_name": unseal(complaint.caller_name_sealed),
        "caller_phone": unseal(complaint.caller_phone_sealed),
    }
