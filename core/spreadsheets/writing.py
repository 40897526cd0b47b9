"""Writing .xlsx that opens in WPS and Excel: streamed, and with nothing in it that calculates by itself.

XlsxWriter in ``constant_memory`` mode keeps one row in memory whatever the length (ADR 0002).
"""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse

from core.attachments.downloads import as_attachment
from core.spreadsheets.fields import SHANGHAI

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LARGEST_EXACT_WHOLE = 10**15


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of an export: its header, its width in characters."""

    label: str
    width: int = 14


def safe_text(text: str) -> str:
    """Return ``text`` so that no program takes it for a formula: ``'`` before ``= + - @``, tab and line ends.

    The apostrophe survives a later "save as CSV", where a cell's text type is lost; the importer removes it.
    """
    text = text[:LONGEST_CELL]
    return "'" + text[: LONGEST_CELL - 1] if text.startswith(FORMULA_STARTS) else text


def write_workbook(columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]], *, sheet: str = "数据") -> IO[bytes]:
    """Return an .xlsx as an open temporary file, positioned at its start; the caller closes it.

    Args:
        columns: headers and widths.
        rows: values; text is neutralised, numbers stay numbers, moments become Asia/Shanghai, ``None`` blank.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the caller closes it
    with _workbook(file) as workbook:
        writer = _SheetWriter(workbook, sheet)
        writer.head(columns)
        for row in rows:
            writer.row(row)
    file.seek(0)
    return file


def export_response(filename: str, columns: Sequence[ExportColumn], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """Return the download of a list as .xlsx.

    Args:
        filename: with ``.xlsx``, Chinese allowed.
        columns, rows: as for :func:`write_workbook`.
    """
    response = FileResponse(write_workbook(columns, rows), content_type=XLSX)
    return as_attachment(response, filename)


@contextmanager
def _workbook(file: IO[bytes]):
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(file, options)
    try:
        yield workbook
    finally:
        workbook.close()


class _SheetWriter:
    """Puts values into one sheet, row after row."""

    def __init__(self, workbook, name: str):
        self._sheet = workbook.add_worksheet(name)
        self._head = workbook.add_format({"bold": True, "bg_color": "#EEF2F6", "bottom": 1, "text_wrap": True})
        self._date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._next = 0

    def head(self, columns: Sequence[ExportColumn]) -> None:
        for index, column in enumerate(columns):
            self._sheet.set_column(index, index, column.width)
        self._sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            self._sheet.write_string(0, index, safe_text(column.label), self._head)
        self._next = 1

    def row(self, values: Sequence[Any]) -> None:
        for index, value in enumerate(values):
            self._cell(index, value)
        self._next += 1

    def _cell(self, index: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self._sheet.write_string(self._next, index, "是" if value else "否")
        elif isinstance(value, int | float | Decimal) and abs(float(value)) < LARGEST_EXACT_WHOLE:
            self._sheet.write_number(self._next, index, float(value))
        elif isinstance(value, dt.datetime):
            local = value.astimezone(SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
            self._sheet.write_datetime(self._next, index, local.replace(microsecond=0), self._moment)
        elif isinstance(value, dt.date):
            self._sheet.write_datetime(self._next, index, value, self._date)
        else:
            self._sheet.write_string(self._next, index, safe_text(str(value)))
