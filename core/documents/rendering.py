"""A document as a ``.docx``: head, text, 附件说明, name and date, annexes, 版记 on the last portrait page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from docx.oxml.xmlchemy import BaseOxmlElement

from core.documents.endings import attachments_note, colophon, signature
from core.documents.heads import head
from core.documents.markup import lines_of
from core.documents.package import Sheets
from core.documents.parts import Annex, Block, DocumentKind, Heading, OfficialDocument, Paragraph
from core.documents.styles import ANNEX_LABEL, ANNEX_TITLE, BODY, FLUSH, HEADINGS
from core.documents.tables import table
from core.documents.text import broken, keep_with_next, paragraph
from core.documents.titles import balanced_lines


def render(document: OfficialDocument, *, created_at: datetime) -> bytes:
    """Return the document as a ``.docx``; the same document and moment give the same bytes.

    Args:
        document: what it says.
        created_at: aware; becomes the date of creation in the file's properties.
    """
    sheets = Sheets()
    sheets.add(*head(document))
    text = _blocks(document.blocks, sheets.paper.text_width)
    names = document.attachments_note or [annex.title for annex in document.annexes]
    if names:
        keep_with_next(text)
        text += attachments_note(names)
    if document.issuer and document.kind is not DocumentKind.NEWSLETTER:
        keep_with_next(text)
        text += signature(document.issuer, document.dated_on)
    sheets.add(*text)
    for place, annex in enumerate(document.annexes, start=1):
        _annex(sheets, annex, "附件" if len(document.annexes) == 1 else f"附件{place}")
    if document.printed_by:
        if sheets.paper.landscape:
            sheets.turn(landscape=False)
        sheets.add(colophon(document.copies_to, document.printed_by, document.printed_on))
    return sheets.save(title=document.title, author=document.issuer, created_at=created_at)


def _block(block: Block, width: int) -> list[BaseOxmlElement]:
    match block:
        case Heading():
            return [paragraph(HEADINGS[min(max(block.level, 1), 4) - 1], block.text)]
        case Paragraph():
            style = BODY if block.indented else FLUSH
            return [paragraph(style, line) for line in lines_of(block.text)]
        case _:
            return table(block, width)


def _annex(sheets: Sheets, annex: Annex, label: str) -> None:
    """Begin a page, on the paper the annex wants: label on row 1, title on row 3, then its content."""
    turned = annex.landscape != sheets.paper.landscape
    if turned:
        sheets.turn(landscape=annex.landscape)
    sheets.add(paragraph(replace(ANNEX_LABEL, page_break=not turned), label))
    widest = sheets.paper.text_width / 20 / ANNEX_TITLE.size - 1
    sheets.add(paragraph(ANNEX_TITLE, *broken(balanced_lines(annex.title, widest))))
    sheets.add(*_blocks(annex.blocks, sheets.paper.text_width))


def _blocks(blocks: Sequence[Block], width: int) -> list[BaseOxmlElement]:
    return [made for block in blocks for made in _block(block, width)]
