"""The reports that ran their course, written at once: one statement a table, audit lines included.

The services would write the same rows one by one and fill every inbox with two months of messages. Only
the latest two working days go through them (``present``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.models import User
from core.audit import record_event
from core.workflow import Workflow
from departments.models import Department
from indicators.demo.plan import RETURN_REASON, PlannedReport
from indicators.models import DailyReport, Evidence, Indicator, Observation, ReportValue

S = DailyReport.Status

#: Rows of the past enter where they ended; the real table knows drafts as its only entry.
PAST = Workflow(entries=(S.ACCEPTED,))


@dataclass(frozen=True)
class Cast:
    """Everybody and everything the story needs, looked up once."""

    indicators: Mapping[str, Indicator]
    leads: Mapping[str, Department]
    people: Mapping[str, User]
    evidence: Mapping[str, list[Evidence]]

    @property
    def office(self) -> User:
        """The office's clerk, who reviews."""
        return self.people["office"]

    def reporter(self, code: str) -> User:
        """Return who reports the indicator ``code``."""
        return self.people[f"{self.leads[code].code}_reporter"]

    def head(self, code: str) -> User:
        """Return who approves for the indicator ``code``."""
        return self.people[f"{self.leads[code].code}_head"]


def write_history(plan: Iterable[PlannedReport], cast: Cast) -> list[DailyReport]:
    """Create the planned reports as they ended, with their values, evidence, observations and audit lines."""
    plan = list(plan)
    reports = PAST.enter_many(DailyReport, [_report_row(one, cast) for one in plan])
    pairs = list(zip(plan, reports, strict=True))
    ReportValue.objects.bulk_create(row for one, report in pairs for row in _values(one, report, cast))
    Observation.objects.bulk_create(row for one, report in pairs for row in _observations(one, report, cast))
    DailyReport.evidence.through.objects.bulk_create(
        DailyReport.evidence.through(dailyreport_id=report.pk, evidence_id=evidence.pk)
        for one, report in pairs
        if one.values
        for evidence in cast.evidence[one.code][:1]
    )
    events = [event for one, report in pairs for event in _events(one, report, cast)]
    for event in sorted(events, key=lambda event: event["now"]):
        record_event(**event)
    return reports


def _report_row(one: PlannedReport, cast: Cast) -> dict[str, Any]:
    """Return the columns of a report that was accepted in the end."""
    reporter = cast.reporter(one.code)
    first_reported_at = one.approved_at or one.submitted_at
    return {
        "indicator": cast.indicators[one.code],
        "date": one.day,
        "department": cast.leads[one.code],
        "status": S.ACCEPTED,
        "version": len(_acts(one)),
        "no_change": one.no_change,
        "progress": one.progress,
        "difficulty": one.difficulty,
        "coordination": one.coordination,
        "started_by": reporter,
        "saved_by": reporter,
        "saved_at": one.resubmitted_at or one.saved_at,
        "submitted_by": reporter,
        "submitted_at": one.resubmitted_at or one.submitted_at,
        "approved_by": cast.head(one.code) if one.approved_at else None,
        "reported_at": one.reapproved_at or first_reported_at,
        "first_submitted_at": one.submitted_at,
        "first_reported_at": first_reported_at,
        "accepted_by": cast.office,
        "accepted_at": one.accepted_at,
    }


def _values(one: PlannedReport, report: DailyReport, cast: Cast) -> Iterator[ReportValue]:
    """Yield the values as they stand on the report."""
    for code, value in one.values:
        yield ReportValue(report=report, indicator=cast.indicators[code], text=str(value), value=value, as_of=one.day)


def _observations(one: PlannedReport, report: DailyReport, cast: Cast) -> Iterator[Observation]:
    """Yield what acceptance put in force."""
    for code, value in one.values:
        yield accepted_value(
            cast.indicators[code],
            value,
            entered_by=report.submitted_by,
            entered_at=report.reported_at,
            accepted_by=cast.office,
            accepted_at=report.accepted_at,
            as_of=one.day,
            source=Observation.Source.REPORT,
            report=report,
        )


def accepted_value(leaf: Indicator, value: Decimal, **facts: Any) -> Observation:
    """Return an unsaved accepted observation of ``leaf``."""
    return Observation(
        indicator=leaf,
        first_level_id=leaf.first_level_id or leaf.pk,
        value=value,
        standing=Observation.Standing.ACCEPTED,
        **facts,
    )


def _acts(one: PlannedReport) -> list[tuple[str, Any, str, str, str]]:
    """Return each act on a finished report: name, moment, who, state before and after."""
    out = S.SUBMITTED if one.approved_at else S.REPORTED
    acts = [
        ("save", one.saved_at, "reporter", "", S.DRAFT),
        ("submit", one.submitted_at, "reporter", S.DRAFT, out),
        ("approve", one.approved_at, "head", S.SUBMITTED, S.REPORTED),
        ("return", one.returned_at, "office", S.REPORTED, S.RETURNED),
        ("resubmit", one.resubmitted_at, "reporter", S.RETURNED, S.SUBMITTED),
        ("approve", one.reapproved_at, "head", S.SUBMITTED, S.REPORTED),
        ("accept", one.accepted_at, "office", S.REPORTED, S.ACCEPTED),
    ]
    return [act for act in acts if act[1] is not None]


def _events(one: PlannedReport, report: DailyReport, cast: Cast) -> Iterator[dict[str, Any]]:
    """Yield the audit line of each act, as the services would have written it."""
    who = {"reporter": cast.reporter(one.code), "head": cast.head(one.code), "office": cast.office}
    for name, moment, actor, before, after in _acts(one):
        yield {
            "actor": who[actor],
            "action": f"indicators.dailyreport.{name}",
            "target": report,
            "before": {"status": before} if before else None,
            "after": {"status": after},
            "purpose": RETURN_REASON if name == "return" else "",
            "now": moment,
        }
