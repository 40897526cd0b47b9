"""Who has not yet signed receipt of an issued bulletin (domain §8)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from bulletins.models import Bulletin, Receipt
from core.settings_registry import setting
from departments.models import Department


def missing_receipts(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return code and names of the units valid on the day of issue, but the issuer, without a receipt; in order."""
    if bulletin.issued_on is None:
        return []
    valid = Q(valid_to=None) | Q(valid_to__gte=bulletin.issued_on)
    begun = Q(valid_from=None) | Q(valid_from__lte=bulletin.issued_on)
    units = Department.objects.filter(valid, begun).exclude(code=setting("bulletins.issuing_department"))
    received = bulletin.receipts.order_by().values("department")
    rows = units.exclude(pk__in=received).order_by("official_order", "pk")
    return [dict(row) for row in rows.values("id", "code", "short_name")]


def expected_units(on: date) -> int:
    """Return how many units sign receipt of a paper issued on the day ``on``."""
    valid = Q(valid_to=None) | Q(valid_to__gte=on)
    begun = Q(valid_from=None) | Q(valid_from__lte=on)
    return Department.objects.filter(valid, begun).exclude(code=setting("bulletins.issuing_department")).count()


def receipt_counts(papers: Mapping[int, date]) -> dict[int, tuple[int, int]]:
    """Return how many units have signed receipt of each paper, and how many should; two queries.

    Args:
        papers: key and day of issue.
    """
    received = defaultdict(set)
    rows = Receipt.objects.unscoped("counts of papers the reader sees").filter(bulletin__in=papers)
    for paper, unit in rows.order_by().values_list("bulletin", "department"):
        received[paper].add(unit)
    units = list(
        Department.objects.exclude(code=setting("bulletins.issuing_department"))
        .order_by()
        .values_list("pk", "valid_from", "valid_to")
    )
    counts = {}
    for paper, day in papers.items():
        valid = {
            pk for pk, begun, ended in units if (begun is None or begun <= day) and (ended is None or day <= ended)
        }
        counts[paper] = (len(received[paper]), len(valid | received[paper]))
    return counts


def receipt_list(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return every unit that has signed or should, in official order: ``unit``, ``by``, ``at`` (None: not yet)."""
    rows: list[tuple[int, int, dict[str, Any]]] = [
        (
            one.department.official_order,
            one.department_id,
            {"unit": one.department.short_name, "by": one.user.name, "at": one.at},
        )
        for one in bulletin.receipts.select_related("department", "user")
    ]
    missing = Department.objects.in_bulk([unit["id"] for unit in missing_receipts(bulletin)])
    rows += [
        (unit.official_order, unit.pk, {"unit": unit.short_name, "by": "", "at": None}) for unit in missing.values()
    ]
    return [row for _, _, row in sorted(rows, key=lambda one: one[:2])]
