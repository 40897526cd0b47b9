"""Global search: indicators, units, issues, complaints, orders and papers by number, name or alias (ui.md §4)."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.urls import reverse

from bulletins.models import Bulletin
from complaints.models import Complaint
from departments.models import Department
from indicators.models import Indicator
from supervision.models import Issue, SupervisionOrder

MOST_HITS = 20
SHORTEST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """A complaint, supervision order or bulletin found by its number."""

    kind: str
    number: str
    title: str
    url: str
    status_kind: str
    status: str
    status_label: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: rows as dicts, best first, at most ``MOST_HITS`` of each kind."""

    text: str
    exact_code: str = ""
    indicators: list[Any] = field(default_factory=list)
    departments: list[Any] = field(default_factory=list)
    issues: list[Any] = field(default_factory=list)
    papers: list["Paper"] = field(default_factory=list)

    def __bool__(self):
        return bool(self.indicators or self.departments or self.issues or self.papers)

    @property
    def exact_issue(self) -> str:
        """The number of the issue that the text is, empty where it is none that the person sees."""
        wanted = plain_text(self.text)
        return next((row["number"] for row in self.issues if plain_text(row["number"]) == wanted), "")

    @property
    def exact_paper(self) -> str:
        """The address of the complaint, order or bulletin whose number the text is, empty for none."""
        wanted = plain_text(self.text)
        return next((paper.url for paper in self.papers if plain_text(paper.number) == wanted), "")


def plain_text(text: str) -> str:
    """Return ``text`` with full-width letters and digits made plain, blanks trimmed, in upper case."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def search(text: str, user) -> Hits:
    """Return what matches ``text``: indicators of the active set, units, and the issues and papers ``user`` sees.

    Nothing for an empty text. ``exact_code`` is filled when the text is the code of one indicator: the page then
    goes straight there. Indicators and units are small tables and read whole, because aliases are lists inside a
    row; at most six queries.
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
    papers = [*complaints_found(wanted, user), *orders_found(wanted, user), *bulletins_found(wanted, user)]
    return Hits(
        text.strip(), exact, indicators[:MOST_HITS], departments[:MOST_HITS], issues_found(wanted, user), papers
    )


def complaints_found(wanted: str, user) -> list[Paper]:
    """Return complaints ``user`` sees whose number begins with ``wanted``.

    By the beginning of the number only: of a million rows the index answers that; words are looked for in the worklist.
    """
    if len(wanted) < SHORTEST_NUMBER:
        return []
    rows = Complaint.objects.visible_to(user).filter(number__startswith=wanted).order_by("number")
    return [
        Paper(
            "投诉工单",
            row["number"],
            row["title"],
            reverse("complaints:detail", args=[row["number"]]),
            "complaint",
            row["status"],
            Complaint.Status(row["status"]).label,
        )
        for row in rows.values("number", "title", "status")[:MOST_HITS]
    ]


def orders_found(wanted: str, user) -> list[Paper]:
    """Return the newest supervision orders ``user`` sees whose number or subject holds ``wanted``."""
    holds = Q(number__icontains=wanted) | Q(subject_title__icontains=wanted) | Q(subject_number__icontains=wanted)
    rows = SupervisionOrder.objects.visible_to(user).filter(holds).order_by("-issued_at", "-id")
    return [
        Paper(
            "督办",
            row["number"],
            row["subject_title"],
            reverse("supervision:order", args=[row["id"]]),
            "supervisionorder",
            row["status"],
            SupervisionOrder.Status(row["status"]).label,
        )
        for row in rows.values("id", "number", "subject_title", "status")[:MOST_HITS]
    ]


def bulletins_found(wanted: str, user) -> list[Paper]:
    """Return the newest papers ``user`` sees whose number or title holds ``wanted``."""
    holds = Q(document_number__icontains=wanted) | Q(issue_number__icontains=wanted) | Q(title__icontains=wanted)
    rows = Bulletin.objects.visible_to(user).filter(holds | Q(number__iexact=wanted)).order_by("-to_on", "-id")
    columns = ("number", "document_number", "issue_number", "title", "status", "kind")
    return [
        Paper(
            Bulletin.Kind(row["kind"]).label,
            row["document_number"] or row["issue_number"] or row["number"],
            row["title"],
            reverse("bulletins:detail", args=[row["number"]]),
            "bulletin",
            row["status"],
            Bulletin.Status(row["status"]).label,
        )
        for row in rows.values(*columns)[:MOST_HITS]
    ]


def issues_found(wanted: str, user) -> list[dict[str, Any]]:
    """Return the newest issues ``user`` sees whose number or title holds ``wanted``."""
    rows = Issue.objects.visible_to(user).filter(Q(number__icontains=wanted) | Q(title__icontains=wanted))
    columns = ("number", "title", "status", "department__short_name")
    labels = dict(Issue.Status.choices)
    return [row | {"status_label": labels[row["status"]]} for row in rows.values(*columns)[:MOST_HITS]]


def matches(wanted: str, *words: str) -> bool:
    """Return whether ``wanted`` (already plain) is part of any of ``words``."""
    return any(wanted in plain_text(word) for word in words)
