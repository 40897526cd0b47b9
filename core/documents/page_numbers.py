"""Page numbers ``— 1 —``: 4号 宋体, odd pages right, even pages left, each one character in (GB/T 9704-2012, 7.5).

On landscape pages the number stands where portrait pages have it: in a box at the left edge of the paper, turned
with the page, so that a bound volume shows all numbers in one place.
"""

from dataclasses import replace

from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _BaseHeaderFooter

from core.documents.boxes import at, text_box
from core.documents.markup import element
from core.documents.page import FOOTER, PORTRAIT, SMALL_CHARACTER, Paper
from core.documents.styles import PAGE_NUMBER, Style
from core.documents.text import paragraph

ODD = replace(PAGE_NUMBER, align="right", right=SMALL_CHARACTER)
EVEN = replace(PAGE_NUMBER, align="left", left=SMALL_CHARACTER)
_BLANK = replace(PAGE_NUMBER, size=1, line=20)
BOX_NAME = "页码"
"""The name of the box, by which the format check knows it."""


def number_pages(section: Section, paper: Paper) -> None:
    """Write the headers and footers of ``section``; none is taken over from the section before."""
    parts = (
        (section.footer, section.header, ODD),
        (section.even_page_footer, section.even_page_header, EVEN),
    )
    for identifier, (foot, top, style) in enumerate(parts, start=1):
        foot.is_linked_to_previous = top.is_linked_to_previous = False
        _fill(foot, paragraph(_BLANK) if paper.landscape else _number(style))
        _fill(top, paragraph(_BLANK, _box(style, identifier)) if paper.landscape else paragraph(_BLANK))


def _fill(part: _BaseHeaderFooter, content: BaseOxmlElement) -> None:
    root = part._element
    for old in list(root):
        root.remove(old)
    root.append(content)


def _number(style: Style) -> BaseOxmlElement:
    """Return the paragraph ``— PAGE —``; the number shown until a program counts is 1."""
    instruction = OxmlElement("w:instrText")
    instruction.text = "PAGE"
    return paragraph(
        style,
        "— ",
        element("w:fldChar", fldCharType="begin"),
        instruction,
        element("w:fldChar", fldCharType="separate"),
        "1",
        element("w:fldChar", fldCharType="end"),
        " —",
    )


def _box(style: Style, identifier: int) -> BaseOxmlElement:
    """Return the turned number of a landscape page.

    It lies where the footer of a portrait page lies once the sheet is turned: 25 mm from the left edge, as long as
    the type area is wide. The text runs downwards, so that its right end is the lower one.
    """
    return text_box(
        BOX_NAME,
        identifier,
        [_number(style)],
        across=at(FOOTER),
        down=at(PORTRAIT.left),
        of="page",
        size=(style.line, PORTRAIT.text_width),
        turned=True,
    )
