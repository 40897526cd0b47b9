"""Self-assessed scores (自评分): pure arithmetic from figures to scores, coverage, gaps, lights and ranks.

Nothing here reads the database or the clock. Scores are exact fractions from the leaf up to the total
and become decimals only when they are shown, so that rounding never accumulates (domain §3).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import overload

#: The key under which ``roll_up`` returns the composite of all first-level rows.
TOTAL = ""
FULL = Fraction(100)
NO_DATA = "no_data"
#: Lights from worst to best, and what each is called.
LIGHTS = ("serious", "behind", "near", "ok")
LIGHT_WORDS = {"ok": "领先", "near": "接近", "behind": "有差距", "serious": "差距大", NO_DATA: "数据不足"}


# --- One leaf ----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def leaf_score(worst: Decimal | None, frontier: Decimal | None, value: Decimal | None) -> Fraction | None:
    """Return ``(value - worst) / (frontier - worst) * 100`` within 0..100, exactly.

    None when a figure is missing, or worst and frontier are the same number. One formula serves every
    direction: a bad "yes" is expressed by worst 1, frontier 0.
    """
    if worst is None or frontier is None or value is None or worst == frontier:
        return None
    score = (Fraction(value) - Fraction(worst)) * 100 / (Fraction(frontier) - Fraction(worst))
    return min(max(score, Fraction(0)), FULL)


def gap_to(standard: Decimal | None, value: Decimal | None, direction: str) -> Decimal | None:
    """Return what ``value`` lacks to ``standard`` in the leaf's unit, never below 0; None when unknown.

    A yes/no leaf is either there (0) or not (1).
    """
    if standard is None or value is None:
        return None
    if direction == "yesno":
        return abs(standard - value)
    return max(value - standard if direction == "lower" else standard - value, Decimal(0))


def share_of_way(baseline: Decimal | None, target: Decimal | None, value: Decimal | None) -> Fraction | None:
    """Return 目标完成度, ``(baseline - value) / (baseline - target)``; None when a figure is missing or they are equal."""
    if baseline is None or target is None or value is None or baseline == target:
        return None
    return (Fraction(baseline) - Fraction(value)) / (Fraction(baseline) - Fraction(target))


# --- The tree ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree; ``score`` counts on leaves only, a leaf being a node without children."""

    code: str
    parent: str | None
    weight: Decimal
    applicable: bool = True
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a node comes to: its exact score, and how many of its applicable leaves have one."""

    score: Fraction | None = None
    scored_leaves: int = 0
    applicable_leaves: int = 0

    @property
    def coverage(self) -> Decimal | None:
        """Leaves with a score / applicable leaves, 4 decimals half up; None when none is applicable."""
        if not self.applicable_leaves:
            return None
        return rounded(Fraction(self.scored_leaves, self.applicable_leaves), 4)

    def is_sufficient(self, least: Decimal) -> bool:
        """Return whether there is a score that rests on at least the share ``least`` of the leaves."""
        if self.score is None or not self.applicable_leaves:
            return False
        return Fraction(self.scored_leaves, self.applicable_leaves) >= Fraction(least)


def roll_up(nodes: Iterable[Node]) -> dict[str, Rollup]:
    """Return the rollup of every node by code, and of all roots together under ``TOTAL``.

    An inapplicable node takes everything below it out of scores and coverage. A node of weight 0, or
    without a score, takes no part in its parent's mean; its leaves still count in the coverage.
    """
    nodes = list(nodes)
    children: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        children[node.parent or TOTAL].append(node)
    results = {node.code: Rollup() for node in nodes}
    results[TOTAL] = _roll_up_below(TOTAL, children, results)
    return results


def _roll_up_below(code: str, children: Mapping[str, list[Node]], results: dict[str, Rollup]) -> Rollup:
    """Return the rollup of the node ``code`` from its applicable children, which are entered in ``results``."""
    weighted, weights = Fraction(0), Fraction(0)
    scored = applicable = 0
    for node in children[code]:
        if not node.applicable:
            continue
        if node.code in children:
            result = _roll_up_below(node.code, children, results)
        else:
            result = Rollup(node.score, int(node.score is not None), 1)
        results[node.code] = result
        scored += result.scored_leaves
        applicable += result.applicable_leaves
        if result.score is not None:
            weighted += Fraction(node.weight) * result.score
            weights += Fraction(node.weight)
    return Rollup(weighted / weights if weights else None, scored, applicable)


def contributions(
    before: Mapping[str, Fraction | None], after: Mapping[str, Fraction | None], weights: Mapping[str, Decimal]
) -> tuple[dict[str, Fraction], Fraction]:
    """Return by how much each node moved the weighted mean, and what the change of membership moved.

    Args:
        before, after: scores by code; None takes no part.
        weights: the nodes' weights.

    The parts and the rest sum up exactly to the change of the mean. The rest is what came from nodes
    that gained or lost their score altogether (计分范围变化).
    """
    total_weight = sum((Fraction(weights[code]) for code, score in after.items() if score is not None), Fraction(0))
    parts = {
        code: Fraction(weights[code]) * (score - old) / total_weight
        for code, score in after.items()
        if score is not None and total_weight and (old := before.get(code)) is not None and score != old
    }
    change = (mean(after, weights) or Fraction(0)) - (mean(before, weights) or Fraction(0))
    return parts, change - sum(parts.values(), Fraction(0))


def mean(scores: Mapping[str, Fraction | None], weights: Mapping[str, Decimal]) -> Fraction | None:
    """Return the weighted mean of the scores there are; None when there is none or their weights sum to 0."""
    known = [(Fraction(weights[code]), score) for code, score in scores.items() if score is not None]
    total = sum((weight for weight, _ in known), Fraction(0))
    return sum((weight * score for weight, score in known), Fraction(0)) / total if total else None


# --- What is shown -----------------------------------------------------------------------------


@overload
def rounded(number: Fraction, places: int = 2) -> Decimal: ...
@overload
def rounded(number: None, places: int = 2) -> None: ...
def rounded(number: Fraction | None, places: int = 2) -> Decimal | None:
    """Return an exact number as a decimal of ``places`` places, half up; None stays None."""
    if number is None:
        return None
    shifted = abs(number) * 10**places
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return (
        Decimal(-whole if number < 0 else whole)
        .scaleb(-places)
        .quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    )


@dataclass(frozen=True, slots=True)
class LightLevels:
    """The settings behind a light: the least scores of 领先, 接近 and 有差距."""

    ok: Decimal = Decimal(95)
    near: Decimal = Decimal(85)
    behind: Decimal = Decimal(70)


def light_of(score: Decimal | None, levels: LightLevels, *, target_reached: bool = False, silent: bool = False) -> str:
    """Return the light of a shown score: ``ok``, ``near``, ``behind``, ``serious``, or ``no_data`` without one.

    Args:
        score: as shown, so that light and figure never disagree; None also when coverage is insufficient.
        target_reached: a reached target is at least near.
        silent: too many working days without a report make it one step worse.
    """
    if score is None:
        return NO_DATA
    step = sum(score >= least for least in (levels.behind, levels.near, levels.ok))
    if target_reached:
        step = max(step, LIGHTS.index("near"))
    return LIGHTS[max(step - silent, 0)]


def ranks(scores: Mapping[str, Decimal | None]) -> dict[str, int]:
    """Return the rank of each code that has a score, best first, ties sharing the better rank: 1, 1, 3."""
    known = {code: score for code, score in scores.items() if score is not None}
    return {code: 1 + sum(other > score for other in known.values()) for code, score in known.items()}
