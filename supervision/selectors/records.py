"""Accountability records as plain rows (api.md)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from supervision.models import AccountabilityRecord

COLUMNS = (
    *("id", "kind", "department__code", "department__short_name", "person", "on", "document_number", "note"),
    *("subject_number", "subject_title", "subject_url", "recorded_by__name", "recorded_at"),
)
KINDS = dict(AccountabilityRecord.Kind.choices)
FILTERS = {"kind": "kind", "department": "department__code", "subject": "subject_number"}
SEARCHED = ("person", "document_number", "note", "subject_number", "subject_title")


def record_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of ``.values(*COLUMNS)`` as the contract names them."""
    return [_shape(row) for row in rows]


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    shaped = {name: row[name] for name in ("id", "kind", "person", "on", "document_number", "note", "recorded_at")}
    return shaped | {
        "kind_label": KINDS[row["kind"]],
        "department": row["department__code"],
        "department_label": row["department__short_name"],
        "subject": row["subject_number"],
        "subject_title": row["subject_title"],
        "subject_url": row["subject_url"],
        "recorded_by": row["recorded_by__name"],
    }


def record_row(record: AccountabilityRecord) -> dict[str, Any]:
    """Return one record, fetched through the user, as the contract names it."""
    rows = AccountabilityRecord.objects.unscoped("fetched through the user").filter(pk=record.pk)
    return record_rows(rows.values(*COLUMNS))[0]


def narrowed_records(asked: Mapping[str, str], *, user) -> QuerySet[AccountabilityRecord]:
    """Return the records ``user`` may see under the filters of an address; what cannot be read does not filter.

    Args:
        asked: ``search``, ``from`` and ``to`` (days of the record, both included) and those of FILTERS.
    """
    rows = AccountabilityRecord.objects.visible_to(user)
    rows = rows.filter(**{column: asked[name] for name, column in FILTERS.items() if asked.get(name)})
    for name, condition in (("from", "on__gte"), ("to", "on__lte")):
        if day := _day_of(asked.get(name, "")):
            rows = rows.filter(**{condition: day})
    for word in asked.get("search", "").split():
        rows = rows.filter(Q(*((f"{field}__icontains", word) for field in SEARCHED), _connector=Q.OR))
    return rows


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
