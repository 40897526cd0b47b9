"""Which of an indicator's standards is in force."""

from collections.abc import Iterable
from datetime import date

from indicators.models import Standard


def standards_with_standing(rows: Iterable[Standard], on: date) -> list[tuple[Standard, bool]]:
    """Return ``rows`` (the newest first) of one indicator, each with whether it is in force on ``on``."""
    seen: set[str] = set()
    judged = []
    for row in rows:
        begun = row.effective_from <= on
        judged.append((row, begun and row.kind not in seen))
        if begun:
            seen.add(row.kind)
    return judged
