"""Reading evidence: what one may link it to, what is the same file, and how complete a checklist is (domain §3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.exceptions import InvalidInput
from core.selectors.attachments import same_content
from indicators.models import Assignment, Evidence, EvidenceLink, Indicator, PracticeCase

#: A document older than this says 旧: it may no longer describe the present.
STALE_AFTER = timedelta(days=365)


def linkable_indicators(user) -> QuerySet[Indicator]:
    """Return the indicators of the set in force for which ``user`` may hand in evidence.

    The office: all. A department: those it leads or assists now, with everything beneath them.
    """
    rows = Indicator.objects.filter(indicator_set__active=True)
    if user.sees_all_departments:
        return rows
    answers = Assignment.objects.filter(
        indicator=OuterRef("first_level"), department=user.scope_department_id, valid_to=None
    )
    return rows.filter(Exists(answers))


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The same bytes handed in before: what the person may see of it, and whether others did it too."""

    visible: tuple[Evidence, ...]
    elsewhere: bool

    @property
    def sentence(self) -> str:
        """What the person is told; empty when there is none."""
        if self.visible:
            return f"与已有佐证“{self.visible[0].title}”是同一个文件，可以直接复用"
        return "其他单位已上传过同一个文件" if self.elsewhere else ""


def duplicates_of(evidence: Evidence, user) -> Duplicates:
    """Return earlier evidence with the same bytes; of rows ``user`` may not see only that there are some."""
    if evidence.attachment is None:
        return Duplicates((), False)
    attachments = list(same_content(evidence.attachment).values_list("pk", flat=True))
    visible = tuple(Evidence.objects.visible_to(user).filter(attachment__in=attachments).exclude(pk=evidence.pk))
    everywhere = Evidence.objects.unscoped("only the existence of a duplicate is told").filter(
        attachment__in=attachments
    )
    return Duplicates(visible, len(visible) < everywhere.exclude(pk=evidence.pk).count())


# --- the checklist ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of an indicator's evidence checklist and how it stands."""

    name: str
    passed: int
    pending: int
    is_stale: bool

    @property
    def word(self) -> str:
        """齐 with evidence that passed, 旧 when all of it is old, 待审 while none has passed, 缺 without any."""
        if self.passed:
            return "旧" if self.is_stale else "齐"
        return "待审" if self.pending else "缺"

    @property
    def colour(self) -> str:
        """The colour of its light."""
        return {"齐": "green", "旧": "amber", "待审": "blue", "缺": "red"}[self.word]


@dataclass(frozen=True, slots=True)
class Checklist:
    """An indicator's checklist; complete when every line has evidence that passed."""

    items: tuple[ChecklistItem, ...]

    @property
    def done(self) -> int:
        """How many lines have evidence that passed."""
        return sum(item.passed > 0 for item in self.items)

    @property
    def percent(self) -> int | None:
        """The share of such lines, None without a checklist."""
        return self.done * 100 // len(self.items) if self.items else None


def checklist_of(names: Iterable[str], links: Iterable[dict[str, Any]], today: date) -> Checklist:
    """Return how the lines ``names`` stand, from ``links`` as ``evidence_links`` gives them.

    Evidence counts for the line it was linked to, else for the line named like its kind.
    """
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for link in links:
        name = link["checklist_item"] or Evidence.Kind(link["evidence__kind"]).label
        if name in found:
            found[name].append(link)
    return Checklist(tuple(_item(name, rows, today) for name, rows in found.items()))


def _item(name: str, rows: list[dict[str, Any]], today: date) -> ChecklistItem:
    passed = [row for row in rows if row["evidence__status"] == Evidence.Status.PASSED]
    pending = sum(row["evidence__status"] == Evidence.Status.PENDING for row in rows)
    return ChecklistItem(name, len(passed), pending, all(is_stale(row, today) for row in passed))


def is_stale(link: dict[str, Any], today: date) -> bool:
    """Return whether what a link speaks for has ended, or the document is more than a year old."""
    if link["period_to"] is not None:
        return link["period_to"] < today
    issued_on = link["evidence__issued_on"]
    return issued_on is not None and issued_on < today - STALE_AFTER


def evidence_links(user, codes: Iterable[str], *, set_id: int | None) -> list[dict[str, Any]]:
    """Return the links ``user`` may see of the indicators ``codes`` and of everything beneath them, newest first."""
    rows = EvidenceLink.objects.visible_to(user).filter(indicator__indicator_set=set_id)
    rows = rows.filter(Q(indicator__code__in=codes) | Q(first_level__code__in=codes))
    return list(
        rows.order_by("-evidence__added_at", "-pk").values(
            *("pk", "checklist_item", "period_from", "period_to", "indicator__code", "indicator__name"),
            *("evidence_id", "evidence__title", "evidence__kind", "evidence__status", "evidence__issued_on"),
            *("evidence__document_number", "evidence__link", "evidence__attachment_id", "evidence__added_at"),
        )
    )


def linked_to(code: str) -> Q:
    """Return the condition that evidence speaks for the indicator ``code`` or for something beneath it."""
    links = EvidenceLink.objects.unscoped("narrows rows already scoped").filter(evidence=OuterRef("pk"))
    return Q(Exists(links.filter(Q(indicator__code=code) | Q(indicator__code__startswith=f"{code}."))))


def evidence_to_offer(user, indicator: Indicator) -> QuerySet[Evidence]:
    """Return the evidence ``user`` may reuse for an indicator: that of its first level, and what is linked to nothing."""
    code = indicator.code.partition(".")[0]
    links = EvidenceLink.objects.unscoped("narrows rows already scoped").filter(evidence=OuterRef("pk"))
    return Evidence.objects.visible_to(user).filter(linked_to(code) | ~Exists(links))


def indicators_by_code(codes: Sequence[str]) -> list[Indicator]:
    """Return the indicators of the set in force by code, in the order given.

    Raises InvalidInput at ``indicators`` naming the codes nobody knows.
    """
    found = {row.code: row for row in Indicator.objects.filter(indicator_set__active=True, code__in=codes)}
    if unknown := [code for code in codes if code not in found]:
        raise InvalidInput.at("indicators", f"没有代码为 {'、'.join(unknown)} 的指标", code="unknown_indicator")
    return [found[code] for code in codes]


# --- lists -----------------------------------------------------------------------------------------


def evidence_rows(user, *, status: str = "", kind: str = "", indicator: str = "", search: str = "") -> QuerySet:
    """Return the evidence ``user`` may see as plain rows, newest first."""
    rows = Evidence.objects.visible_to(user)
    if status:
        rows = rows.filter(status=status, for_review=True)
    if kind:
        rows = rows.filter(kind=kind)
    if indicator:
        rows = rows.filter(linked_to(indicator))
    for word in search.split():
        rows = rows.filter(Q(title__icontains=word) | Q(document_number__icontains=word))
    return rows.order_by("-added_at", "-pk").values(
        *("pk", "title", "kind", "status", "for_review", "document_number", "issued_on", "link", "attachment_id"),
        *("attachment__size", "department__short_name", "added_at", "added_by__name"),
    )


def case_rows(user, *, status: str = "", indicator: str = "", search: str = "") -> QuerySet:
    """Return the practice cases ``user`` may see as plain rows, newest first."""
    rows = PracticeCase.objects.visible_to(user)
    if status:
        rows = rows.filter(status=status)
    if indicator:
        rows = rows.filter(indicator__code=indicator)
    for word in search.split():
        rows = rows.filter(Q(title__icontains=word) | Q(measures__icontains=word))
    return rows.order_by("-written_at", "-pk").values(
        *("pk", "title", "status", "indicator__code", "indicator__name", "department__short_name"),
        *("written_at", "published_at"),
    )
