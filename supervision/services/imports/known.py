"""The issues of a file that are in the ledger already, as plain values to compare with."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.spreadsheets.cells import normalised
from supervision.models import Issue
from supervision.services.imports.columns import as_read
from supervision.services.writing import EDITABLE_IN

#: Compared as a cell would read them.
TEXTS = ("description", "place", "requirement", "goal", "remark", "responsible_leader", "responsible_person")
_PLAIN = ("source", "category", "severity", "limit_kind", "found_on", "due_on")
_COLUMNS = (*TEXTS, *_PLAIN, "id", "number", "status", "department__code", "indicator__code", "inspection__title")


@dataclass(frozen=True, slots=True)
class Known:
    """One issue of the ledger."""

    pk: int
    status: str
    values: Mapping[str, Any]

    @property
    def is_locked(self) -> bool:
        """Whether the issue is past 待交办, so that no file changes it."""
        return self.status not in EDITABLE_IN

    def differences(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a row says differently, by column; a blank cell says nothing."""
        return {name: value for name, value in values.items() if value and not self._holds(name, value)}

    def _holds(self, name: str, value: Any) -> bool:
        held = self.values.get(name)
        if name in TEXTS:
            return as_read(held or "") == value
        if name == "indicator":
            return held == value.code
        if name == "inspection":
            return title_key(held or "") == title_key(value)
        return set(held or ()) == set(value) if name == "assisting" else held == value


def title_key(title: str) -> str:
    """Return the title of an inspection as titles are compared."""
    return normalised(as_read(title))


def known_issues(numbers: Collection[str]) -> dict[str, Known]:
    """Return the issues of those numbers, by number; two queries."""
    issues = Issue.objects.unscoped("a number is unique whoever asks; the importer sees all")
    rows = list(issues.filter(number__in=list(numbers)).order_by().values(*_COLUMNS))
    links = Issue.assisting.through._default_manager.filter(issue__in=[row["id"] for row in rows])
    assisting: dict[int, list[str]] = defaultdict(list)
    for issue, code in links.values_list("issue_id", "department__code"):
        assisting[issue].append(code)
    return {row["number"]: _known(row, assisting[row["id"]]) for row in rows}


def _known(row: Mapping[str, Any], assisting: list[str]) -> Known:
    values = {name: row[name] for name in (*TEXTS, *_PLAIN)}
    values |= {
        "number": row["number"],
        "department": row["department__code"],
        "assisting": assisting,
        "indicator": row["indicator__code"],
        "inspection": row["inspection__title"],
    }
    return Known(row["id"], row["status"], values)
