"""佐证待补: evidence that follows a report (domain §4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, NotAllowed
from core.workflow import swap
from indicators.models import DailyReport, Evidence, Indicator
from indicators.selectors.expectation import judge_closure
from indicators.services.daily_reports.content import read_evidence
from indicators.services.daily_reports.observations import link_to_indicator
from indicators.services.evidence import EvidenceFacts, add_evidence

LONGEST_TITLE = 120


@transaction.atomic
def hand_in_files(files: Iterable, indicator: Indicator, *, actor, now: datetime) -> list[int]:
    """Hand in each uploaded file as evidence for ``indicator``; return their ids. One refused file refuses all.

    Raises:
        FileRefused, FileTooLarge: a file is not what it says, or too large.
    """
    return [
        add_evidence(
            EvidenceFacts(title=file.name[:LONGEST_TITLE], kind=Evidence.Kind.OTHER),
            upload=file,
            indicators=[indicator],
            actor=actor,
            now=now,
        ).pk
        for file in files
    ]


@transaction.atomic
def attach_evidence(report: DailyReport, *, evidence: Sequence[int], actor, now: datetime) -> DailyReport:
    """Add evidence to a report in any state, locked or not; assisting departments may do so, too.

    Args:
        evidence: ids of evidence that ``actor`` may see.

    Raises:
        NotAllowed: the actor adds no evidence.
        InvalidInput: no id, or one that the actor may not see.
    """
    if not actor.can(Permission.ADD_EVIDENCE):
        raise NotAllowed("佐证材料由牵头或配合单位补交")
    ids = read_evidence(evidence, actor=actor)
    if not ids:
        raise InvalidInput.at("evidence", "请选择佐证材料", code="required")
    before = sorted(report.evidence.values_list("pk", flat=True))
    swap(report, saved_at=now, saved_by=actor)
    report.evidence.add(*ids)
    if report.status != DailyReport.Status.DRAFT:
        link_to_indicator(report, actor=actor, now=now)
    record_event(
        actor=actor,
        action="indicators.dailyreport.attach_evidence",
        target=report,
        before={"evidence": before},
        after={"evidence": sorted({*before, *ids})},
        now=now,
    )
    return judge_closure(report, now=now)
