"""Guards for .xlsx before the parser sees it, and the facts the parser does not tell.

Cells in the far corner of an empty sheet, formulas, the date system: found by streaming the XML once;
values are then read by python-calamine. The archive itself is guarded by :mod:`core.office`.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from core.office import local_name, open_package, parse_part, refuse_doctypes, refuse_macros, unsupported
from core.spreadsheets.limits import MOST_SHEET_CELLS, MOST_SHEET_ROWS, too_many_rows

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


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


class _Workbook:
    """The visible sheets of a workbook and the parts they live in."""

    def __init__(self, package: zipfile.ZipFile):
        self.epoch_1904 = False
        self.visible: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        names = set(package.namelist())
        if "xl/_rels/workbook.xml.rels" in names:
            parse_part(package, "xl/_rels/workbook.xml.rels", StartElementHandler=self._on_relation)
        self._sheets: list[tuple[str, str]] = []
        parse_part(package, "xl/workbook.xml", StartElementHandler=self._on_element)
        for name, relation in self._sheets:
            part = self._targets.get(relation, "")
            if part in names:
                self.visible[name] = part

    def _on_relation(self, name, attributes):
        if local_name(name) == "Relationship":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self._targets[attributes.get("Id", "")] = part

    def _on_element(self, name, attributes):
        given = {local_name(key): value for key, value in attributes.items()}
        if local_name(name) == "workbookPr":
            self.epoch_1904 = given.get("date1904", "").lower() in {"1", "true", "on"}
        elif local_name(name) == "sheet" and given.get("state", "visible") == "visible":
            self._sheets.append((given.get("name", ""), given.get("id", "")))


def _scan_sheet(package: zipfile.ZipFile, part: str) -> SheetFacts:
    """Return the filled area and the formula cells of one sheet; refuses what calamine would blow up on."""
    scan = _SheetScan()
    parse_part(package, part, StartElementHandler=scan.on_element)
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
        name = local_name(name)
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
