"""CSV, and HTML tables that exporters save under the name .xls."""

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.office import damaged, unsupported
from core.spreadsheets.fields import Source
from core.spreadsheets.limits import MOST_SHEET_CELLS, MOST_SHEET_ROWS, too_many_rows
from core.spreadsheets.sources import Book, MergedArea, Sheet, SheetRow, fill_merged

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,30})", re.IGNORECASE)
_OPENS_MARKUP = re.compile(r"\s*<(?:!doctype html|html|head|meta|body|table|style|div|!--)", re.IGNORECASE)
_HAS_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"}
MOST_COLUMNS_SPANNED = 1_000
"""HTML's own limit of ``colspan``."""
HEAD_BYTES = 4_096
MOST_PIECES = 2_000_000
"""Tags and texts of a page: 5,000 rows of 30 columns, each cell with some formatting, are a third of it."""

_TAG = re.compile(
    r"""<(?P<name>/?[a-z][\w:-]{0,30}) (?P<attributes>(?:[^<>"']|"[^"<]{0,500}"|'[^'<]{0,500}'){0,2000}) >""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_UNSEEN_ENDS = re.compile(r"</(?:script|style)[^<>]{0,20}>", re.IGNORECASE)
_SPANS = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?(\d{1,8})", re.IGNORECASE | re.ASCII)
_CELL_ENDS = frozenset({"td", "th", "tr", "/td", "/th", "/tr", "/table"})


def open_text(data: bytes) -> Book:
    """Return the book in a text file.

    Raises:
        FileRefused: ``unsupported_file`` for binary data and markup without a table.
    """
    text = decode(data)
    if text is None or not text.strip() or CONTROL_CHARACTERS.search(text):
        raise unsupported("不是可以读取的表格文件。请上传 .xlsx、.xls 或 .csv")
    if text.lstrip()[:1] == "<":
        if not (_OPENS_MARKUP.match(text) and _HAS_TABLE.search(text)):
            raise unsupported("文件里没有表格。请上传 .xlsx、.xls 或 .csv")
        return _html_book(text)
    return Book(Source(is_csv=True), (Sheet(None, lambda: _csv_rows(text)),))


def decode(data: bytes) -> str | None:
    """Return the text of ``data``: the charset an HTML head names, else UTF-8, else GB18030; ``None`` if neither."""
    declared = _META_CHARSET.search(data[:HEAD_BYTES])
    named = declared[1].decode("ascii").lower() if declared else ""
    encodings = ("gb18030", "utf-8-sig") if named in _CHINESE else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv_rows(text: str) -> Iterator[SheetRow]:
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            yield SheetRow(number, tuple(record))
    except csv.Error as error:
        raise damaged() from error


def _html_book(text: str) -> Book:
    grid = _TableGrid()
    for number, piece in enumerate(_pieces(text)):
        if number > MOST_PIECES:
            raise too_many_rows("表格过大，无法读取。请只保留需要导入的行和列")
        grid.take(piece)
    grid.end_cell()
    rows = [SheetRow(number, tuple(values)) for number, values in enumerate(grid.rows, start=1)]
    return Book(Source(), (Sheet(None, lambda: fill_merged(rows, grid.areas)),))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag (``name``, with ``/`` in front when it closes, and its ``attributes``) or a run of text (no name)."""

    text: str
    name: str = ""
    attributes: str = ""


def _pieces(page: str) -> Iterator[_Piece]:
    """Yield the tags and texts of a page; comments, declarations, scripts and styles are left out.

    The standard library's parser takes quadratic time over malformed markup; here every character is
    looked at a bounded number of times.
    """
    position = 0
    while position < len(page):
        opening = page.find("<", position)
        if opening != position:
            yield _Piece(page[position : opening if opening >= 0 else None])
            position = opening if opening >= 0 else len(page)
        elif page.startswith("<!", position):
            end = "-->" if page.startswith("<!--", position) else ">"
            found = page.find(end, position)
            position = found + len(end) if found >= 0 else len(page)
        elif tag := _TAG.match(page, position):
            yield _Piece("", tag["name"].lower(), tag["attributes"])
            position = tag.end()
            if tag["name"].lower() in {"script", "style"}:
                closing = _UNSEEN_ENDS.search(page, position)
                position = closing.end() if closing else len(page)
        else:
            yield _Piece("<")
            position += 1


class _TableGrid:
    """Collects the rows of all tables of a page in one grid, with ``colspan`` and ``rowspan`` laid out."""

    def __init__(self):
        self.rows: list[list[str]] = []
        self.areas: list[MergedArea] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._cells = 0
        self._taken: dict[int, int] = {}  # column → last row an earlier rowspan covers

    def take(self, piece: _Piece) -> None:
        """Go on with the next tag or text of the page."""
        if piece.name in _CELL_ENDS:
            self.end_cell()
        if piece.name == "tr":
            if len(self.rows) >= MOST_SHEET_ROWS:
                raise too_many_rows()
            self.rows.append([])
        elif piece.name in {"td", "th"} and self.rows:
            spans = {name.lower(): number for name, number in _SPANS.findall(piece.attributes)}
            self._cell = []
            self._span = (
                _span(spans.get("colspan"), MOST_COLUMNS_SPANNED),
                _span(spans.get("rowspan"), MOST_SHEET_ROWS),
            )
        elif self._cell is not None:
            self._cell.append("\n" if piece.name == "br" else html.unescape(piece.text))

    def end_cell(self) -> None:
        """Put the cell being read into the grid, right of what earlier cells and rowspans occupy."""
        if self._cell is None:
            return
        row, number = self.rows[-1], len(self.rows)
        while self._taken.get(len(row), 0) >= number:
            row.append("")
        column = len(row)
        wide, high = self._span
        row.extend(["".join(self._cell), *[""] * (wide - 1)])
        self._cells += len(row) - column
        if self._cells > MOST_SHEET_CELLS:
            raise too_many_rows("表格过大，无法读取。请只保留需要导入的行和列")
        if high > 1:
            self._taken |= dict.fromkeys(range(column, column + wide), number + high - 1)
            self.areas.append(MergedArea(column, number, number + high - 1))
        self._cell = None


def _span(text: str | None, most: int) -> int:
    """Return a colspan or rowspan as browsers do: 1 when it is missing or 0, never above ``most``."""
    return max(1, min(int(text), most)) if text else 1
