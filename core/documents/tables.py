"""Tables that run over pages: the head is repeated, no row is split, widths are fixed, every run has its font."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from docx.oxml.xmlchemy import BaseOxmlElement

from core.documents.markup import element, lines_of
from core.documents.page import millimetres, points
from core.documents.parts import Align, Column, FormRow, Table
from core.documents.styles import CAPTION, TABLE_CELL, TABLE_HEAD, TABLE_NOTE, Style
from core.documents.text import paragraph

LINE_EIGHTHS = 4
"""Rules of half a point."""
CELL_MARGIN = 80
PITCH = 1.5


@dataclass(frozen=True, slots=True)
class FormType:
    """How the table of a form is set: ``size`` and ``line`` in points, the least height of a row in millimetres."""

    size: float
    line: float
    least_height: float


LARGE = FormType(14, 22, 10)
"""Of a sheet that is signed by hand row by row."""
SMALL = FormType(12, 17, 7)
"""Of a form that shall stand on one page with what is cut off below it."""


def table(content: Table, width: int) -> list[BaseOxmlElement]:
    """Return caption, table and note; ``width`` is that of the type area in twips."""
    widths = column_widths(content.columns, width)
    head, cell = (
        replace(style, size=content.size, line=points(content.size * PITCH)) for style in (TABLE_HEAD, TABLE_CELL)
    )
    rows = [
        _row(
            [_cell([column.title], head, wide) for column, wide in zip(content.columns, widths, strict=True)], head=True
        )
    ]
    for texts in content.rows:
        rows.append(
            _row(
                [
                    _cell(lines_of(text), replace(cell, align=column.align), wide)
                    for column, wide, text in zip(content.columns, widths, texts, strict=True)
                ]
            )
        )
    if not content.rows:
        rows.append(_row([_cell([content.empty], replace(cell, align=Align.CENTER), sum(widths), span=len(widths))]))
    made = [paragraph(CAPTION, content.caption)] if content.caption else []
    made.append(grid(widths, rows))
    if content.note:
        made.extend(paragraph(TABLE_NOTE, line) for line in lines_of(content.note))
    return made


def column_widths(columns: Sequence[Column], width: int) -> list[int]:
    """Return the widths in twips; they sum up to ``width`` exactly."""
    total = sum(column.width for column in columns)
    edges = [
        round(width * sum(column.width for column in columns[:place]) / total) for place in range(len(columns) + 1)
    ]
    return [right - left for left, right in itertools.pairwise(edges)]


def form_table(
    rows: Sequence[FormRow], width: int, *, set_in: FormType = LARGE, is_whole: bool = False
) -> BaseOxmlElement:
    """Return the table of a form: labels of a fifth of the width, values beside them, room for handwriting.

    One that ``is_whole`` is not divided between two pages.
    """
    label = round(width * 0.18)
    widths = [label, width // 2 - label, label, width - width // 2 - label]
    last = len(rows) - 1
    made = [_form_row(row, widths, set_in, keep_next=is_whole and place < last) for place, row in enumerate(rows)]
    return grid(widths, made)


def _form_row(row: FormRow, widths: Sequence[int], set_in: FormType, *, keep_next: bool) -> BaseOxmlElement:
    cell, name = (
        replace(style, size=set_in.size, line=points(set_in.line), keep_next=keep_next)
        for style in (TABLE_CELL, TABLE_HEAD)
    )
    shared = len(row.pairs) > 1
    cells = []
    for place, (title, value) in enumerate(row.pairs):
        # In half a row spread characters leave holes before a number that does not break.
        lines = [paragraph(cell if shared else replace(cell, align="both"), line) for line in lines_of(value)]
        if row.signature and place == len(row.pairs) - 1:
            lines.append(paragraph(replace(cell, align="right", before=cell.line), row.signature))
        cells.append(_cell([title], name, widths[2 * place if shared else 0]))
        wide = widths[2 * place + 1] if shared else sum(widths[1:])
        cells.append(_cell_of(lines or [paragraph(cell)], wide, span=1 if shared else 3))
    height = millimetres(max(row.height, set_in.least_height))
    return _row(cells, height=height, split=not row.height and not keep_next)


def grid(widths: Sequence[int], rows: Sequence[BaseOxmlElement]) -> BaseOxmlElement:
    """Return a ``w:tbl`` of fixed column widths with a rule around every cell."""
    sides = [
        element(f"w:{side}", val="single", sz=LINE_EIGHTHS, space=0, color="000000")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    ]
    properties = element(
        "w:tblPr",
        element("w:tblW", w=sum(widths), type="dxa"),
        element("w:jc", val="center"),
        element("w:tblBorders", *sides),
        element("w:tblLayout", type="fixed"),
        element(
            "w:tblCellMar",
            element("w:left", w=CELL_MARGIN, type="dxa"),
            element("w:right", w=CELL_MARGIN, type="dxa"),
        ),
    )
    return element(
        "w:tbl", properties, element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths)), *rows
    )


def _row(
    cells: Sequence[BaseOxmlElement], *, head: bool = False, height: int = 0, split: bool = False
) -> BaseOxmlElement:
    properties = element("w:trPr")
    if not split:
        properties.append(element("w:cantSplit"))
    if height:
        properties.append(element("w:trHeight", val=height, hRule="atLeast"))
    if head:
        properties.append(element("w:tblHeader"))
    return element("w:tr", properties, *cells)


def _cell(lines: Sequence[str], style: Style, width: int, *, span: int = 1) -> BaseOxmlElement:
    return _cell_of([paragraph(style, line) for line in lines] or [paragraph(style)], width, span=span)


def _cell_of(content: Sequence[BaseOxmlElement], width: int, *, span: int = 1) -> BaseOxmlElement:
    properties = element("w:tcPr", element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
    properties.append(element("w:vAlign", val="center"))
    return element("w:tc", properties, *content)
