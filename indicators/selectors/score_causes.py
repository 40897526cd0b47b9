"""得分为什么变: what moved the composite since seven days before, indicator by indicator."""

from collections.abc import Mapping

from indicators import scoring
from indicators.selectors.score_rows import Cause, Column, Reading, ScoreRow

FIGURE_WORDS = (("value", ""), ("frontier", "前沿值"), ("worst", "最差值"))


def causes_of_change(rows: Mapping[str, ScoreRow], now: Column, before: Column) -> tuple[Cause, ...]:
    """Return the causes of the composite's change from ``before`` to ``now``, the strongest first.

    Their effects sum up to the change, but for the rounding of each.
    """
    first_level = {code: row for code, row in rows.items() if row.level == 1}
    parts, rest = scoring.contributions(
        {code: before.results[code].score for code in first_level},
        {code: now.results[code].score for code in first_level},
        {code: row.weight for code, row in first_level.items()},
    )
    causes = [
        Cause(code, rows[code].name, scoring.rounded(effect), reasons(code, rows, now.readings, before.readings))
        for code, effect in parts.items()
    ]
    causes.sort(key=lambda cause: (-abs(cause.effect), cause.code))
    if rest:
        gained = [
            row.name
            for code, row in first_level.items()
            if (now.results[code].score is None) != (before.results[code].score is None)
        ]
        causes.append(Cause("", "计分范围变化", scoring.rounded(rest), tuple(gained)))
    return tuple(causes)


def reasons(
    code: str, rows: Mapping[str, ScoreRow], now: Mapping[str, Reading], before: Mapping[str, Reading]
) -> tuple[str, ...]:
    """Return what changed below the first-level ``code``: 报装时间 6.5 天 → 6 天, 报装时间 前沿值 4 天 → 3 天."""
    words = []
    for leaf in rows.values():
        if leaf.first_level != code or not leaf.is_leaf:
            continue
        for name, label in FIGURE_WORDS:
            old, new = getattr(before[leaf.code], name), getattr(now[leaf.code], name)
            if old != new:
                figure = f"{leaf.figure_text(old)} → {leaf.figure_text(new)}"
                words.append(f"{leaf.name} {label} {figure}" if label else f"{leaf.name} {figure}")
    return tuple(words)
