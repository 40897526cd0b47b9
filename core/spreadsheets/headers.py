"""Finding the header row and saying which column is which.

Headers are compared in one form (:func:`header_key`): NFKC, no white space, no marks for "required",
no bracketed note at the end. The header may take two rows; data starts under the last of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.spreadsheets.cells import ZERO_WIDTH, as_text, without_whitespace
from core.spreadsheets.sources import SheetRow

ROWS_SEARCHED = 20
FEWEST_NAMES = 3

_NOTE_AT_END = re.compile(r"(?<=.)(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕)$")
_TOTAL = frozenset({"合计", "总计", "小计", "共计"})
_SIGNATURE = re.compile(r"(?:制表人|填表人|审核人|填报单位|注|说明)\s*[:：]")


def header_key(text: object) -> str:
    """Return a header cell's text as headers are compared."""
    key = without_whitespace(unicodedata.normalize("NFKC", as_text(text)).translate(ZERO_WIDTH))
    while (shorter := _NOTE_AT_END.sub("", key.strip("*:"))) != key:
        key = shorter
    return key


@dataclass(frozen=True, slots=True)
class Header:
    """A header found: where data starts, which column holds which field, and the rest.

    ``columns``: field label → 0-based column index; ``texts``: index → header text as compared;
    ``unmapped``: texts of columns no field was found for, left to right.
    """

    last_row: int
    columns: Mapping[str, int]
    texts: dict[int, str]
    unmapped: tuple[str, ...]


class HeaderFinder:
    """Knows the names of a table's columns.

    Args:
        names: field label → the names it goes by, best first.
        required: labels without which a sheet is not of this kind.
    """

    def __init__(self, names: Mapping[str, Sequence[str]], required: Iterable[str]):
        self._ranks = {
            header_key(name): (label, rank) for label, given in names.items() for rank, name in enumerate(given)
        }
        self._required = frozenset(required)
        self._fewest = min(FEWEST_NAMES, max(len(self._required), 1))

    def find(self, rows: Sequence[SheetRow]) -> Header | None:
        """Return the header among the first rows of a sheet, ``None`` when a required column is missing."""
        recognised = [self._recognised(row) for row in rows]
        counts = [self._count(row) if row.number <= ROWS_SEARCHED else 0 for row in rows]
        if not counts or max(counts) < self._fewest:
            return None
        at = counts.index(max(counts))
        above, below = self._neighbour(rows, at, -1), self._neighbour(rows, at, 1)
        texts = self._own_texts(rows[at])
        if above is not None:
            texts |= {i: text for i, text in recognised[above].items() if i not in recognised[at]}
        known = {i for i, text in texts.items() if text in self._ranks}
        last = at
        if below is not None and recognised[below] and not known & recognised[below].keys():
            texts |= recognised[below]
            last = below
        return self._header(rows[last].number, texts)

    @staticmethod
    def _neighbour(rows: Sequence[SheetRow], at: int, step: int) -> int | None:
        """Return the index of the row directly above or below; rows the file leaves out do not count as one."""
        other = at + step
        inside = 0 <= other < len(rows)
        return other if inside and rows[other].number == rows[at].number + step else None

    @staticmethod
    def _own_texts(row: SheetRow) -> dict[int, str]:
        """Return the texts of a header row, those of areas merged from above included."""
        texts = {i: header_key(value) for i, value in enumerate(row.values)}
        return {i: text for i, text in texts.items() if text}

    def _count(self, row: SheetRow) -> int:
        """Return how many recognised names a row shows, those of areas merged from above included."""
        return sum(1 for value in row.values if header_key(value) in self._ranks)

    def _recognised(self, row: SheetRow) -> dict[int, str]:
        """Return the recognised names that stand in the row itself."""
        keys = {i: header_key(value) for i, value in enumerate(row.values) if i not in row.inherited}
        return {i: key for i, key in keys.items() if key in self._ranks}

    def _header(self, last_row: int, texts: dict[int, str]) -> Header | None:
        """Give each field its best-named column; the first of two with the same name."""
        best: dict[str, tuple[int, int]] = {}
        for index in sorted(texts):
            if texts[index] in self._ranks:
                label, rank = self._ranks[texts[index]]
                best[label] = min(best.get(label, (rank, index)), (rank, index))
        columns = {label: index for label, (_, index) in best.items()}
        if not self._required <= columns.keys():
            return None
        taken = set(columns.values())
        unmapped = tuple(texts[i] for i in sorted(texts) if i not in taken)
        return Header(last_row, columns, texts, unmapped)


def is_counted(row: SheetRow, header: Header) -> bool:
    """Return whether ``row`` is data: not blank, no total, no signature line, no repeated header."""
    own = (as_text(value) for i, value in enumerate(row.values) if i not in row.inherited)
    first = next((text for text in own if text), None)
    if first is None or without_whitespace(first) in _TOTAL or _SIGNATURE.match(first):
        return False
    repeated = sum(1 for i, text in header.texts.items() if i < len(row.values) and _repeats(row.values[i], text))
    return repeated < FEWEST_NAMES


def _repeats(value: object, text: str) -> bool:
    """Return whether a cell says ``text`` as headers are compared.

    Data hardly ever does, and comparing is dear: what lacks the first character cannot, unless it is written otherwise.
    """
    if value is None:
        return False
    if isinstance(value, str) and text[0] not in value and unicodedata.is_normalized("NFKC", value):
        return False
    return header_key(value) == text
