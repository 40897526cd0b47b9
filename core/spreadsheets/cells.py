"""What a cell says: cleaning, the words that mean "no value", one text for every cell type.

Pure functions over plain Python values (``str``, numbers, ``bool``, dates, ``None``) as the readers
deliver them. The rules are those of the import contract: characters are removed or replaced here,
meaning is given in :mod:`core.spreadsheets.fields`.
"""

import datetime as dt
import re
import unicodedata

ZERO_WIDTH: dict[int, None] = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF))
SPACES = {0x00A0: " ", 0x3000: " "}
_CLEANING: dict[int, str | None] = ZERO_WIDTH | SPACES

NO_VALUE = frozenset(
    {"", "-", "--", "—", "/", "无", "暂无", "N/A", "null", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!"}
)

_CSV_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_WHITESPACE = re.compile(r"\s+")

LARGEST_EXACT_WHOLE = 10**15
"""From here on a spreadsheet number may have lost its last digits (15 significant ones are kept)."""


def clean(text: str) -> str:
    """Return ``text`` without zero-width characters, with ordinary spaces, LF line ends and no outer blanks."""
    if text.isprintable():  # as nearly every cell is: nothing invisible, no space but the ordinary one
        return text.strip()
    return text.translate(_CLEANING).replace("\r\n", "\n").strip()


def as_text(value: object) -> str:
    """Return the cleaned text of any cell; whole numbers without ``.0``, dates as ``YYYY-MM-DD[ HH:MM:SS]``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return whole_digits(value) or repr(value)
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


def whole_digits(number: float) -> str | None:
    """Return the digits of a whole number below 10**15, ``None`` for any other (NaN and infinity included)."""
    if abs(number) < LARGEST_EXACT_WHOLE and number == int(number):
        return str(int(number))
    return None


def normalised(text: str, *, csv: bool = False) -> str:
    """Return cleaned ``text`` in NFKC without the marks exporters put around "text" cells.

    ``csv``: also unwrap ``="…"``. One leading apostrophe is removed in every file type.
    """
    if csv and (wrapped := _CSV_WRAPPED.fullmatch(text)):
        text = wrapped[1].replace('""', '"')
    return clean(unicodedata.normalize("NFKC", text).removeprefix("'"))


def without_whitespace(text: str) -> str:
    """Return ``text`` with every kind of white space removed."""
    return _WHITESPACE.sub("", text)


def column_letter(index: int) -> str:
    """Return the letter Excel prints over the column with 0-based ``index``: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
