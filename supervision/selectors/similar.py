"""Cleared cases an issue resembles (domain §7, 回潮). Apps above add their own by ``register_closed_cases``.

Likeness is rapidfuzz's ``WRatio`` over the first 300 characters of the newest cases, so that it stays fast
whatever the size of the table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from rapidfuzz import fuzz, process

from core.clock import local_date
from core.dates import SHANGHAI
from supervision.models import Issue

MOST_COMPARED = 500
COMPARED_LENGTH = 300
MOST_LINKED = 3
SHORTEST_TEXT = 6


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """One case that was cleared or closed: what a link to it shows, and the text it is compared by.

    ``page`` is the name of the page that shows ``number``: of hundreds compared only three are linked.
    """

    number: str
    title: str
    page: str
    ended_at: datetime
    text: str


Source = Callable[[Issue, date], Iterable[ClosedCase]]
_sources: list[Source] = []


def register_closed_cases(source: Source) -> None:
    """Let ``source(issue, since)`` give the closed cases of an app above: same department, same indicator."""
    if source not in _sources:
        _sources.append(source)


def cleared_cases_like(issue: Issue, *, since: date, alike: int) -> list[dict[str, Any]]:
    """Return what was cleared or closed since ``since`` and resembles ``issue`` by at least ``alike`` (0 to 100).

    The surest first, at most three, as columns of ``SimilarCase``.
    """
    if issue.department_id is None or len(issue.description.strip()) < SHORTEST_TEXT:
        return []
    cases = [case for source in (cleared_issues, *_sources) for case in source(issue, since)]
    return _alike(cases, issue.description, alike)


def cleared_issues_like(
    text: str, concerned: Q, *, user, between: tuple[date, date], alike: int
) -> list[dict[str, Any]]:
    """Return issues ``user`` sees, cleared ``between`` two days (both included), that resemble ``text``.

    Args:
        concerned: a condition on ``Issue``: of which department or indicator it must be.
        alike: by how much, 0 to 100.

    The surest first, at most three, as columns of ``SimilarCase``.
    """
    if len(text.strip()) < SHORTEST_TEXT:
        return []
    since, until = (datetime.combine(day, time.min, SHANGHAI) for day in (between[0], between[1] + timedelta(days=1)))
    rows = Issue.objects.visible_to(user).filter(
        concerned, status=Issue.Status.CLEARED, cleared_at__gte=since, cleared_at__lt=until
    )
    return _alike(_newest(rows), text, alike)


def _alike(cases: Sequence[ClosedCase], text: str, alike: int) -> list[dict[str, Any]]:
    texts = {index: case.text for index, case in enumerate(cases)}
    best = process.extract(text[:COMPARED_LENGTH], texts, scorer=fuzz.WRatio, score_cutoff=alike, limit=MOST_LINKED)
    return [_as_columns(cases[index]) | {"likeness": int(score)} for _, score, index in best]


def _as_columns(case: ClosedCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "url": reverse(case.page, args=[case.number]),
        "ended_on": local_date(case.ended_at),
    }


def cleared_issues(issue: Issue, since: date) -> Iterable[ClosedCase]:
    """Return issues of the same department and of the same indicator or category, cleared since ``since``."""
    same_matter = Q(category=issue.category)
    if issue.indicator_id is not None:
        same_matter |= Q(indicator=issue.indicator_id)
    rows = Issue.objects.unscoped("whether an issue came back is asked for the office, not for a reader")
    rows = rows.filter(
        same_matter,
        department=issue.department_id,
        status=Issue.Status.CLEARED,
        cleared_at__gte=datetime.combine(since, time.min, SHANGHAI),
    ).exclude(pk=issue.pk)
    return _newest(rows)


def _newest(rows: QuerySet[Issue]) -> list[ClosedCase]:
    text = Substr("description", 1, COMPARED_LENGTH)
    newest = rows.order_by("-cleared_at").values_list("number", "title", "cleared_at", text)[:MOST_COMPARED]
    return [ClosedCase(number, title, "supervision:issue", at, compared) for number, title, at, compared in newest]
