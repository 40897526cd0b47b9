"""Tables of the complaints app."""

from complaints.models.complaints import CallerPhone, Complaint
from complaints.models.imports import RelevanceRule
from complaints.models.records import (
    CallBack,
    ComplaintEvent,
    ComplaintFile,
    Escalation,
    IdentityGrant,
    NumberCounter,
)
from complaints.models.rounds import AssistingDepartment, Extension, HandlingRound

__all__ = [
    "AssistingDepartment",
    "CallBack",
    "CallerPhone",
    "Complaint",
    "ComplaintEvent",
    "ComplaintFile",
    "Escalation",
    "Extension",
    "HandlingRound",
    "IdentityGrant",
    "NumberCounter",
    "RelevanceRule",
]
