"""Guards for the old binary .xls, and the facts the parser does not tell.

An .xls is an OLE compound file whose ``Workbook`` stream is a chain of (type, length, body) records.
"""

import struct
from dataclasses import dataclass, field

from core.office import damaged, open_compound, unsupported, with_macros
from core.spreadsheets.limits import MOST_SHEET_CELLS, too_many_rows
from core.spreadsheets.xlsx import SheetFacts, WorkbookFacts

_RECORD = struct.Struct("<HH")
_ROW_COLUMN = struct.Struct("<HH")
_BOF, _EOF, _BOUNDSHEET, _DATE_1904, _FILE_PASSWORD, _FORMULA, _MULTIPLE_RK = 0x0809, 0x0A, 0x85, 0x22, 0x2F, 0x06, 0xBD
_CELLS = frozenset({_FORMULA, _MULTIPLE_RK, 0x0203, 0x027E, 0xFD, 0x0204, 0x0205, 0xD6})
_WORKSHEET, _MACRO_SHEET = 0, 1


@dataclass(slots=True)
class _Substreams:
    """What one pass over the records found."""

    epoch_1904: bool = False
    names: dict[int, str] = field(default_factory=dict)  # offset of a visible worksheet → its name
    facts: dict[int, SheetFacts] = field(default_factory=dict)  # offset of a substream → facts


def inspect_xls(data: bytes) -> WorkbookFacts:
    """Check an .xls and return what calamine does not tell.

    Raises:
        FileRefused: ``unsupported_file`` when damaged, password-protected, no workbook or with macros;
            ``too_many_rows`` when a sheet's filled area is too large to be laid out.
    """
    with open_compound(data) as compound:
        stream = next((name for name in ("Workbook", "Book") if compound.exists(name)), None)
        if stream is None:
            raise unsupported("不是 Excel 表格。请上传 .xlsx、.xls 或 .csv")
        try:
            records = compound.openstream(stream).read()
        except (OSError, ValueError, IndexError) as error:
            raise damaged() from error
    found = _walk(records)
    return WorkbookFacts(
        found.epoch_1904, {name: found.facts.get(at, SheetFacts()) for at, name in found.names.items()}
    )


def _walk(records: bytes) -> _Substreams:
    found, facts, position = _Substreams(), None, 0
    while position + 4 <= len(records):
        kind, length = _RECORD.unpack_from(records, position)
        body = records[position + 4 : position + 4 + length]
        if kind == _BOF:
            facts = found.facts.setdefault(position, SheetFacts())
        elif kind == _FILE_PASSWORD:
            raise damaged()
        elif kind == _DATE_1904 and body[:1] == b"\x01":
            found.epoch_1904 = True
        elif kind == _BOUNDSHEET and length >= 8:
            _on_boundsheet(body, found)
        elif kind in _CELLS and facts is not None and length >= 6:
            _on_cell(kind, body, facts)
        position += 4 + length
    for sheet in found.facts.values():
        if (sheet.last_row - sheet.first_row + 1) * sheet.last_column > MOST_SHEET_CELLS:
            raise too_many_rows(f"最后一个有内容的单元格在第 {sheet.last_row} 行，范围过大。请删除多余的行列后再上传")
    return found


def _on_boundsheet(body: bytes, found: _Substreams) -> None:
    offset, visibility, kind, characters, wide = struct.unpack_from("<IBBBB", body)
    if kind == _MACRO_SHEET:
        raise with_macros()
    if kind == _WORKSHEET and not visibility & 0b11:
        raw = body[8 : 8 + characters * (2 if wide & 1 else 1)]
        found.names[offset] = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")


def _on_cell(kind: int, body: bytes, facts: SheetFacts) -> None:
    row, column = _ROW_COLUMN.unpack_from(body)
    last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULTIPLE_RK else column
    facts.first_row = min(facts.first_row or row + 1, row + 1)
    facts.last_row = max(facts.last_row, row + 1)
    facts.last_column = max(facts.last_column, last + 1)
    if kind == _FORMULA:
        facts.formulas.setdefault(row + 1, set()).add(column)
