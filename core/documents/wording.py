"""The words that are fixed in official documents: numbers with 〔〕, dates without leading zeros, levels."""

from datetime import date

_DIGITS = "〇一二三四五六七八九"


def document_number(mark: str, year: int, number: int | None) -> str:
    """Return a 发文字号, ``西营商〔2026〕3号``; a draft (``number`` None) shows ``西营商〔2026〕　号``."""
    return f"{mark}〔{year}〕{'　' if number is None else number}号"


def issue_number(number: int | None, total: int | None = None) -> str:
    """Return a 期号, ``第3期（总第262期）``; a draft shows ``第　期（总第　期）``, no ``total`` only the first half.

    Args:
        number: within the year.
        total: since the first issue; None when the office does not count (only looked at when numbered).
    """
    if number is None:
        return "第　期（总第　期）"
    return f"第{number}期" if total is None else f"第{number}期（总第{total}期）"


def official_date(day: date | None) -> str:
    """Return ``2026年3月1日``, without leading zeros; None is ``　年　月　日``."""
    return "　年　月　日" if day is None else f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """Return 1 to 99 in Chinese: 一, 十, 十二, 二十三."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十") + (_DIGITS[ones] if ones else "")


def heading_text(level: int, number: int, text: str) -> str:
    """Return a heading with its number: 一、… （一）… 1.… （1）… for the levels 1 to 4 (GB/T 9704-2012, 7.3.3)."""
    match level:
        case 1:
            return f"{chinese_number(number)}、{text}"
        case 2:
            return f"（{chinese_number(number)}）{text}"
        case 3:
            return f"{number}.{text}"
        case _:
            return f"（{number}）{text}"
