"""A tally as pages, workbooks and the API print it: each figure with its counts, text and formula (api.md)."""

from typing import Any

from complaints.rules.rates import FIGURES, ON_TIME_CLOSE_FORMULAS, Definition, Tally
from core.rates import Figure


def figures_of(tally: Tally, definition: str = Definition.DUE) -> dict[str, dict[str, Any]]:
    """Return ``{key: {label, numerator, denominator, value, text, formula}}``; ``return`` also has ``requested``.

    ``value`` is per cent with six decimals as text, None for a denominator of 0; a plain count has no denominator.
    """
    return {figure.key: _figure(figure, tally, definition) for figure in FIGURES}


def _figure(figure: Figure, tally: Tally, definition: str) -> dict[str, Any]:
    count = tally.counts[figure.key]
    counted = str(count.numerator)
    shown = {
        "label": figure.label,
        "numerator": count.numerator,
        "denominator": None if figure.is_count else count.denominator,
        "value": counted if figure.is_count else count.value,
        "text": counted if figure.is_count else count.text,
        "formula": formula_of(figure, definition),
    }
    return shown | ({"requested": tally.requested} if figure.key == "return" else {})


def formula_of(figure: Figure, definition: str) -> str:
    """Return how the figure is computed under ``definition``."""
    return ON_TIME_CLOSE_FORMULAS[Definition(definition)] if figure.key == "on_time_close" else figure.formula
