"""What closes a document: 附件说明, 署名 and 成文日期, 版记 (GB/T 9704-2012, 7.3.4, 7.3.5 and 7.4)."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from docx.oxml.xmlchemy import BaseOxmlElement

from core.documents.boxes import text_box, to
from core.documents.markup import element
from core.documents.page import CHARACTER, LINE, PORTRAIT, SMALL_CHARACTER
from core.documents.styles import ATTACHMENTS, COLOPHON, DATE, ISSUER, NOTHING, RULE
from core.documents.text import broken, paragraph, tab, with_properties
from core.documents.titles import balanced_lines, text_width
from core.documents.wording import official_date

OUTER_RULE = 8
"""First and last rule of the 版记 in eighths of a point: 1 pt, 0.35 mm."""
INNER_RULE = 6
"""The one between: 0.75 pt, 0.26 mm."""
COLOPHON_NAME = "版记"
COLOPHON_IDENTIFIER = 100


def attachments_note(names: Sequence[str]) -> list[BaseOxmlElement]:
    """Return 附件说明: one line below the text, numbered when there are several, wrapped lines below the name."""
    label = 3 * CHARACTER
    if len(names) == 1:
        style = replace(ATTACHMENTS, before=LINE, left=2 * CHARACTER + label, first=-label)
        return [paragraph(style, f"附件：{names[0]}")]
    number = CHARACTER * 3 // 2
    left = 2 * CHARACTER + label + number
    made = []
    for place, name in enumerate(names, start=1):
        if place == 1:
            made.append(
                paragraph(replace(ATTACHMENTS, before=LINE, left=left, first=-label - number), f"附件：1. {name}")
            )
        else:
            made.append(paragraph(replace(ATTACHMENTS, left=left, first=-number), f"{place}. {name}"))
    return made


def signature(issuer: str, day: date | None, *, above: int = 2 * LINE) -> list[BaseOxmlElement]:
    """Return 署名 and 成文日期 of a stamped document.

    The date ends 4 characters from the right, the name stands above it with the same centre; a name too long for
    that is broken into balanced lines. ``above`` (twips) is left for the stamp.
    """
    style = replace(ISSUER, before=above, left=PORTRAIT.text_width - _region(day))
    return [paragraph(style, *broken(signature_lines(issuer, day))), paragraph(DATE, official_date(day))]


def signature_lines(issuer: str, day: date | None) -> list[str]:
    """Return the lines of 署名: one where the name fits over the date, else balanced ones."""
    return balanced_lines(issuer, widest=_region(day) / CHARACTER)


def _region(day: date | None) -> int:
    """Return the width, up to the right edge, in whose middle the date lies."""
    centre = DATE.right + round(text_width(official_date(day)) * CHARACTER / 2)
    return min(2 * centre, PORTRAIT.text_width)


def colophon(copies_to: str, printed_by: str, printed_on: date | None) -> BaseOxmlElement:
    """Return the paragraph that holds 版记: a box whose last rule lies on the lower edge of the type area.

    The rules are paragraphs of their own: a border would be indented with the text it belongs to.
    """
    made, height = [_rule(OUTER_RULE)], RULE.line
    if copies_to:
        text = f"抄送：{copies_to.rstrip('。')}。"
        label = 3 * SMALL_CHARACTER
        style = replace(COLOPHON, left=SMALL_CHARACTER + label, right=SMALL_CHARACTER, first=-label, align="both")
        made += [paragraph(style, text), _rule(INNER_RULE)]
        room = (PORTRAIT.text_width - style.left - style.right) // SMALL_CHARACTER
        height += math.ceil((text_width(text) - 3) / (room - 1)) * style.line + RULE.line
    stops = element(
        "w:tabs",
        element("w:tab", val="left", pos=SMALL_CHARACTER),
        element("w:tab", val="right", pos=PORTRAIT.text_width - SMALL_CHARACTER),
    )
    line = paragraph(COLOPHON, tab(), printed_by, tab(), f"{official_date(printed_on)}印发")
    made += [with_properties(line, stops), _rule(OUTER_RULE)]
    height += COLOPHON.line + RULE.line
    box = text_box(
        COLOPHON_NAME,
        COLOPHON_IDENTIFIER,
        made,
        across=to("left"),
        down=to("bottom"),
        of="margin",
        size=(PORTRAIT.text_width, height),
        wrapped=True,
    )
    return paragraph(NOTHING, box)


def _rule(eighths: int) -> BaseOxmlElement:
    below = element("w:bottom", val="single", sz=eighths, space=0, color="000000")
    return with_properties(paragraph(RULE), element("w:pBdr", below))
