"""Paragraphs and runs: font (eastAsia, ascii, hAnsi, cs) and size on every run, nothing left to defaults."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import lru_cache

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from core.documents.markup import element, text_element
from core.documents.styles import Style

Piece = str | BaseOxmlElement
"""Text, or an element that goes into a run of its own (a line break, a tab, a part of a field)."""


def run_properties(style: Style) -> BaseOxmlElement:
    """Return the ``w:rPr`` of ``style``; bold is not there, and not in any style."""
    return deepcopy(_run_properties(style))


@lru_cache(maxsize=256)
def _run_properties(style: Style) -> BaseOxmlElement:
    fonts = element("w:rFonts", ascii=style.font, hAnsi=style.font, eastAsia=style.font, cs=style.font, hint="eastAsia")
    made = element("w:rPr", fonts)
    if style.colour:
        made.append(element("w:color", val=style.colour))
    made.append(element("w:spacing", val=style.spacing))
    if style.scale != 100:
        made.append(element("w:w", val=style.scale))
    half_points = round(style.size * 2)
    made.extend([element("w:sz", val=half_points), element("w:szCs", val=half_points)])
    return made


def paragraph_properties(style: Style, *, named: bool = True) -> BaseOxmlElement:
    """Return the ``w:pPr`` of ``style``: exact pitch, no widow control, no spaces put between 汉字 and figures.

    Args:
        style: how the paragraph is set.
        named: refer to the named style; false inside the definition of that style.
    """
    return deepcopy(_paragraph_properties(style, named))


@lru_cache(maxsize=256)
def _paragraph_properties(style: Style, named: bool) -> BaseOxmlElement:
    made = element("w:pPr")
    if named:
        made.append(element("w:pStyle", val=style.key))
    if style.keep_next:
        made.append(element("w:keepNext"))
    if style.page_break:
        made.append(element("w:pageBreakBefore"))
    made.append(element("w:widowControl", val=0))
    for tag in ("w:overflowPunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:adjustRightInd", "w:snapToGrid"):
        made.append(element(tag, val=0))
    made.append(element("w:spacing", before=style.before, after=style.after, line=style.line, lineRule="exact"))
    made.append(_indent(style))
    made.append(element("w:jc", val=style.align))
    if style.level is not None:
        made.append(element("w:outlineLvl", val=style.level))
    return made


def _indent(style: Style) -> BaseOxmlElement:
    sides = {"left": style.left, "right": style.right}
    if style.first < 0:
        return element("w:ind", **sides, hanging=-style.first)
    if style.first_characters:
        return element("w:ind", **sides, firstLineChars=style.first_characters, firstLine=style.first)
    return element("w:ind", **sides, firstLine=0)


def run(style: Style, piece: Piece) -> BaseOxmlElement:
    """Return a ``w:r`` with everything written on it; a text is taken literally."""
    content = text_element(piece) if isinstance(piece, str) else piece
    return element("w:r", run_properties(style), content)


def paragraph(style: Style, *pieces: Piece) -> BaseOxmlElement:
    """Return a ``w:p``; one without pieces is an empty line of the style's height."""
    properties = paragraph_properties(style)
    properties.append(run_properties(style))
    return element("w:p", properties, *(run(style, piece) for piece in pieces))


def broken(lines: Iterable[str]) -> list[Piece]:
    """Return ``lines`` as pieces with a line break between each two."""
    pieces: list[Piece] = []
    for line in lines:
        if pieces:
            pieces.append(OxmlElement("w:br"))
        pieces.append(line)
    return pieces


def tab() -> BaseOxmlElement:
    """Return a ``w:tab`` as a piece."""
    return OxmlElement("w:tab")


def with_properties(made: BaseOxmlElement, *extra: BaseOxmlElement) -> BaseOxmlElement:
    """Return the paragraph ``made`` with ``w:pBdr`` or ``w:tabs``, in this order, where the schema wants them."""
    for new in extra:
        made.pPr.xpath("w:overflowPunct")[0].addprevious(new)
    return made


def keep_with_next(elements: Sequence[BaseOxmlElement]) -> None:
    """Let the last of ``elements``, if it is a paragraph, stay on the page of what follows.

    A name and a date never stand on a page without text.
    """
    for last in elements[-1:]:
        if last.tag == qn("w:p") and not last.pPr.xpath("w:keepNext"):
            last.pPr.xpath("w:widowControl")[0].addprevious(element("w:keepNext"))
