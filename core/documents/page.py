"""The paper: A4, margins and type area of GB/T 9704-2012 in twips (1/20 pt), and what a section says of them.

A landscape page is a portrait page turned a quarter to the right: its top edge is the binding edge of the portrait
page, so the table's head lies at the binding of odd pages, and its left edge is where portrait pages have their foot.
"""

from dataclasses import dataclass

from docx.oxml.xmlchemy import BaseOxmlElement

from core.documents.markup import element

TWIPS_PER_POINT = 20


def millimetres(length: float) -> int:
    """Return millimetres as whole twips."""
    return round(length * 1440 / 25.4)


def points(length: float) -> int:
    """Return points as whole twips."""
    return round(length * TWIPS_PER_POINT)


LINE = 579
"""One line of body text, 28.95 pt: 22 of them fill the height of the type area (225 mm)."""
CHARACTER = 315
"""One character of body text: 16 pt less 0.25 pt; 28 of them fill the width of the type area (156 mm)."""
SMALL_CHARACTER = 280
"""One character of 4号 (14 pt)."""
LINES_PER_PAGE = 22
CHARACTERS_PER_LINE = 28


@dataclass(frozen=True, slots=True)
class Paper:
    """Edges of a page, all in twips."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    landscape: bool = False

    @property
    def text_width(self) -> int:
        """Width of the type area."""
        return self.width - self.left - self.right


PORTRAIT = Paper(
    width=millimetres(210),
    height=millimetres(297),
    top=millimetres(37),
    right=millimetres(26),
    bottom=millimetres(35),
    left=millimetres(28),
)
LANDSCAPE = Paper(
    width=PORTRAIT.height,
    height=PORTRAIT.width,
    top=PORTRAIT.left,
    right=PORTRAIT.top,
    bottom=PORTRAIT.right,
    left=PORTRAIT.bottom,
    landscape=True,
)
HEADER = millimetres(15)
FOOTER = millimetres(25)
"""From the edge of the paper to the footer; the dash of the page number then lies 7 mm below the type area."""


def set_page(properties: BaseOxmlElement, paper: Paper) -> None:
    """Write size and margins into a ``w:sectPr``; there is no document grid, the line pitch is exact."""
    for tag in ("w:type", "w:pgSz", "w:pgMar", "w:cols", "w:docGrid"):
        for old in properties.xpath(tag):
            properties.remove(old)
    size = element("w:pgSz", w=paper.width, h=paper.height)
    if paper.landscape:
        size = element("w:pgSz", w=paper.width, h=paper.height, orient="landscape")
    properties.append(element("w:type", val="nextPage"))
    properties.append(size)
    properties.append(
        element(
            "w:pgMar",
            top=paper.top,
            right=paper.right,
            bottom=paper.bottom,
            left=paper.left,
            header=HEADER,
            footer=FOOTER,
            gutter=0,
        )
    )
    properties.append(element("w:cols", space=720))
