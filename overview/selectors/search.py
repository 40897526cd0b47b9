"""Global search: indicators, units and issues by number, name or alias (ui.md §4)."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from departments.models import Department
from indicators.models import Indicator
from supervision.models import Issue

MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: rows as dicts, best first, at most ``MOST_HITS`` of each kind."""

    text: str
    exact_code: str = ""
    indicators: list[Any] = field(default_factory=list)
    departments: list[Any] = field(default_factory=list)
    issues: list[Any] = field(default_factory=list)

    def __bool__(self):
        return bool(self.indicators or self.departments or self.issues)

    @property
    def exact_issue(self) -> str:
        """The number of the issue that the text is, empty where it is none that the person sees."""
        wanted = plain_text(self.text)
        return next((row["number"] for row in self.issues if plain_text(row["number"]) == wanted), "")


def plain_text(text: str) -> str:
    """Return ``text`` with full-width letters and digits made plain, blanks trimmed, in upper case."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def search(text: str, user) -> Hits:
    """Return the indicators of the active set, the units and the issues ``user`` sees that match ``text``.

    Nothing for an empty text. ``exact_code`` is filled when the text is the code of one indicator: the page then
    goes straight there. Indicators and units are small tables and read whole, because aliases are lists inside a
    row; three queries.
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
    return Hits(text.strip(), exact, indicators[:MOST_HITS], departments[:MOST_HITS], issues_found(wanted, user))


def issues_found(wanted: str, user) -> list[dict[str, Any]]:
    """Return the newest issues ``user`` sees whose number or title holds ``wanted``."""
    rows = Issue.objects.visible_to(user).filter(Q(number__icontains=wanted) | Q(title__icontains=wanted))
    columns = ("number", "title", "status", "department__short_name")
    labels = dict(Issue.Status.choices)
    return [row | {"status_label": labels[row["status"]]} for row in rows.values(*columns)[:MOST_HITS]]


def matches(wanted: str, *words: str) -> bool:
    """Return whether ``wanted`` (already plain) is part of any of ``words``."""
    return any(wanted in plain_text(word) for word in words)
