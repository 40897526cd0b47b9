"""Inspections as plain rows: the list, one of them, and what narrows it (domain §7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from supervision.models import Inspection, Issue
from supervision.rules.inspections import Standing, standing

COLUMNS = (
    *("id", "title", "kind", "started_on", "ended_on", "places", "basis", "plan_id", "plan_approved_by"),
    *("plan_approved_on", "report_id", "created_at", "created_by__name", "version", "findings", "drafts"),
)
SEARCHED = ("title", "places", "basis")
KINDS = dict(Inspection.Kind.choices)


def inspections_for(user) -> QuerySet[Inspection]:
    """Return the inspections ``user`` may see, each with the number of its ``findings`` and ``drafts`` among them."""
    draft = Q(issues__status=Issue.Status.DRAFT)
    return Inspection.objects.visible_to(user).annotate(findings=Count("issues"), drafts=Count("issues", filter=draft))


def inspection_rows(user, asked: Mapping[str, str], *, today: date) -> QuerySet:
    """Return plain rows under the filters of an address, the latest first; what cannot be read does not filter.

    Args:
        asked: ``search``, ``kind``, ``standing``, ``from`` and ``to`` (the days it started between, both included).
        today: the day ``standing`` is judged by, Asia/Shanghai.
    """
    rows = found(inspections_for(user), asked.get("search", ""))
    if asked.get("kind") in KINDS:
        rows = rows.filter(kind=asked["kind"])
    if asked.get("standing") in Standing.values:
        rows = rows.filter(standing_q(asked["standing"], today))
    if since := day_of(asked.get("from", "")):
        rows = rows.filter(started_on__gte=since)
    if until := day_of(asked.get("to", "")):
        rows = rows.filter(started_on__lte=until)
    return rows.order_by("-started_on", "-id").values(*COLUMNS)


def day_of(text: str) -> date | None:
    """Return the day written ``2026-11-23``, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def found(rows: QuerySet[Inspection], words: str) -> QuerySet[Inspection]:
    """Return ``rows`` that hold every word of ``words`` in title, places or basis."""
    for word in words.split():
        rows = rows.filter(Q(*((f"{field}__icontains", word) for field in SEARCHED), _connector=Q.OR))
    return rows


def standing_q(wanted: str, today: date) -> Q:
    """Return the condition of ``rules.inspections.standing`` in SQL."""
    drafts = Issue.objects.unscoped("narrows rows already scoped").filter(
        inspection=OuterRef("pk"), status=Issue.Status.DRAFT
    )
    closed = Q(started_on__lte=today, report__isnull=False) & ~Q(Exists(drafts))
    conditions: dict[Standing, Q] = {
        Standing.PLANNED: Q(started_on__gt=today),
        Standing.CLOSED: closed,
        Standing.UNDER_WAY: Q(started_on__lte=today) & ~closed,
    }
    return conditions[Standing(wanted)]


def with_standing(row: dict[str, Any], *, today: date) -> dict[str, Any]:
    """Return a plain row with how it stands and the words of its codes."""
    stands = standing(
        started_on=row["started_on"], has_report=row["report_id"] is not None, drafts=row["drafts"], today=today
    )
    return row | {
        "status": stands.value,
        "status_label": str(stands.label),
        "kind_label": KINDS[row["kind"]],
    }


def plain_row(inspection: Inspection, *, today: date) -> dict[str, Any]:
    """Return one inspection as the list prints it; it comes from ``inspections_for``, or is counted here."""
    row = {name: getattr(inspection, name, None) for name in COLUMNS if name != "created_by__name"}
    if row["findings"] is None:
        draft = Q(status=Issue.Status.DRAFT)
        row |= inspection.issues.aggregate(findings=Count("pk"), drafts=Count("pk", filter=draft))
    row["created_by__name"] = inspection.created_by.name
    return with_standing(row, today=today)


def standing_counts(user, *, today: date) -> dict[str, int]:
    """Return how many inspections ``user`` sees stand how, and how many drafts wait to be assigned; two queries."""
    rows = Inspection.objects.visible_to(user)
    counts = rows.aggregate(**{stands: Count("pk", filter=standing_q(stands, today)) for stands in Standing.values})
    drafts = Issue.objects.visible_to(user).filter(inspection__isnull=False, status=Issue.Status.DRAFT)
    return counts | {"drafts": drafts.count()}
