"""The head of the first page: red 发文机关标志, 发文字号 or 期号, red line (GB/T 9704-2012, 7.2)."""

from dataclasses import replace

from docx.oxml.xmlchemy import BaseOxmlElement

from core.documents.markup import element, printable
from core.documents.page import CHARACTER, LINE, PORTRAIT, millimetres, points
from core.documents.parts import DocumentKind, OfficialDocument
from core.documents.styles import ADDRESSEE, ISSUE_ROW, MARK, NUMBER, NUMBER_AT_THE_RIGHT, RED, TITLE, Style
from core.documents.text import broken, paragraph, tab, with_properties
from core.documents.titles import balanced_lines, text_width
from core.documents.wording import official_date

MARK_DISTANCE = millimetres(35)
"""From the upper edge of the type area to the upper edge of the mark."""
_ABOVE_LETTERS = 0.12
"""Share of a letter's size that lies empty between the top of an exact line (1.25 times the size) and the letter."""
_NARROWEST = 60
_RULE_EIGHTHS = 16
_RULE_DISTANCE = 10
"""In points: with the 1 pt below the letters in the 18 pt line, 4 mm."""


def head(document: OfficialDocument) -> list[BaseOxmlElement]:
    """Return everything above the text: head, title, 主送机关."""
    made: list[BaseOxmlElement] = []
    # The line below the title belongs to 主送机关; without one the text needs it.
    title = replace(TITLE, after=0 if document.addressee else LINE)
    if document.kind is DocumentKind.PLAIN:
        title = replace(title, before=0)
        if document.number:
            made.append(number_at_the_right(document.number))
    else:
        made.append(_mark(document.head))
        made.extend(_number_rows(document))
    made.append(paragraph(title, *broken(balanced_lines(document.title))))
    if document.addressee:
        made.append(addressee(document.addressee))
    return made


def addressee(text: str, *, above: int = LINE) -> BaseOxmlElement:
    """Return 主送机关: flush left, one line (or ``above``, twips) below the title, with its full-width colon."""
    return paragraph(replace(ADDRESSEE, before=above), f"{text.rstrip('：:')}：")


def number_at_the_right(number: str) -> BaseOxmlElement:
    """Return the number as the first row of what has no red head."""
    return paragraph(NUMBER_AT_THE_RIGHT, number)


def mark_style(name: str) -> Style:
    """Return the style in which ``name`` fits on one line: letters narrow down to 60 %, then they shrink."""
    letters = max(1.0, text_width(printable(name)))
    room = PORTRAIT.text_width / 20
    scale = min(100, int(100 * room / (letters * MARK.size)))
    size = MARK.size
    if scale < _NARROWEST:
        scale = _NARROWEST
        size = int(2 * 100 * room / (letters * scale)) / 2
    return replace(
        MARK,
        size=size,
        scale=scale,
        line=points(size * 1.25),
        before=MARK_DISTANCE - points(size * _ABOVE_LETTERS),
    )


def _mark(name: str) -> BaseOxmlElement:
    return paragraph(mark_style(name), name)


def _number_rows(document: OfficialDocument) -> list[BaseOxmlElement]:
    """Return what stands between mark and title; the last row carries the red line."""
    lead = 2 * LINE + LINE - NUMBER.line
    if document.kind is DocumentKind.RED_HEADED:
        return [_ruled(paragraph(replace(NUMBER, before=lead), document.number))]
    return [
        paragraph(replace(NUMBER, before=LINE), document.number),
        _ruled(
            paragraph(
                replace(ISSUE_ROW, before=LINE - ISSUE_ROW.line),
                tab(),
                document.issuer,
                tab(),
                official_date(document.dated_on),
            ),
            # Tab stops, not indents: the red line would be indented with its paragraph.
            element("w:tab", val="left", pos=CHARACTER),
            element("w:tab", val="right", pos=PORTRAIT.text_width - CHARACTER),
        ),
    ]


def _ruled(made: BaseOxmlElement, *stops: BaseOxmlElement) -> BaseOxmlElement:
    """Return the paragraph with its tab ``stops`` and the red line below it, as wide as the type area."""
    below = element("w:bottom", val="single", sz=_RULE_EIGHTHS, space=_RULE_DISTANCE, color=RED)
    extra = [element("w:pBdr", below)]
    if stops:
        extra.append(element("w:tabs", *stops))
    return with_properties(made, *extra)
