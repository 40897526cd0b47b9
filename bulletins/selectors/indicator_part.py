"""Scores and values of the period: composite, changes, best and weak spots, and the indicator annex (domain §3, §8)."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from bulletins.selectors.parts import Asked, Part
from core import formats
from core.clock import local_date
from indicators.models import Indicator
from indicators.selectors.score_rows import ScoreRow, ScoreSheet
from indicators.selectors.scores import catalogue_scores

#: How many changes, best and weak rows the text names; the annex has them all.
MOST_NAMED = 5
REACHED = "已达前沿"


def indicator_part(asked: Asked) -> Part:
    """Return the composite with its change, the values that moved in the period, the best and the weak spots."""
    on = min(asked.end, local_date(asked.cut_off))
    after = catalogue_scores(on, asked.cut_off)
    before = catalogue_scores(asked.start - timedelta(days=1))
    part = Part()
    _bind_total(part, after, before)
    moved = moved_leaves(after, before)
    names = {row.code: row.name for row in after.first_level()}
    part.tables["changes"] = [_change(part, row, old, names) for row, old in moved]
    part.tables["best"] = [_standing(part, row) for row in best_rows(after)]
    part.tables["weak"] = [_standing(part, row) for row in after.weak_spots()[:MOST_NAMED]]
    part.tables["indicators"] = [annex_row(row, before.rows.get(row.code)) for row in after.rows.values()]
    changed_first_level = {row.first_level for row, _ in moved}
    part.bind(
        "indicators.changed",
        len(changed_first_level),
        label="有变化的一级指标",
        url=reverse("indicators:list"),
        group="indicators",
    )
    part.bind(
        "indicators.changed_values",
        len(moved),
        label="有变化的数值",
        url=reverse("indicators:list"),
        group="indicators",
    )
    part.facts["first_level"] = len(after.first_level())
    return part


def _bind_total(part: Part, after: ScoreSheet, before: ScoreSheet) -> None:
    total, url = after.total, reverse("overview:dashboard")
    both = total.sufficient and before.total.sufficient
    change = (
        total.score - before.total.score
        if both and total.score is not None and before.total.score is not None
        else None
    )
    shown = total.score if total.sufficient else None
    part.bind(
        "score.total", shown, label="综合自评分", url=url, group="score", text=formats.figure(shown, 2, fixed=True)
    )
    part.bind(
        "score.change",
        None if change is None else abs(change),
        label="综合自评分变化",
        url=url,
        group="score",
        text=formats.figure(None if change is None else abs(change), 2, fixed=True),
    )
    part.bind("score.leaves", total.scored_leaves, label="可计分的末级指标", url=url, group="score")
    part.bind("score.applicable", total.applicable_leaves, label="适用的末级指标", url=url, group="score")
    part.facts["score_direction"] = direction_of(change)
    part.facts["score_sufficient"] = total.sufficient


def direction_of(change: Decimal | None) -> str:
    """Return up, down, same, or unknown."""
    if change is None:
        return "unknown"
    return "up" if change > 0 else "down" if change < 0 else "same"


def moved_leaves(after: ScoreSheet, before: ScoreSheet) -> list[tuple[ScoreRow, ScoreRow]]:
    """Return the leaves whose value in force moved in the period, with the row before, in catalogue order."""
    return [
        (row, old)
        for row in after.leaves()
        if (old := before.rows.get(row.code)) is not None
        and row.reading.value is not None
        and old.reading.value is not None
        and row.reading.value != old.reading.value
    ]


def best_rows(sheet: ScoreSheet) -> list[ScoreRow]:
    """Return the first-level rows that lead (领先), highest first."""
    leading = [row for row in sheet.first_level() if row.light == "ok" and row.shown_score is not None]
    return sorted(leading, key=lambda row: (-(row.score or Decimal(0)), row.code))[:MOST_NAMED]


def _url(row: ScoreRow) -> str:
    return reverse("indicators:detail", args=[row.code])


def _change(part: Part, row: ScoreRow, old: ScoreRow, first_level: Mapping[str, str]) -> dict[str, Any]:
    """Bind the values of a leaf that moved and return what the sentence about it asks."""
    assert row.reading.value is not None
    assert old.reading.value is not None
    part.bind(
        f"{row.code}.value", row.reading.value, label=row.name, url=_url(row), group=row.code, text=row.value_text
    )
    part.bind(
        f"{row.code}.before",
        old.reading.value,
        label=f"{row.name}（期初）",
        url=_url(row),
        group=row.code,
        text=old.value_text,
    )
    gap = row.gap if row.gap is not None and row.gap > 0 else None
    if gap is not None:
        unit = "个百分点" if row.unit == "%" else row.unit
        part.bind(
            f"{row.code}.gap",
            gap,
            label=f"{row.name}与前沿的差距",
            url=_url(row),
            group=row.code,
            text=formats.measure(gap, unit),
        )
    rose = row.reading.value > old.reading.value
    better = rose if row.direction == Indicator.Direction.HIGHER else not rose
    return {
        "code": row.code,
        "name": row.name,
        "rose": rose,
        "is_better": True if row.is_yes_no and rose else better,
        "has_gap": gap is not None,
        "at_frontier": row.gap_text == REACHED,
        "is_yes_no": row.is_yes_no,
        "first_level": first_level.get(row.first_level, ""),
    }


def _standing(part: Part, row: ScoreRow) -> dict[str, Any]:
    """Bind the score of a first-level row that the text names."""
    part.bind(f"{row.code}.score", row.shown_score, label=f"{row.name}自评分", url=_url(row), text=row.score_text)
    lead = row.lead.name if row.lead else ""
    return {"code": row.code, "name": row.name, "lead": lead, "gap_text": row.gap_text, "light": row.light}


def annex_row(row: ScoreRow, old: ScoreRow | None) -> dict[str, Any]:
    """Return a line of the indicator annex: figures exact as text, so that the workbook can compute from them."""
    reading = row.reading
    before = old.reading.value if old is not None else None
    target = row.standards.get("target")
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "is_leaf": row.is_leaf,
        "unit": row.unit,
        "direction": row.direction,
        "lead": row.lead.name if row.lead else "",
        "value": _exact(reading.value),
        "value_text": row.value_text,
        "before": _exact(before),
        "before_text": old.value_text if old is not None else formats.MISSING,
        "change": _exact(reading.value - before if reading.value is not None and before is not None else None),
        "target_text": row.standard_text("target"),
        "target": _exact(target.value if target is not None and target.is_comparable else None),
        "worst": _exact(reading.worst),
        "frontier": _exact(reading.frontier),
        "gap_text": row.gap_text,
        "score": _exact(row.score if row.is_leaf else row.shown_score),
        "score_text": row.score_text,
        "rank": row.rank,
        "rank_change": row.rank_change,
        "light": row.light,
        "applicable": row.applicable,
    }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
