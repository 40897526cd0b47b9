"""Whether a document fits on one page, counted from the exact pitches: no office programme is asked."""

import math
from collections.abc import Sequence

from core.documents.endings import signature_lines
from core.documents.markup import lines_of
from core.documents.page import CHARACTERS_PER_LINE, LINE, LINES_PER_PAGE, PORTRAIT, points
from core.documents.parts import Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from core.documents.styles import CAPTION, NUMBER_AT_THE_RIGHT, TABLE_NOTE, TITLE
from core.documents.tables import CELL_MARGIN, PITCH, column_widths
from core.documents.titles import balanced_lines, text_width

ROOM = LINES_PER_PAGE * LINE
_RULE = points(0.5)


def fits_one_page(document: OfficialDocument) -> bool:
    """Return whether head, text, name and date of a PLAIN document fit on its first page.

    Annexes and 版记 are not counted. Figures are taken for half a character wide, as in the fonts of the standard.

    Raises:
        ValueError: the document has a red head.
    """
    if document.kind is not DocumentKind.PLAIN:
        raise ValueError("only a document without a red head is meant to fit on one page")
    height = len(balanced_lines(document.title)) * TITLE.line
    if document.number:
        height += NUMBER_AT_THE_RIGHT.line + NUMBER_AT_THE_RIGHT.after
    height += LINE + (_body(f"{document.addressee}：", 0) if document.addressee else 0)
    height += sum(_height(block) for block in document.blocks)
    if document.issuer:
        height += (2 + len(signature_lines(document.issuer, document.dated_on)) + 1) * LINE
    return height <= ROOM


def _height(block: Block) -> int:
    """Return the height of a block in twips."""
    match block:
        case Heading():
            return _body(block.text, 2)
        case Paragraph():
            return sum(_body(line, 2 if block.indented else 0) for line in lines_of(block.text))
        case _:
            return _table(block)


def _body(text: str, indent: int) -> int:
    return math.ceil((text_width(text) + indent) / CHARACTERS_PER_LINE) * LINE


def _table(table: Table) -> int:
    widths = column_widths(table.columns, PORTRAIT.text_width)
    rows = [[column.title for column in table.columns], *table.rows]
    height = sum(_row(row, widths, table.size) for row in rows) + _RULE
    if not table.rows:
        height += _row([table.empty], [PORTRAIT.text_width], table.size)
    if table.caption:
        height += math.ceil(text_width(table.caption) * CAPTION.size * 20 / PORTRAIT.text_width) * CAPTION.line
    for line in lines_of(table.note):
        height += math.ceil(text_width(line) * TABLE_NOTE.size * 20 / PORTRAIT.text_width) * TABLE_NOTE.line
    return height


def _row(texts: Sequence[str], widths: list[int], size: float) -> int:
    most = 1
    for text, width in zip(texts, widths, strict=True):
        room = max(1, (width - 2 * CELL_MARGIN) // points(size))
        most = max(most, sum(math.ceil(text_width(line) / room) for line in lines_of(text)))
    return most * points(size * PITCH) + _RULE
