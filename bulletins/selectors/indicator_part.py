"""Scores and values of the period: composite, changes, best and weak spots, and the indicator annex (domain §3, §8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse

from bulletins.rules.wording.phrases import in_print
from bulletins.selectors.parts import Asked, Part
from core import formats
from core.clock import local_date
from indicators.models import Indicator, Observation
from indicators.selectors.score_rows import ScoreRow, ScoreSheet
from indicators.selectors.scores import catalogue_scores

#: How many changes, best and weak rows the text names; the annex has them all.
MOST_NAMED = 5
REACHED = "已达前沿"


@dataclass(frozen=True, slots=True)
class Start:
    """A leaf's value before the period, and how it prints."""

    value: Decimal
    text: str


def indicator_part(asked: Asked) -> Part:
    """Return the composite with its change, the values that moved in the period, the best and the weak spots."""
    return _part(asked, is_yearly=False)


def yearly_indicator_part(asked: Asked) -> Part:
    """Return the same over a year; a leaf without a value at its beginning is compared with its baseline (基期).

    Where it has none either, with the first value of the year: the first year in use has a before, too.
    """
    return _part(asked, is_yearly=True)


def _part(asked: Asked, *, is_yearly: bool) -> Part:
    on = min(asked.end, local_date(asked.cut_off))
    after = catalogue_scores(on, asked.cut_off)
    before = catalogue_scores(asked.start - timedelta(days=1))
    starts = starts_of(after, before)
    if is_yearly:
        starts = _first_values(after, asked) | _baselines(after) | starts
    part = Part()
    _bind_total(part, after, before)
    moved = moved_leaves(after, starts)
    names = {row.code: row.name for row in after.first_level()}
    part.tables["changes"] = [_change(part, row, start, names) for row, start in moved]
    part.tables["best"] = [_standing(part, row) for row in best_rows(after)]
    part.tables["weak"] = [_standing(part, row) for row in after.weak_spots()[:MOST_NAMED]]
    part.tables["indicators"] = [annex_row(row, starts.get(row.code)) for row in after.rows.values()]
    changed_first_level = {row.first_level for row, _ in moved}
    part.bind(
        "indicators.changed",
        len(changed_first_level),
        label="有变化的一级指标",
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


def starts_of(after: ScoreSheet, before: ScoreSheet) -> dict[str, Start]:
    """Return the value in force before the period, by leaf; those without one are left out."""
    return {
        row.code: Start(old.reading.value, in_print(old.value_text))
        for row in after.leaves()
        if (old := before.rows.get(row.code)) is not None and old.reading.value is not None
    }


def _baselines(after: ScoreSheet) -> dict[str, Start]:
    """Return the baseline of each leaf that has a comparable one."""
    return {
        row.code: Start(baseline.value, f"{in_print(row.figure_text(baseline.value))}（基期）")
        for row in after.leaves()
        if (baseline := row.standards.get("baseline")) is not None and baseline.is_comparable
    }


def _first_values(after: ScoreSheet, asked: Asked) -> dict[str, Start]:
    """Return the first value accepted for a day of the period, by leaf; one query."""
    leaves = {row.id: row for row in after.leaves()}
    rows = Observation.objects.unscoped("accepted values are everybody's").filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=asked.cut_off),
        indicator__in=leaves,
        standing=Observation.Standing.ACCEPTED,
        as_of__range=(asked.start, asked.end),
        accepted_at__lte=asked.cut_off,
    )
    found: dict[str, Start] = {}
    for leaf, value in rows.order_by("indicator", "as_of", "-accepted_at", "-id").values_list("indicator", "value"):
        row = leaves[leaf]
        found.setdefault(row.code, Start(value, f"{in_print(row.figure_text(value))}（首报）"))
    return found


def moved_leaves(after: ScoreSheet, starts: Mapping[str, Start]) -> list[tuple[ScoreRow, Start]]:
    """Return the leaves whose value in force moved in the period, with what it was before, in catalogue order."""
    return [
        (row, start)
        for row in after.leaves()
        if (start := starts.get(row.code)) is not None
        and row.reading.value is not None
        and row.reading.value != start.value
    ]


def best_rows(sheet: ScoreSheet) -> list[ScoreRow]:
    """Return the first-level rows that lead (领先), highest first."""
    leading = [row for row in sheet.first_level() if row.light == "ok" and row.shown_score is not None]
    return sorted(leading, key=lambda row: (-(row.score or Decimal(0)), row.code))[:MOST_NAMED]


def _url(row: ScoreRow) -> str:
    return reverse("indicators:detail", args=[row.code])


def _change(part: Part, row: ScoreRow, start: Start, first_level: Mapping[str, str]) -> dict[str, Any]:
    """Bind the values of a leaf that moved and return what the sentence about it asks."""
    assert row.reading.value is not None
    name, url, group = in_print(row.name), _url(row), row.code
    part.bind(f"{row.code}.value", row.reading.value, label=name, url=url, group=group, text=in_print(row.value_text))
    part.bind(f"{row.code}.before", start.value, label=f"{name}（期初）", url=url, group=group, text=start.text)
    gap = row.gap if row.gap is not None and row.gap > 0 else None
    if gap is not None:
        unit = "个百分点" if row.unit == "%" else row.unit
        part.bind(
            f"{row.code}.gap",
            gap,
            label=f"{name}与前沿的差距",
            url=url,
            group=group,
            text=in_print(formats.measure(gap, unit)),
        )
    rose = row.reading.value > start.value
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
    part.bind(
        f"{row.code}.score",
        row.shown_score,
        label=f"{row.name}自评分",
        url=_url(row),
        group="score",
        text=row.score_text,
    )
    lead = row.lead.name if row.lead else ""
    return {"code": row.code, "name": row.name, "lead": lead, "gap_text": row.gap_text, "light": row.light}


def annex_row(row: ScoreRow, start: Start | None) -> dict[str, Any]:
    """Return a line of the indicator annex: figures exact as text, so that the workbook can compute from them."""
    reading = row.reading
    before = start.value if start is not None else None
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
        "before_text": start.text if start is not None else formats.MISSING,
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
