"""Daily reports as plain rows: what lists, the API and the page of one report print (api.md)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce, TruncDate, TruncTime

from core.dates import SHANGHAI
from core.kept import kept
from indicators.models import Coordination, DailyReport, ReportValue
from indicators.rules.report_dates import DispatchTimes, closure_of, is_late
from indicators.selectors.expectation import newest_unlocks
from indicators.workflow.daily_reports import DAILY_REPORT

COLUMNS = (
    *("id", "indicator_id", "indicator__code", "indicator__name", "date", "department_id", "department__code"),
    *("department__short_name", "status", "version", "no_change", "progress", "difficulty", "coordination"),
    *("submitted_at", "reported_at", "accepted_at", "first_submitted_at", "return_reason", "open_until"),
)
_STATUS = dict(DailyReport.Status.choices)
_COORDINATION = dict(Coordination.choices)


def report_rows(
    rows: Sequence[Mapping[str, Any]], *, user, now: datetime, times: DispatchTimes
) -> list[dict[str, Any]]:
    """Return ``rows`` of ``.values(*COLUMNS)`` as the contract names them, with values, evidence and actions.

    Three queries for any number of rows, and no model instances.
    """
    stored = tuple((row["id"], row["version"]) for row in rows)  # a save may change no more than the version
    values, evidence = _values_of(stored), _evidence_of(stored)
    unlocks = newest_unlocks(
        frozenset(row["indicator_id"] for row in rows), dates=frozenset(row["date"] for row in rows)
    )
    return [
        _shape(row, values.get(row["id"], []), evidence.get(row["id"], []), unlocks, user=user, now=now, times=times)
        for row in rows
    ]


def _shape(row, values, evidence, unlocks, *, user, now: datetime, times: DispatchTimes) -> dict[str, Any]:
    closure = closure_of(
        row["date"],
        now=now,
        times=times,
        unlocked_until=unlocks.get((row["indicator_id"], row["date"])),
        reopened_until=row["open_until"],
    )
    # The table asks for state, department and closure only; a row of values has them all.
    judged = SimpleNamespace(status=row["status"], department_id=row["department_id"], closure=closure)
    return {
        "id": row["id"],
        "indicator": row["indicator__code"],
        "indicator_label": row["indicator__name"],
        "date": row["date"],
        "department": row["department__code"],
        "department_label": row["department__short_name"],
        "status": row["status"],
        "status_label": _STATUS[row["status"]],
        "version": row["version"],
        "actions": [transition.name for transition in DAILY_REPORT.available(judged, user)],
        "no_change": row["no_change"],
        "progress": row["progress"],
        "difficulty": row["difficulty"],
        "coordination": row["coordination"],
        "coordination_label": _COORDINATION[row["coordination"]],
        "values": values,
        "evidence": evidence,
        "late": is_late(row["first_submitted_at"] or row["submitted_at"], row["date"], times),
        "locked": closure.is_closed,
        "locked_because": closure.sentence if closure.is_closed else "",
        "open_until": closure.until,
        "submitted_at": row["submitted_at"],
        "reported_at": row["reported_at"],
        "accepted_at": row["accepted_at"],
        "return_reason": row["return_reason"],
    }


@kept
def _values_of(stored: tuple[tuple[int, int], ...]) -> dict[int, list[dict[str, Any]]]:
    values: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = ReportValue.objects.unscoped("below reports already fetched through the user").filter(
        report__in=[pk for pk, _ in stored]
    )
    columns = ("report_id", "text", "value", "as_of", "reason", "evidence_later")
    for row in rows.values(*columns, code=F("indicator__code"), name=F("indicator__name"), unit=F("indicator__unit")):
        values[row["report_id"]].append(
            {
                "indicator": row["code"],
                "indicator_label": row["name"],
                "unit": row["unit"],
                "value": row["text"] if row["value"] is None else f"{row['value'].normalize():f}",
                "as_of": row["as_of"],
                "reason": row["reason"],
                "evidence_later": row["evidence_later"],
            }
        )
    return values


@kept
def _evidence_of(stored: tuple[tuple[int, int], ...]) -> dict[int, list[int]]:
    evidence: dict[int, list[int]] = defaultdict(list)
    links = DailyReport.evidence.through.objects.filter(dailyreport__in=[pk for pk, _ in stored]).order_by(
        "evidence_id"
    )
    for report_id, evidence_id in links.values_list("dailyreport_id", "evidence_id"):
        evidence[report_id].append(evidence_id)
    return evidence


def late_condition(rows, *, times: DispatchTimes, is_late_wanted: bool):
    """Return ``rows`` narrowed to those whose submission came after the cut-off of its date, or to the others."""
    rows = rows.annotate(standing_submission=Coalesce("first_submitted_at", "submitted_at")).annotate(
        submission_day=TruncDate("standing_submission", tzinfo=SHANGHAI),
        submission_time=TruncTime("standing_submission", tzinfo=SHANGHAI),
    )
    late = Q(submission_day__gt=F("date")) | Q(submission_day=F("date"), submission_time__gt=times.cut_off)
    return rows.filter(late) if is_late_wanted else rows.filter(~late | Q(standing_submission=None))
