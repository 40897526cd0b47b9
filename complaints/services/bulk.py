"""Acts on a selection of the worklist: one reminder a unit, 不涉营商 (domain §6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from complaints.models import Complaint
from complaints.services.intake import correct_complaint
from complaints.services.office import remind_complaint
from complaints.workflow import COMPLAINT
from core.exceptions import InvalidTransition, RuleViolation


@dataclass
class BulkResult:
    """What became of a selection: numbers done, and those left alone with the reason."""

    done: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def remind_complaints(complaints: Iterable[Complaint], *, actor, now: datetime) -> BulkResult:
    """Remind the departments of all ``complaints`` that have one; others are left alone and named (R1 R2).

    Raises NotAllowed for anybody but R1 R2.
    """
    result = BulkResult()
    for complaint in complaints:
        COMPLAINT.permit("remind", complaint, actor=actor)
        try:
            remind_complaint(complaint, actor=actor, now=now)
        except (InvalidTransition, RuleViolation) as refusal:
            result.left.append((complaint.number, refusal.detail))
        else:
            result.done.append(complaint.number)
    return result


@transaction.atomic
def mark_irrelevant(complaints: Iterable[Complaint], *, actor, now: datetime) -> BulkResult:
    """Mark ``complaints`` as 不涉营商: they leave alerts, rates and bulletin (R1 R2); finished ones are left alone.

    Raises NotAllowed for anybody but R1 R2.
    """
    result = BulkResult()
    for complaint in complaints:
        try:
            correct_complaint(complaint, relevance=Complaint.Relevance.NO, actor=actor, now=now)
        except RuleViolation as refusal:
            result.left.append((complaint.number, refusal.detail))
        else:
            result.done.append(complaint.number)
    return result
