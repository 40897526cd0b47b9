"""Tables of the indicators app: the catalogue, what is measured, its evidence, and daily dispatch."""

from indicators.models.catalogue import Assignment, Indicator, IndicatorSet, Measure, MeasureNote, Standard
from indicators.models.coordination import CoordinationItem
from indicators.models.dispatch import (
    Coordination,
    DailyReport,
    DateUnlock,
    DispatchClass,
    DispatchClassProposal,
    ReportValue,
)
from indicators.models.evidence import Evidence, EvidenceLink, PracticeCase
from indicators.models.values import Observation, OfficialScore

__all__ = [
    "Assignment",
    "Coordination",
    "CoordinationItem",
    "DailyReport",
    "DateUnlock",
    "DispatchClass",
    "DispatchClassProposal",
    "Evidence",
    "EvidenceLink",
    "Indicator",
    "IndicatorSet",
    "Measure",
    "MeasureNote",
    "Observation",
    "OfficialScore",
    "PracticeCase",
    "ReportValue",
    "Standard",
]
