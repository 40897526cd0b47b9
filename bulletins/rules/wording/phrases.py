"""Phrases every paper shares. In official documents there is no space between Chinese and digits (ui.md §7)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from core.dates import SHANGHAI

_ORDINALS = "一二三四五六七八九"
_ONE_DAY, _WEEK, _A_MONTH_AND_MORE = timedelta(days=1), timedelta(days=7), timedelta(days=32)
_PERIOD_WORDS = {"day": "当日", "week": "本周", "month": "本月", "year": "本年度"}
_WORKDAYS = re.compile(r"(?<=\d) ?工作日")
_SPACES = re.compile(r"(?<=[0-9A-Za-z%）}]) +(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) +(?=[0-9A-Za-z（{])")


@dataclass(frozen=True, slots=True)
class Section:
    """One section: key of the contract, its heading, and its text with ``{name}`` where a number stands."""

    key: str
    title: str
    text: str


def span(start: date, end: date) -> str:
    """Return 10月5日至10月11日, with years where they differ, one day alone as 10月5日."""
    if start == end:
        return month_and_day(start)
    if start.year != end.year:
        return f"{start.year}年{month_and_day(start)}至{end.year}年{month_and_day(end)}"
    return f"{month_and_day(start)}至{month_and_day(end)}"


def month_and_day(day: date) -> str:
    """Return 10月5日."""
    return f"{day.month}月{day.day}日"


def days_of(snapshot: Mapping[str, Any]) -> tuple[date, date]:
    """Return first and last day of the paper's period."""
    return date.fromisoformat(snapshot["from"]), date.fromisoformat(snapshot["to"])


def span_of(start: date, end: date) -> str:
    """Return what the days are: a day, a week from Monday, a month, a year; empty for any others."""
    after = end + _ONE_DAY
    if start == end:
        return "day"
    if start.isoweekday() == 1 and after - start == _WEEK:
        return "week"
    if start.day == 1 and after == (start + _A_MONTH_AND_MORE).replace(day=1):
        return "month"
    return "year" if (start, after) == (date(start.year, 1, 1), date(start.year + 1, 1, 1)) else ""


def period_word(snapshot: Mapping[str, Any]) -> str:
    """Return what the paper calls its period: 本周, 本月, 本年度, 当日; 本期 for any other days."""
    return _PERIOD_WORDS.get(span_of(*days_of(snapshot)), "本期")


def last_day(snapshot: Mapping[str, Any]) -> date:
    """Return the last day the numbers know of: the period's, or that of an earlier cut-off."""
    known = datetime.fromisoformat(snapshot["cut_off"]).astimezone(SHANGHAI)
    return min(days_of(snapshot)[1], known.date())


def cut_note(snapshot: Mapping[str, Any]) -> str:
    """Return ，数据截至11月26日9时 for a paper cut before its period was over, else nothing."""
    moment = datetime.fromisoformat(snapshot["cut_off"]).astimezone(SHANGHAI)
    if moment >= datetime.combine(days_of(snapshot)[1] + _ONE_DAY, time.min, SHANGHAI):
        return ""
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"，数据截至{moment.month}月{moment.day}日{moment.hour}时{minutes}"


def bound(name: str) -> str:
    """Return the mark of a bound number."""
    return f"{{{name}}}"


def fraction(name: str) -> str:
    """Return a rate with its counts, 93.33%（14/15）, all three bound; the group moves as one."""
    return f"{bound(name)}（{bound(f'{name}.n')}/{bound(f'{name}.d')}）"


def joined(parts: Sequence[str], separator: str = "、") -> str:
    """Return the parts as one enumeration."""
    return separator.join(parts)


def listed(names: Sequence[str]) -> str:
    """Return names as one enumeration; in quotation marks where one of them holds the mark between them itself."""
    if any("、" in name for name in names):
        return "".join(f"“{name}”" for name in names)
    return joined(names)


def numbered(sentences: Sequence[str], separator: str = "\n") -> str:
    """Return 一是…。二是…。, each a paragraph of its own unless told otherwise; a single one stands without its number.

    Long paragraphs at the end of a paper leave a page half empty: the last one stays with name and date.
    """
    if len(sentences) == 1:
        return f"{sentences[0]}。"
    return separator.join(f"{ordinal}是{sentence}。" for ordinal, sentence in zip(_ORDINALS, sentences, strict=False))


def closed_up(text: str) -> str:
    """Return ``text`` without the spaces that screens put between Chinese and digits."""
    return _SPACES.sub("", text)


def in_print(text: str) -> str:
    """Return a name or a measure as documents write it: （） instead of (), 3 个工作日 instead of 3 工作日."""
    return _WORKDAYS.sub(" 个工作日", text).replace("(", "（").replace(")", "）")


def number_of(snapshot: Mapping[str, Any], name: str) -> str | None:
    """Return the exact figure of a bound number, None for none."""
    number = snapshot["numbers"].get(name)
    return None if number is None else number["value"]


def is_zero(snapshot: Mapping[str, Any], name: str) -> bool:
    """Return whether a bound count is nought, or unknown."""
    return number_of(snapshot, name) in {None, "0"}
