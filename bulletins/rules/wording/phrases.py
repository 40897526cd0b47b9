"""Phrases every paper shares. In official documents there is no space between Chinese and digits (ui.md §7)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_ORDINALS = "一二三四五六七八九"
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
        return f"{start.month}月{start.day}日"
    if start.year != end.year:
        return f"{start.year}年{start.month}月{start.day}日至{end.year}年{end.month}月{end.day}日"
    return f"{start.month}月{start.day}日至{end.month}月{end.day}日"


def bound(name: str) -> str:
    """Return the mark of a bound number."""
    return f"{{{name}}}"


def fraction(name: str) -> str:
    """Return a rate with its counts, 93.33%（14/15）, all three bound; the group moves as one."""
    return f"{bound(name)}（{bound(f'{name}.n')}/{bound(f'{name}.d')}）"


def joined(parts: Sequence[str], separator: str = "、") -> str:
    """Return the parts as one enumeration."""
    return separator.join(parts)


def numbered(sentences: Sequence[str]) -> str:
    """Return 一是…。二是…。; a single one stands without its number."""
    if len(sentences) == 1:
        return f"{sentences[0]}。"
    return "".join(f"{ordinal}是{sentence}。" for ordinal, sentence in zip(_ORDINALS, sentences, strict=False))


def closed_up(text: str) -> str:
    """Return ``text`` without the spaces that screens put between Chinese and digits."""
    return _SPACES.sub("", text)


def number_of(snapshot: Mapping[str, Any], name: str) -> str | None:
    """Return the exact figure of a bound number, None for none."""
    number = snapshot["numbers"].get(name)
    return None if number is None else number["value"]


def is_zero(snapshot: Mapping[str, Any], name: str) -> bool:
    """Return whether a bound count is nought, or unknown."""
    return number_of(snapshot, name) in {None, "0"}
