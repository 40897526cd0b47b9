"""Complaints like the one being registered, and who should handle it (domain §6, intake).

Likeness is rapidfuzz's ``WRatio`` over the texts of the last 90 days, at most the newest ``MOST_COMPARED``, so
that the hint stays fast whatever the size of the table.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import OuterRef
from django.db.models.expressions import Exists
from django.db.models.functions import Substr
from rapidfuzz import fuzz, process

from complaints.models import CallerPhone, Complaint
from departments.models import Department

WITHIN = timedelta(days=90)
PAST_CASES_WITHIN = timedelta(days=365)
MOST_COMPARED = 2_000
COMPARED_LENGTH = 300
ALIKE = 72
MOST_SHOWN = 5
SHORTEST_TEXT = 6
TOPICS = Path(__file__).parent.parent / "data" / "topics.csv"


@dataclass(frozen=True, slots=True)
class Similar:
    """A complaint that may be the same matter, and why."""

    number: str
    title: str
    status_label: str
    department: str
    received_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A department that should handle it, and why."""

    code: str
    name: str
    reason: str


def similar_complaints(
    user, *, text: str, callers: Sequence[str] = (), now: datetime, but: int | None = None
) -> list[Similar]:
    """Return complaints of the last 90 days of the same phone or with a similar text, the surest first.

    Args:
        user: who registers; only what they may see is compared.
        text: the content as typed; under six characters nothing is compared.
        callers: blind indexes of the caller's numbers (``phone_digest``).
        but: a complaint that is not to be found again.
    """
    rows = Complaint.objects.visible_to(user).filter(received_at__gte=now - WITHIN).exclude(pk=but)
    found = dict.fromkeys(_same_caller(rows, callers), "同一来电号码")
    for pk, score in _alike(rows, text):
        found[pk] = f"{found[pk]}，内容相似" if pk in found else f"内容相似度 {score:.0f}%"
    keys = list(found)[:MOST_SHOWN]
    listed = {
        row["id"]: Similar(
            number=row["number"],
            title=row["title"],
            status_label=Complaint.Status(row["status"]).label,
            department=row["department__short_name"] or "",
            received_at=row["received_at"],
            reason=found[row["id"]],
        )
        for row in rows.filter(pk__in=keys).values(
            "id", "number", "title", "status", "received_at", "department__short_name"
        )
    }
    return [listed[key] for key in keys]


def _same_caller(rows, callers: Sequence[str]) -> list[int]:
    if not callers:
        return []
    phones = CallerPhone.objects.filter(complaint=OuterRef("pk"), digest__in=callers)
    return list(rows.filter(Exists(phones)).order_by("-received_at").values_list("pk", flat=True)[:MOST_SHOWN])


def _alike(rows, text: str) -> list[tuple[int, float]]:
    """Return key and likeness (0 to 100) of the most similar rows."""
    if len(text.strip()) < SHORTEST_TEXT:
        return []
    newest = rows.order_by("-received_at", "-id").annotate(text=Substr("content", 1, COMPARED_LENGTH))
    texts = dict(newest.values_list("pk", "text")[:MOST_COMPARED])
    best = process.extract(text[:COMPARED_LENGTH], texts, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=MOST_SHOWN)
    return [(pk, score) for _, score, pk in best]


@cache
def topics() -> tuple[tuple[str, str, str], ...]:
    """Return the list of topics: word, department code, indicator code (may be empty)."""
    with TOPICS.open(encoding="utf-8") as file:
        return tuple((row["topic"], row["department"], row["indicator"]) for row in csv.DictReader(file))


def suggested_departments(user, *, text: str, now: datetime) -> list[Suggestion]:
    """Return at most three departments: those whose topics the text names, then those of similar past cases."""
    named: dict[str, list[str]] = {}
    for word, code, _ in topics():
        if word in text:
            named.setdefault(code, []).append(word)
    past = past_departments(user, text=text, now=now)
    reasons = {code: f"事项清单：{'、'.join(words)}" for code, words in _most_words(named)}
    for code, count in past.most_common():
        handled = f"近一年相似工单 {count} 件由其办理"
        reasons[code] = f"{reasons[code]}；{handled}" if code in reasons else handled
    names = dict(Department.objects.filter(code__in=reasons, valid_to=None).values_list("code", "short_name"))
    return [Suggestion(code, names[code], reason) for code, reason in reasons.items() if code in names][:3]


def _most_words(named: dict[str, list[str]]) -> Iterable[tuple[str, list[str]]]:
    return sorted(named.items(), key=lambda item: -len(item[1]))


def past_departments(user, *, text: str, now: datetime) -> Counter[str]:
    """Return how many similar cases of the last year each department closed, by code."""
    rows = Complaint.objects.visible_to(user).filter(
        received_at__gte=now - PAST_CASES_WITHIN, department__isnull=False, closed_at__isnull=False
    )
    keys = [pk for pk, _ in _alike(rows, text)]
    return Counter(rows.filter(pk__in=keys).values_list("department__code", flat=True))


def suggested_indicator(text: str) -> str:
    """Return the code of the first-level indicator that most topics of the text point at, empty without one."""
    codes = Counter(code for word, _, code in topics() if code and word in text)
    return codes.most_common(1)[0][0] if codes else ""
