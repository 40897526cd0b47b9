"""How figures read on screen and paper: pure functions from numbers to Chinese text (ui.md §8)."""

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"
MISSING = "—"
MONEY_UNITS = frozenset({"元", "万元"})
YES_NO_UNIT = "是/否"


def rounded(value: Decimal | int, decimals: int) -> Decimal:
    """Return ``value`` rounded half up to ``decimals`` places."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def figure(value: Decimal | int | None, decimals: int = 4, *, fixed: bool = False) -> str:
    """Return a number as read on screen.

    Args:
        value: the number; ``None`` is missing and prints ``—``, a true zero prints ``0``.
        decimals: how many places are kept (half up).
        fixed: keep trailing zeros (rates, scores, money); otherwise they go.

    Thousands separators begin at five digits; a negative number carries U+2212.
    """
    if value is None:
        return MISSING
    number = rounded(value, decimals)
    text = f"{abs(number):f}"
    if not fixed and "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, fraction = text.partition(".")
    if len(whole) >= 5:
        whole = f"{int(whole):,}"
    sign = MINUS if number < 0 else ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def signed(value: Decimal | None, decimals: int = 2) -> str:
    """Return a change with its sign, ``+0.31`` or ``−0.04``; no change is ``0.00``, missing ``—``."""
    if value is None:
        return MISSING
    text = figure(value, decimals, fixed=True)
    return f"+{text}" if rounded(value, decimals) > 0 else text


def percent(value: Decimal | None) -> str:
    """Return a rate given in per cent with two decimals, ``96.30%``; missing (denominator 0) is ``—``.

    A value below 100 that would round to 100.00 prints 99.99 (ui.md §8).
    """
    if value is None:
        return MISSING
    if value < 100 and rounded(value, 2) == 100:
        return "99.99%"
    return f"{figure(value, 2, fixed=True)}%"


def rate(numerator: int, denominator: int) -> str:
    """Return ``numerator / denominator`` as a percentage with two decimals, ``—`` for a denominator of 0."""
    return percent(Decimal(numerator) * 100 / Decimal(denominator) if denominator else None)


def measure(value: Decimal | None, unit: str, decimals: int = 4, *, is_yes_no: bool = False) -> str:
    """Return an indicator's value with its unit: ``6.5 天``, ``96.3%``, ``12,000.00 元``, ``是``."""
    if value is None:
        return MISSING
    if is_yes_no or unit == YES_NO_UNIT:
        return "是" if value else "否"
    text = figure(value, 2, fixed=True) if unit in MONEY_UNITS else figure(value, decimals)
    return f"{text}{unit}" if unit in ("", "%") else f"{text} {unit}"


def gap_text(gap: Decimal | None, unit: str, decimals: int = 4, *, short: bool = False, is_yes_no: bool = False) -> str:
    """Return what is missing to the frontier in words: ``还差 2 天``, ``已达前沿``, ``—`` when unknown.

    ``short`` drops 还 for tables and tiles; a missing percentage is said in 个百分点 (ui.md §7).
    """
    if gap is None:
        return MISSING
    if gap <= 0:
        return "已达前沿"
    if is_yes_no or unit == YES_NO_UNIT:
        return "尚未做到"
    word = "差" if short else "还差"
    return f"{word} {measure(gap, '个百分点' if unit == '%' else unit, decimals)}"
