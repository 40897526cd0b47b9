"""Models of the supervision app."""

from supervision.models.inspections import Inspection
from supervision.models.issues import Issue, visible_with_issue
from supervision.models.orders import AccountabilityRecord, OrderEvent, SupervisionOrder
from supervision.models.records import (
    FormNumber,
    IssueEscalation,
    IssueEvent,
    IssueEvidence,
    IssueNumberCounter,
    SimilarCase,
)
from supervision.models.rounds import ClearanceRequest, IssueExtension, IssueRound, LookBack, Verification

__all__ = [
    "AccountabilityRecord",
    "ClearanceRequest",
    "FormNumber",
    "Inspection",
    "Issue",
    "IssueEscalation",
    "IssueEvent",
    "IssueEvidence",
    "IssueExtension",
    "IssueNumberCounter",
    "IssueRound",
    "LookBack",
    "OrderEvent",
    "SimilarCase",
    "SupervisionOrder",
    "Verification",
    "visible_with_issue",
]
