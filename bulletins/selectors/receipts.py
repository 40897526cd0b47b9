"""Who has not yet signed receipt of an issued bulletin (domain §8)."""

from typing import Any

from django.db.models import Q

from bulletins.models import Bulletin
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
