"""Guards for .xlsx before the parser sees it, and the facts the parser does not tell.

An .xlsx is a zip of XML parts. Everything that could harm (bombs, macros, document types, cells in the
far corner of an empty sheet) is found here by streaming; values are then read by python-calamine.
Names inside the archive are only ever keys of the archive, never paths.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from core.spreadsheets.limits import (
    LARGEST_UNPACKED,
    MOST_PARTS,
    MOST_SHEET_CELLS,
    MOST_SHEET_ROWS,
    damaged,
    too_large,
    too_many_rows,
    unsupported,
)

_BLOCK = 256 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_MACRO_NAMES = ("vbaproject", "macrosheets/", "dialogsheets/")
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ENCRYPTED = 0x1


@dataclass(slots=True)
class SheetFacts:
    """What a scan of one sheet's XML found: the filled area and which cells hold formulas (row → columns)."""

    first_row: int = 0
    last_row: int = 0
    last_column: int = 0
    filled_rows: int = 0
    formulas: dict[int, set[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkbookFacts:
    """The workbook's date system and the facts of each visible sheet, by sheet name."""

    epoch_1904: bool
    sheets: dict[str, SheetFacts]


def inspect_xlsx(data: bytes) -> WorkbookFacts:
    """Check an .xlsx and return what calamine does not tell.

    Raises:
        FileRefused: ``unsupported_file`` when damaged, encrypted, no workbook, with macros or a DOCTYPE;
            ``too_many_rows`` when a sheet is hopelessly long.
        FileTooLarge: over 100 MB unpacked.
    """
    with open_package(data) as package:
        refuse_macros(package)
        refuse_doctypes(package)
        if "xl/workbook.xml" not in package.namelist():
            raise unsupported("不是 Excel 表格。请上传 .xlsx、.xls 或 .csv")
        workbook = _Workbook(package)
        sheets = {name: _scan_sheet(package, part) for name, part in workbook.visible.items()}
        return WorkbookFacts(workbook.epoch_1904, sheets)


def open_package(data: bytes) -> zipfile.ZipFile:
    """Open a zip whose every part was unpacked once to see that it is whole and no bomb.

    Raises:
        FileRefused: damaged, encrypted, or two parts of one name.
        FileTooLarge: over 100 MB unpacked, by what is declared or by what really comes out.
    """
    try:
        package = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise damaged() from error
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise too_large("文件解压后超过 100 MB，请拆分后再上传")
    if len({part.filename for part in parts}) < len(parts):
        raise damaged()
    for part in parts:
        if part.flag_bits & _ENCRYPTED or _unpacked_size(data, part) != part.file_size:
            raise damaged()
    return package


def _unpacked_size(data: bytes, part: zipfile.ZipInfo) -> int:
    """Return how many bytes really come out of ``part``, stopping one byte after the declared size.

    A header may lie: zipfile trusts it, other unpackers do not, so it is compared with the truth.
    """
    signature, name, extra = _LOCAL_HEADER.unpack_from(data.ljust(part.header_offset + 30, b"\0"), part.header_offset)
    if signature != b"PK\x03\x04":
        raise damaged()
    start = part.header_offset + 30 + name + extra
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise damaged()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    size, pending = 0, bytes(packed)
    try:
        while size <= part.file_size and pending and not unpacker.eof:
            size += len(unpacker.decompress(pending, _BLOCK))
            pending = unpacker.unconsumed_tail
        return size + (0 if unpacker.eof else len(unpacker.flush(_BLOCK)))
    except zlib.error as error:
        raise damaged() from error


def refuse_macros(package: zipfile.ZipFile) -> None:
    """Raise ``unsupported_file`` when any part holds or declares a macro, whatever the file's extension."""
    names = [name.lower() for name in package.namelist()]
    declared = b""
    if "[Content_Types].xml" in package.namelist():
        declared = package.read("[Content_Types].xml").lower()
    if any(mark in name for name in names for mark in _MACRO_NAMES) or any(mark in declared for mark in _MACRO_TYPES):
        raise unsupported("文件带有宏，出于安全不予接收。请另存为不带宏的格式后再上传")


def refuse_doctypes(package: zipfile.ZipFile) -> None:
    """Raise ``unsupported_file`` when an XML part has a document type (entity bombs live there)."""
    for name in package.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")) and _has_doctype(package, name):
            raise unsupported("文件内部含有不安全的定义（DOCTYPE），不予接收")


class _Enough(Exception):
    """Stops a parse when what was sought has been seen."""


def _has_doctype(package: zipfile.ZipFile, name: str) -> bool:
    """Return whether a DOCTYPE precedes the root element; only that far is parsed."""
    found = []

    def on_doctype(*_):
        found.append(True)
        raise _Enough

    def on_element(*_):
        raise _Enough

    try:
        _parse(package, name, StartDoctypeDeclHandler=on_doctype, StartElementHandler=on_element)
    except _Enough:
        return bool(found)
    return False


def _parse(package: zipfile.ZipFile, name: str, **handlers) -> None:
    """Stream one XML part through expat; raises ``unsupported_file`` when it is not well-formed."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    for handler, function in handlers.items():
        setattr(parser, handler, function)
    try:
        with package.open(name) as part:
            while block := part.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, EOFError, LookupError, ValueError) as error:
        raise damaged() from error


def _local(name: str) -> str:
    """Return an element's or attribute's name without its prefix; writers choose prefixes freely."""
    return name.rpartition(":")[2]


class _Workbook:
    """The visible sheets of a workbook and the parts they live in."""

    def __init__(self, package: zipfile.ZipFile):
        self.epoch_1904 = False
        self.visible: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        names = set(package.namelist())
        if "xl/_rels/workbook.xml.rels" in names:
            _parse(package, "xl/_rels/workbook.xml.rels", StartElementHandler=self._on_relation)
        self._sheets: list[tuple[str, str]] = []
        _parse(package, "xl/workbook.xml", StartElementHandler=self._on_element)
        for name, relation in self._sheets:
            part = self._targets.get(relation, "")
            if part in names:
                self.visible[name] = part

    def _on_relation(self, name, attributes):
        if _local(name) == "Relationship":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self._targets[attributes.get("Id", "")] = part

    def _on_element(self, name, attributes):
        given = {_local(key): value for key, value in attributes.items()}
        if _local(name) == "workbookPr":
            self.epoch_1904 = given.get("date1904", "").lower() in {"1", "true", "on"}
        elif _local(name) == "sheet" and given.get("state", "visible") == "visible":
            self._sheets.append((given.get("name", ""), given.get("id", "")))


def _scan_sheet(package: zipfile.ZipFile, part: str) -> SheetFacts:
    """Return the filled area and the formula cells of one sheet; refuses what calamine would blow up on."""
    scan = _SheetScan()
    _parse(package, part, StartElementHandler=scan.on_element)
    facts = scan.facts
    if (facts.last_row - facts.first_row + 1) * facts.last_column > MOST_SHEET_CELLS:
        raise too_many_rows(f"最后一个有内容的单元格在第 {facts.last_row} 行，范围过大。请删除多余的行列后再上传")
    return facts


class _SheetScan:
    """Follows rows, cells and their content in a sheet's XML."""

    def __init__(self):
        self.facts = SheetFacts()
        self._row = 0
        self._column = 0
        self._counted_row = 0

    def on_element(self, name, attributes):
        name = _local(name)
        if name == "c":
            self._on_cell(attributes.get("r"))
        elif name == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdigit() and len(given) < 8 else self._row + 1
            self._column = 0
        elif name in {"v", "is", "f"}:
            self._on_content(name)

    def _on_cell(self, reference: str | None) -> None:
        match = _CELL.fullmatch(reference) if reference else None
        if match:
            self._column, self._row = column_number(match[1]), int(match[2])
        else:
            self._column += 1

    def _on_content(self, name: str) -> None:
        facts = self.facts
        if name == "f":
            facts.formulas.setdefault(self._row, set()).add(self._column - 1)
        if self._counted_row != self._row:
            self._counted_row = self._row
            facts.filled_rows += 1
            if facts.filled_rows > MOST_SHEET_ROWS:
                raise too_many_rows()
            facts.first_row = min(facts.first_row or self._row, self._row)
            facts.last_row = max(facts.last_row, self._row)
        facts.last_column = max(facts.last_column, self._column)


def column_number(letters: str) -> int:
    """Return the 1-based number of a column: A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
