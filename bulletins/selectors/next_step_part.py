"""What waits for a decision at the cut-off: coordination items and leaders' tasks (domain §4, §8 七)."""

from django.db.models import Q

from bulletins.selectors.parts import Asked, Part
from indicators.models import CoordinationItem

#: How many tasks the text lists as 一是、二是、三是; the rest is counted.
MOST_NAMED = 5


def next_step_part(asked: Asked) -> Part:
    """Return the open items as at the cut-off, leaders' instructions first, each with who leads and by when."""
    rows = CoordinationItem.objects.unscoped("the paper is the county's")
    open_then = Q(closed_at=None) | Q(closed_at__gt=asked.cut_off)
    rows = rows.filter(open_then, asked_at__lte=asked.cut_off).order_by("origin", "asked_at", "pk")
    items = [
        {
            "text": one["text"],
            "indicator": one["indicator__name"],
            "code": one["indicator__code"],
            "department": one["report__department__name"] or "",
            "due_on": one["due_on"].isoformat() if one["due_on"] else None,
            "is_instruction": one["origin"] == CoordinationItem.Origin.INSTRUCTION,
        }
        for one in rows.values(
            "text", "indicator__name", "indicator__code", "report__department__name", "due_on", "origin"
        )
    ]
    part = Part(tables={"next_steps": items[:MOST_NAMED]})
    part.facts["more_next_steps"] = max(len(items) - MOST_NAMED, 0)
    return part
