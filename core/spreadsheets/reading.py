"""Opening a spreadsheet by its content, whatever it is called.

``open_book`` recognises .xlsx, .xls, HTML tables and CSV, applies the guards of :mod:`.limits`, and gives
every type the same shape (:class:`~core.spreadsheets.sources.Book`).
"""

from collections.abc import Callable, Iterator

from core.office import OLE_MAGIC, ZIP_MAGIC, damaged, unsupported
from core.spreadsheets.fields import Source
from core.spreadsheets.limits import LARGEST_FILE, too_large
from core.spreadsheets.parser_process import ParsedSheet, parse_apart
from core.spreadsheets.sources import Book, MergedArea, Sheet, SheetRow, fill_merged
from core.spreadsheets.text import open_text
from core.spreadsheets.xls import inspect_xls
from core.spreadsheets.xlsx import SheetFacts, WorkbookFacts, inspect_xlsx

_NOTHING: frozenset[int] = frozenset()
_BINARY_MAGIC = (
    b"%PDF",
    b"MZ",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
)


def open_book(data: bytes) -> Book:
    """Return the sheets of a spreadsheet.

    Raises:
        FileRefused: ``unsupported_file`` or ``too_many_rows``.
        FileTooLarge: over 10 MB, or over 100 MB unpacked.
    """
    if len(data) > LARGEST_FILE:
        raise too_large()
    if not data:
        raise unsupported("文件是空的。请上传 .xlsx、.xls 或 .csv")
    if data.startswith(ZIP_MAGIC):
        return _parsed_book(data, inspect_xlsx(data))
    if data.startswith(OLE_MAGIC):
        return _parsed_book(data, inspect_xls(data))
    if data.startswith(_BINARY_MAGIC):
        raise unsupported("不是可以读取的表格文件。请上传 .xlsx、.xls 或 .csv")
    return open_text(data)


def _parsed_book(data: bytes, facts: WorkbookFacts) -> Book:
    """Return the visible sheets of a workbook that has passed its guards."""
    parsed = parse_apart(data, list(facts.sheets))
    if parsed is None:
        raise damaged()
    sheets = tuple(Sheet(sheet.name, _rows_of(sheet, facts.sheets[sheet.name])) for sheet in parsed)
    return Book(Source(epoch_1904=facts.epoch_1904), sheets)


def _rows_of(sheet: ParsedSheet, facts: SheetFacts) -> Callable[[], Iterator[SheetRow]]:
    def rows() -> Iterator[SheetRow]:
        areas = (MergedArea(left, top + 1, bottom + 1) for (top, left), (bottom, _) in sheet.merged)
        return fill_merged(_numbered(sheet, facts), areas)

    return rows


def _numbered(sheet: ParsedSheet, facts: SheetFacts) -> Iterator[SheetRow]:
    """Yield the sheet's rows with Excel's numbers, padded to begin in column A."""
    first_row, first_column = sheet.start
    padding = (None,) * first_column
    for number, values in enumerate(sheet.rows(), start=first_row + 1):
        formulas = facts.formulas.get(number)
        yield SheetRow(number, (*padding, *values), frozenset(formulas) if formulas else _NOTHING)
