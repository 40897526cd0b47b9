"""From a file to rows of values: the table a kind of import declares, read from whatever it was handed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Any

from core.spreadsheets.cells import as_text, column_letter
from core.spreadsheets.fields import CellError, FieldType, Flag, Source
from core.spreadsheets.headers import ROWS_SEARCHED, Header, HeaderFinder, is_counted
from core.spreadsheets.limits import MOST_DATA_ROWS, missing_column, too_many_rows
from core.spreadsheets.reading import open_book
from core.spreadsheets.sources import SheetRow


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``key``: name of the value in code; ``label``: the header in templates and error lists;
    ``aliases``: further headers it is known by, best first; ``sensitive``: values are personal data
    and are masked in stored error lists; ``note``: what the template says about it.
    """

    key: str
    label: str
    type: FieldType
    aliases: Sequence[str] = ()
    required: bool = False
    sensitive: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning of a cell, as the contract lists it (``errors[]`` and ``warnings[]``)."""

    sheet: str | None
    row: int
    column: str
    field: str
    value: str
    code: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, ``message`` included."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class ReadRow:
    """One data row: values by column key, what is wrong with it, and its cells as text for the way back.

    ``values`` lacks no key; "no value" is ``None`` (``False`` for flags). ``timeless``: keys of dates
    written without a time. ``cells``: column label (of an unmapped column its header) → cell text, left to right.
    """

    sheet: str | None
    row: int
    values: dict[str, Any]
    cells: dict[str, str]
    columns: Mapping[str, int]
    timeless: set[str] = field(default_factory=set)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def add_error(self, label: str, code: str, message: str, value: str | None = None) -> None:
        """Report an error in the column called ``label``; ``value`` defaults to the cell's text."""
        self.errors.append(self._problem(label, code, message, value))

    def add_warning(self, label: str, code: str, message: str, value: str | None = None) -> None:
        """Report a warning in the column called ``label``."""
        self.warnings.append(self._problem(label, code, message, value))

    def _problem(self, label: str, code: str, message: str, value: str | None) -> Problem:
        index = self.columns.get(label)
        letter = "" if index is None else column_letter(index)
        shown = self.cells.get(label, "") if value is None else value
        return Problem(self.sheet, self.row, letter, label, shown, code, message)


@dataclass(frozen=True, slots=True)
class _Part:
    """The data rows of one sheet, not yet read: what names its columns have, left to right."""

    sheet: str | None
    header: Header
    names: tuple[tuple[int, str], ...]
    rows: list[SheetRow]


class Table:
    """A file opened for one set of columns: its rows are counted, and read when they are asked for.

    ``unmapped``: (sheet, headers nobody asked for) of each sheet.
    """

    def __init__(self, parts: Sequence[_Part], columns: Sequence[Column], source: Source):
        self._parts, self._columns, self._source = parts, columns, source
        self.unmapped = [(part.sheet, part.header.unmapped) for part in parts]

    def __len__(self) -> int:
        return sum(len(part.rows) for part in self._parts)

    @cached_property
    def rows(self) -> list[ReadRow]:
        """Every data row with its values, in the order of the file."""
        return [_read_row(part, row, self._columns, self._source) for part in self._parts for row in part.rows]


def read_table(data: bytes, columns: Sequence[Column]) -> Table:
    """Find all data rows of all visible sheets that have a complete header.

    Args:
        data: the file.
        columns: what to look for.

    Raises:
        FileRefused: the file as a whole is refused (``unsupported_file too_many_rows missing_column``).
        FileTooLarge: ``file_too_large``.
    """
    book = open_book(data)
    finder = HeaderFinder(
        {column.label: (column.label, *column.aliases) for column in columns},
        [column.label for column in columns if column.required],
    )
    parts: list[_Part] = []
    found = 0
    for sheet in book.sheets:
        stream = sheet.rows()
        head = list(islice(stream, ROWS_SEARCHED + 1))
        if (header := finder.find(head)) is None:
            continue
        names = header.texts | {index: label for label, index in header.columns.items()}
        rows = list(islice(_data_rows(chain(head, stream), header), MOST_DATA_ROWS - found + 1))
        if (found := found + len(rows)) > MOST_DATA_ROWS:
            raise too_many_rows()
        parts.append(_Part(sheet.name, header, tuple(sorted(names.items())), rows))
    if not parts:
        raise missing_column([column.label for column in columns if column.required])
    return Table(parts, columns, book.source)


def _data_rows(rows: Iterator[SheetRow], header: Header) -> Iterator[SheetRow]:
    return (row for row in rows if row.number > header.last_row and is_counted(row, header))


def _read_row(part: _Part, row: SheetRow, columns: Sequence[Column], source: Source) -> ReadRow:
    cells = {name: as_text(row.values[index]) for index, name in part.names if index < len(row.values)}
    read = ReadRow(part.sheet, row.number, {}, cells, part.header.columns)
    for column in columns:
        _read_cell(read, row, column, source)
    return read


def _read_cell(read: ReadRow, row: SheetRow, column: Column, source: Source) -> None:
    """Put the meaning of one cell into ``read.values``, its problems beside it."""
    index = read.columns.get(column.label)
    value = row.values[index] if index is not None and index < len(row.values) else None
    read.values[column.key] = False if isinstance(column.type, Flag) else None
    if index in row.formulas:
        read.add_warning(column.label, "formula_cell", "该单元格是公式，已按保存的结果读取")
    try:
        parsed = column.type.parse(value, source)
    except CellError as error:
        read.add_error(column.label, error.code, error.message, error.value)
        return
    read.values[column.key] = parsed.value
    if not parsed.has_time:
        read.timeless.add(column.key)
    if parsed.warning:
        read.add_warning(column.label, *parsed.warning)
    if column.required and parsed.value is None:
        read.add_error(column.label, "missing_required", f"{column.label}不能为空")
