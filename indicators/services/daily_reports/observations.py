"""From a report's values to the indicator's series: pending at 已报, accepted on acceptance (domain §3).

Observations are append-only. What a resubmission replaces is marked rejected; what a corrected report
replaces stays in force until the correction is accepted.
"""

from datetime import datetime

from indicators.models import DailyReport, Observation
from indicators.services.daily_reports.content import entries_of, leaves_by_code
from indicators.services.evidence import link_evidence

Standing = Observation.Standing


def publish_values(report: DailyReport, *, actor, now: datetime) -> None:
    """Make the report's values pending; earlier pending ones of the same report are superseded."""
    earlier = {row.indicator_id: row for row in _of(report).exclude(standing=Standing.REJECTED).order_by("pk")}
    withdraw_values(report, now=now)
    ids = {leaf.code: leaf.id for leaf in leaves_by_code(report.indicator, report.date).values()}
    Observation.objects.bulk_create(
        Observation(
            indicator_id=ids[entry.leaf.code],
            first_level_id=report.indicator_id,
            value=entry.number,
            as_of=entry.as_of,
            source=Observation.Source.REPORT,
            standing=Standing.PENDING,
            report=report,
            supersedes=earlier.get(ids[entry.leaf.code]),
            reason=entry.reason,
            entered_by=report.submitted_by,
            entered_at=now,
        )
        for entry in entries_of(report)
    )
    link_to_indicator(report, actor=actor, now=now)


def withdraw_values(report: DailyReport, *, now: datetime) -> None:
    """Take the report's pending values back; accepted ones stay in force."""
    _of(report).filter(standing=Standing.PENDING).update(standing=Standing.REJECTED, withdrawn_at=now)


def accept_values(report: DailyReport, *, actor, now: datetime) -> None:
    """Accept the report's pending values; what an earlier acceptance of the same report put in force ends."""
    _of(report).filter(standing=Standing.ACCEPTED, withdrawn_at=None).update(withdrawn_at=now)
    _of(report).filter(standing=Standing.PENDING).update(standing=Standing.ACCEPTED, accepted_by=actor, accepted_at=now)


def _of(report: DailyReport):
    return Observation.objects.unscoped("the values of a report already checked").filter(report=report)


def link_to_indicator(report: DailyReport, *, actor, now: datetime) -> None:
    """Let the report's evidence speak for its indicator, so that everybody who answers for it sees it."""
    for evidence in report.evidence.all():
        link_evidence(evidence, indicators=[report.indicator], actor=actor, now=now)
