"""The orders of a file that are here already: what the last file said, and whether a person has acted since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from complaints.identities import unseal
from complaints.models import Complaint, ComplaintEvent, HandlingRound
from complaints.services.imports.facts import HELD, text_of
from core.models import DeadlineRule

_COLUMNS = (
    *("id", "number", "raw_columns", "caller_name_sealed", "caller_phone_sealed", "content", "type", "type_word"),
    *("received_at", "confidential", "anonymous", "department__code", "upstream_due_at", "closed_at"),
    *("current_round__signed_at", "current_round__result", "current_round__satisfaction"),
)
_TYPES = dict(DeadlineRule.ComplaintType.choices)
_SATISFACTIONS = dict(HandlingRound.Satisfaction.choices)


@dataclass(frozen=True, slots=True)
class Known:
    """One complaint as a file is compared with it; ``kept`` as ``OrderFacts.as_text`` gives it."""

    pk: int
    kept: Mapping[str, Any]
    caller: str
    phone: str
    is_touched: bool

    def differences(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the file says differently; a blank cell, an empty list or "no" says nothing."""
        return {name: value for name, value in values.items() if value and not self._holds(name, value)}

    def _holds(self, name: str, value: Any) -> bool:
        if name == "caller":
            return value == self.caller or bool(self.kept.get("anonymous"))
        if name == "phone":
            return value == self.phone or bool(self.kept.get("anonymous"))
        return text_of(value) == self.kept.get(name)

    def holds_back(self, differences: Iterable[str]) -> bool:
        """Return whether a person's act keeps some of the differences out."""
        return self.is_touched and not HELD.isdisjoint(differences)


def known_orders(numbers: Iterable[str]) -> dict[str, Known]:
    """Return the complaints of those numbers, by number; one query."""
    acts = ComplaintEvent.objects.unscoped("only whether there is any").filter(complaint=OuterRef("pk"), by_person=True)
    complaints = Complaint.objects.unscoped("a number is unique whoever asks; the importer sees all")
    rows = complaints.filter(number__in=list(numbers)).annotate(is_touched=Exists(acts))
    return {row["number"]: _known(row) for row in rows.order_by().values(*_COLUMNS, "is_touched").iterator()}


def _known(row: Mapping[str, Any]) -> Known:
    return Known(
        pk=row["id"],
        kept=row["raw_columns"].get("values") or _registered(row),
        caller=unseal(row["caller_name_sealed"]),
        phone=unseal(row["caller_phone_sealed"]),
        is_touched=row["is_touched"],
    )


def _registered(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a complaint that came from no file as if a file had said it."""
    values = {
        "number": row["number"],
        "content": row["content"],
        "type": row["type_word"] or _TYPES[row["type"]],
        "received_at": row["received_at"],
        "confidential": row["confidential"],
        "anonymous": row["anonymous"],
        "department": row["department__code"],
        "due_at": row["upstream_due_at"],
        "closed_at": row["closed_at"],
        "signed_at": row["current_round__signed_at"],
        "result": row["current_round__result"],
        "satisfaction": _SATISFACTIONS.get(row["current_round__satisfaction"] or ""),
    }
    return {name: text_of(value) for name, value in values.items() if value}
