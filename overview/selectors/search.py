"""Global search: indicators and units by number, name or alias (ui.md §4)."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from departments.models import Department
from indicators.models import Indicator

MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: rows as dicts, best first, at most ``MOST_HITS`` of each kind."""

    text: str
    exact_code: str = ""
    indicators: list[Any] = field(default_factory=list)
    departments: list[Any] = field(default_factory=list)

    def __bool__(self):
        return bool(self.indicators or self.departments)


def plain_text(text: str) -> str:
    """Return ``text`` with full-width letters and digits made plain, blanks trimmed, in upper case."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def search(text: str) -> Hits:
    """Return the indicators of the active set and the units that match ``text``; nothing for an empty one.

    ``exact_code`` is filled when the text is the code of one indicator: the page then goes straight there.
    Both tables are small and read whole (two queries), because aliases are lists inside a row.
    """
    wanted = plain_text(text)
    if not wanted:
        return Hits(text="")
    indicators = [
        row
        for row in Indicator.objects.filter(indicator_set__active=True).values("code", "name", "aliases", "level")
        if matches(wanted, row["code"], row["name"], *row["aliases"])
    ]
    departments = [
        row
        for row in Department.objects.values("code", "name", "short_name", "aliases", "office_phone")
        if matches(wanted, row["name"], row["short_name"], *row["aliases"])
    ]
    exact = next((row["code"] for row in indicators if plain_text(row["code"]) == wanted), "")
    return Hits(text.strip(), exact, indicators[:MOST_HITS], departments[:MOST_HITS])


def matches(wanted: str, *words: str) -> bool:
    """Return whether ``wanted`` (already plain) is part of any of ``words``."""
    return any(wanted in plain_text(word) for word in words)
