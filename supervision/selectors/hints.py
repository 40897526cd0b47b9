"""What pages suggest so that nothing is typed twice: who leads, what looks the same, which evidence may be reused."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz import fuzz, process

from core.settings_registry import setting
from departments.models import Department
from indicators.models import Assignment, Evidence, Indicator
from supervision.models import Issue, IssueEvidence
from supervision.selectors.similar import COMPARED_LENGTH, MOST_COMPARED, MOST_LINKED, SHORTEST_TEXT, cleared_cases_like

WITHIN = timedelta(days=365)
MOST_REUSED = 12


def lead_of(indicator: Indicator | None) -> Department | None:
    """Return the department that leads the indicator now, None for none."""
    if indicator is None:
        return None
    first_level = indicator.first_level_id or indicator.pk
    leads = Assignment.objects.filter(indicator=first_level, role=Assignment.Role.LEAD, valid_to=None)
    found = leads.select_related("department").first()
    return found.department if found else None


@dataclass(frozen=True, slots=True)
class Alike:
    """An issue or complaint that reads like what is being typed."""

    number: str
    title: str
    url: str
    note: str


def alike(user, *, text: str, facts: dict[str, Any], today: date) -> list[Alike]:
    """Return what resembles ``text``: open issues of the same department that ``user`` sees, then cleared ones (回潮).

    Args:
        facts: columns of the issue being written: ``department``, ``indicator``, ``category`` as far as they are known.
        today: cleared within twelve months of it (Asia/Shanghai).
    """
    text = text.strip()
    department = facts.get("department")
    if department is None or len(text) < SHORTEST_TEXT:
        return []
    draft = Issue(description=text, **{name: value for name, value in facts.items() if value})
    cleared = cleared_cases_like(draft, since=today - WITHIN, alike=setting("issues.similarity"))
    return _open_like(user, text, department) + [
        Alike(one["number"], one["title"], one["url"], "已办结，登记后标记为回潮") for one in cleared
    ]


def _open_like(user, text: str, department: Department) -> list[Alike]:
    rows = Issue.objects.visible_to(user).filter(department=department, status__in=Issue.OPEN).order_by("-created_at")
    rows = list(rows[:MOST_COMPARED])
    texts = {index: row.description[:COMPARED_LENGTH] for index, row in enumerate(rows)}
    best = process.extract(
        text[:COMPARED_LENGTH], texts, scorer=fuzz.WRatio, score_cutoff=setting("issues.similarity"), limit=MOST_LINKED
    )
    found = [rows[index] for _, _, index in best]
    return [Alike(row.number, row.title, row.get_absolute_url(), row.get_status_display()) for row in found]


def reusable_for_issue(user, issue: Issue) -> QuerySet[Evidence]:
    """Return earlier evidence of ``user``'s department that the current round does not hold yet, the newest first."""
    if user.scope_department_id is None:
        return Evidence.objects.none()
    held = IssueEvidence.objects.unscoped("of the issue in hand").filter(
        Q(round=issue.current_round_id) | Q(phase=IssueEvidence.Phase.BEFORE),
        evidence=OuterRef("pk"),
        issue=issue,
        withdrawn_at=None,
    )
    own = Evidence.objects.visible_to(user).filter(~Exists(held), department=user.scope_department_id)
    newest = list(own.order_by("-added_at", "-pk").values_list("pk", flat=True)[:MOST_REUSED])
    return own.filter(pk__in=newest).order_by("-added_at", "-pk")
