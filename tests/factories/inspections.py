"""Inspections and their findings for tests, written through the services."""

from datetime import UTC, date, datetime
from typing import Any

from supervision.models import Inspection, Issue
from supervision.selectors.inspections import inspections_for
from supervision.services.findings import record_finding
from supervision.services.inspections import add_inspection
from tests.factories.issues import again

#: Wednesday 25 November 2026, 10:00 in Xiping.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
STARTED = date(2026, 11, 24)


def make_inspection(actor, *, now: datetime = NOW, team=(), indicators=(), plan=None, report=None, **facts):
    """Write an inspection: 明察 that began the day before ``NOW`` unless told otherwise."""
    values = {"kind": "open", "title": "政务服务大厅明察", "started_on": STARTED, "places": "县政务服务大厅"}
    row = add_inspection(
        values | facts, actor=actor, now=now, team=team, indicators=indicators, plan=plan, report=report
    )
    return inspection_again(row, actor)


def inspection_again(inspection: Inspection, user) -> Inspection:
    """Return the inspection as ``user``'s next request would fetch it."""
    return inspections_for(user).get(pk=inspection.pk)


def make_finding(inspection: Inspection, actor, *, department=None, photos=(), now: datetime = NOW, **facts) -> Issue:
    """Record a finding in 草稿."""
    values: dict[str, Any] = {
        "description": "一楼收费公示栏仍列已取消的收费",
        "place": "一楼大厅",
        "category": "fees",
        "severity": "normal",
        "limit_kind": "deadline",
        "due_on": date(2026, 12, 4),
        "department": department,
    }
    issue = record_finding(inspection, values | facts, actor=actor, now=now, photos=photos)
    assert issue is not None
    return again(issue, actor)
