"""与上期对照: the bound numbers and the words of a paper beside those of the issued one before it."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from bulletins.bindings import filled
from bulletins.models import Bulletin
from bulletins.rules.wording.phrases import closed_up
from bulletins.selectors.snapshot import last_issued
from bulletins.selectors.sources import printed_names
from core import formats

#: Words are compared clause by clause: single characters would tear Chinese words apart.
_CLAUSE = re.compile(r"[^，。；：\n]*[，。；：\n]?")
MOST_DECIMALS = 4
RATE_STEP = Decimal("0.01")
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True, slots=True)
class NumberPair:
    """One bound number in both papers; ``difference`` carries its sign, and is empty where there is none to tell."""

    label: str
    before: str
    after: str
    difference: str
    url: str


@dataclass(frozen=True, slots=True)
class SectionPair:
    """One section's words: pieces of ``same``, ``added`` (only in this paper) or ``removed`` (only in the last)."""

    key: str
    title: str
    pieces: list[tuple[str, str]]

    @property
    def is_same(self) -> bool:
        """Whether both papers say the same."""
        return all(kind == SAME for kind, _ in self.pieces)


def paper_before(bulletin: Bulletin) -> Bulletin | None:
    """Return the newest issued paper of the kind that ended before this one began, None without one."""
    return last_issued(bulletin.kind, before=bulletin.from_on)


def number_pairs(before: Bulletin, after: Bulletin) -> list[NumberPair]:
    """Return the numbers either text prints, in this paper's order, then those only the last one has."""
    old, new = before.snapshot["numbers"], after.snapshot["numbers"]
    names = dict.fromkeys([*printed_names(after), *printed_names(before)])
    return [_pair(old.get(name), new.get(name)) for name in names if not name.startswith("previous.")]


def _pair(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> NumberPair:
    known = new or old or {}
    return NumberPair(
        label=known["label"],
        before=old["text"] if old else formats.MISSING,
        after=new["text"] if new else formats.MISSING,
        difference=difference(old, new),
        url=known["url"],
    )


def difference(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    """Return the change of a figure with its sign, 0 for none; empty where one of the two is no figure.

    Rates differ by 个百分点 of at most two decimals (ui.md §7, §8).
    Whether a change is good is not said: that depends on the indicator, and the paper's words say it.
    """
    if old is None or new is None or old["value"] is None or new["value"] is None:
        return ""
    try:
        change = Decimal(new["value"]) - Decimal(old["value"])
    except InvalidOperation:
        return ""
    is_rate = str(new.get("text", "")).endswith("%")
    if is_rate:
        change = change.quantize(RATE_STEP, ROUND_HALF_UP)
    if not change:
        return "0"
    exponent = change.normalize().as_tuple().exponent
    signed = formats.signed(change, min(MOST_DECIMALS, max(0, -exponent)) if isinstance(exponent, int) else 0)
    return f"{signed} 个百分点" if is_rate else signed


def section_pairs(before: Bulletin, after: Bulletin) -> list[SectionPair]:
    """Return this paper's sections with their words compared to those of the last."""
    old = {section.key: words_of(before, section.text) for section in before.sections.all()}
    return [
        SectionPair(
            section.key,
            section.title,
            list(compared(old.get(section.key, ""), words_of(after, section.text))),
        )
        for section in after.sections.all()
    ]


def words_of(bulletin: Bulletin, text: str) -> str:
    """Return a section's text with its numbers as they are printed."""
    return closed_up(filled(text, bulletin.snapshot["numbers"]))


def compared(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of both texts in order, neighbours of one kind as one."""
    return ((kind, "".join(text for _, text in run)) for kind, run in groupby(_clauses(old, new), lambda one: one[0]))


def _clauses(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the clauses of both texts, each with whether it is the same, added or removed."""
    before, after = _CLAUSE.findall(old), _CLAUSE.findall(new)
    for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from ((SAME, clause) for clause in after[new_from:new_to] if clause)
        else:
            yield from ((REMOVED, clause) for clause in before[old_from:old_to] if clause)
            yield from ((ADDED, clause) for clause in after[new_from:new_to] if clause)
