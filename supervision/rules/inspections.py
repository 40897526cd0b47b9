"""Who keeps inspections, how one stands, and what its findings inherit from it (domain §1, §7). Pure predicates."""

from datetime import date

from django.db import models

from core.access import Permission
from supervision.models import Inspection, Issue


class Standing(models.TextChoices):
    """How an inspection stands; derived, never stored."""

    PLANNED = "planned", "待开展"
    UNDER_WAY = "under_way", "进行中"
    CLOSED = "closed", "已结束"


#: Which source a finding has. Those of an announced special inspection and of a look-back are found in the open.
SOURCE_OF_KIND = {
    Inspection.Kind.OPEN: Issue.Source.OPEN,
    Inspection.Kind.COVERT: Issue.Source.COVERT,
    Inspection.Kind.THIRD_PARTY: Issue.Source.THIRD_PARTY,
    Inspection.Kind.SPECIAL: Issue.Source.OPEN,
    Inspection.Kind.LOOK_BACK: Issue.Source.OPEN,
}


def may_keep_inspections(actor) -> bool:
    """R1 R2 R6 plan inspections and record their findings."""
    return actor.can(Permission.KEEP_INSPECTIONS)


def standing(*, started_on: date, has_report: bool, drafts: int, today: date) -> Standing:
    """Return how an inspection stands on ``today`` (Asia/Shanghai).

    Planned while its start lies ahead, closed when its report is attached and no finding is left in draft.
    """
    if today < started_on:
        return Standing.PLANNED
    return Standing.CLOSED if has_report and not drafts else Standing.UNDER_WAY


def day_found(inspection: Inspection, today: date) -> date:
    """Return the day a finding written today was most likely made: not after the inspection has ended."""
    ended_on = inspection.ended_on
    return ended_on if ended_on is not None and ended_on < today else today
