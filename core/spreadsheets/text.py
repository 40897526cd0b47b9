"""CSV, and HTML tables that exporters save under the name .xls."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

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
    grid.feed(text)
    grid.close()
    rows = [SheetRow(number, tuple(values)) for number, values in enumerate(grid.rows, start=1)]
    return Book(Source(), (Sheet(None, lambda: fill_merged(rows, grid.areas)),))


class _TableGrid(HTMLParser):
    """Collects the rows of all tables of a page in one grid, with ``colspan`` and ``rowspan`` laid out."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.areas: list[MergedArea] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._unseen = 0
        self._cells = 0
        self._taken: dict[int, int] = {}  # column → last row an earlier rowspan covers

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self._end_cell()
            if len(self.rows) >= MOST_SHEET_ROWS:
                raise too_many_rows()
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self._end_cell()
            given = dict(attrs)
            self._cell = []
            self._span = (
                _span(given.get("colspan"), MOST_COLUMNS_SPANNED),
                _span(given.get("rowspan"), MOST_SHEET_ROWS),
            )
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        elif tag in {"script", "style"}:
            self._unseen += 1

    def handle_endtag(self, tag):
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        elif tag in {"script", "style"}:
            self._unseen = max(0, self._unseen - 1)

    def handle_data(self, data):
        if self._cell is not None and not self._unseen:
            self._cell.append(data)

    def close(self):
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
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
    """Return a colspan or rowspan as browsers do: 1 when it is no number, never above ``most``."""
    return max(1, min(int(text), most)) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
