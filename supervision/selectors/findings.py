"""Findings of an inspection and their photos: what the pages of an inspector's phone ask."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from indicators.models import Evidence
from supervision.models import Inspection, Issue, IssueEvidence, IssueRound

#: What a list of findings prints.
COLUMNS = (
    *("id", "number", "title", "place", "category", "severity", "limit_kind", "due_on", "found_on", "status"),
    *("department__code", "department__short_name"),
)
WORDS = {
    "category": dict(Issue.Category.choices),
    "severity": dict(Issue.Severity.choices),
    "limit_kind": dict(Issue.LimitKind.choices),
    "status": dict(Issue.Status.choices),
}
#: At most so many photos hang on one finding.
MOST_PHOTOS = 20


def finding_rows(inspection: Inspection, *, drafts: bool) -> QuerySet:
    """Return the findings in draft, or those registered, as plain rows in the order they were written."""
    rows = inspection.issues.filter(status=Issue.Status.DRAFT) if drafts else registered_findings(inspection)
    return rows.order_by("id").values(*COLUMNS)


def registered_findings(inspection: Inspection) -> QuerySet[Issue]:
    """Return the findings that are no drafts any more."""
    return inspection.issues.exclude(status=Issue.Status.DRAFT)


def with_words(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of a list with the word of each code and the number of photos; one query for all of them."""
    rows = list(rows)
    photos = IssueEvidence.objects.unscoped("counts what hangs on rows already scoped")
    photos = photos.filter(issue__in=[row["id"] for row in rows], phase=IssueEvidence.Phase.BEFORE, withdrawn_at=None)
    counts = dict(photos.order_by().values_list("issue").annotate(Count("pk")))
    return [
        row
        | {f"{name}_label": words[row[name]] for name, words in WORDS.items()}
        | {"photos": counts.get(row["id"], 0)}
        for row in rows
    ]


def counts_by_department(inspection: Inspection) -> dict[str, Any]:
    """Return how many findings stand in which state, by department in official order, with totals; one query.

    ``states``: code and word of the states that occur; ``rows``: department, its count for each of them, its sum.
    """
    counted = inspection.issues.order_by().values("department__short_name", "department__official_order", "status")
    cells = list(counted.annotate(amount=Count("pk")))
    present = {cell["status"] for cell in cells}
    states = [(code, word) for code, word in Issue.Status.choices if code in present]
    units = {(_order(cell), cell["department__short_name"]) for cell in cells}
    rows = []
    for _, name in sorted(units, key=lambda unit: (unit[0], unit[1] or "")):
        own = {cell["status"]: cell["amount"] for cell in cells if cell["department__short_name"] == name}
        amounts = [own.get(code, 0) for code, _ in states]
        rows.append({"department": name, "amounts": amounts, "total": sum(amounts)})
    totals = [sum(row["amounts"][column] for row in rows) for column in range(len(states))]
    return {"states": states, "rows": rows, "totals": totals, "total": sum(totals)}


def _order(cell: Mapping[str, Any]) -> tuple[bool, int]:
    """Return where a department stands; those without one come last."""
    order = cell["department__official_order"]
    return order is None, order or 0


def notices_of(inspection: Inspection) -> list[dict[str, Any]]:
    """Return the departments that were given a 整改通知书 for findings of the inspection, with its number; one query."""
    rounds = IssueRound.objects.unscoped("of an inspection its reader sees")
    given = rounds.filter(issue__inspection=inspection, notice_form__isnull=False)
    given = given.exclude(ending__in=IssueRound.NOT_COUNTED).order_by(
        "department__official_order", "department_id", "notice_form__year", "notice_form__serial"
    )
    named = given.values_list(
        *("department__code", "department__short_name", "notice_form__prefix", "notice_form__year"),
        "notice_form__serial",
    )
    notices: dict[str, dict[str, Any]] = {}
    for code, name, prefix, year, serial in named:
        notice = notices.setdefault(code, {"department": code, "department_label": name, "numbers": []})
        number = f"{prefix}〔{year}〕{serial}号"
        if number not in notice["numbers"]:
            notice["numbers"].append(number)
    return list(notices.values())


# --- Photos -----------------------------------------------------------------------------------------


def waiting_photos(user, keys: Iterable[int]) -> list[Evidence]:
    """Return ``user``'s own photos among ``keys`` that hang on nothing yet, in the order they were sent."""
    used = IssueEvidence.objects.unscoped("whether it is used, whoever may see where").filter(evidence=OuterRef("pk"))
    own = Evidence.objects.unscoped("one's own photos on their way to a finding")
    rows = own.filter(~Exists(used), pk__in=list(keys), added_by=user.pk, kind=Evidence.Kind.PHOTO, links=None)
    return list(rows.filter(for_review=False).select_related("attachment").order_by("pk"))


def photos_of(issue: Issue) -> list[Evidence]:
    """Return the photos of how it was before rectification, withdrawn ones left out."""
    hangs = issue.evidence.filter(phase=IssueEvidence.Phase.BEFORE, withdrawn_at=None).order_by("id")
    return [row.evidence for row in hangs.select_related("evidence__attachment")]


def photo_for(user, inspection: Inspection, key: int) -> Evidence | None:
    """Return a photo that hangs on a finding of the inspection, or ``user``'s own that waits for one; else None."""
    hangs = IssueEvidence.objects.unscoped("of an inspection its reader sees").filter(
        evidence=OuterRef("pk"), issue__inspection=inspection, withdrawn_at=None
    )
    elsewhere = IssueEvidence.objects.unscoped("whether it is used at all").filter(evidence=OuterRef("pk"))
    own = Q(added_by=user.pk, for_review=False, links=None) & ~Exists(elsewhere)
    rows = Evidence.objects.unscoped("judged here: by the inspection, or by who sent it")
    rows = rows.filter(Exists(hangs) | own, pk=key, kind=Evidence.Kind.PHOTO, attachment__isnull=False)
    return rows.select_related("attachment").first()
