"""A one-page document as a picture for forwarding: drawn here, so that the server needs no office programme.

It has the shape of an A4 page but not its margins and sizes: it is read on a telephone, so letters are as large as
lets everything fit. What does not fit at the smallest size is cut, and the picture says so.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from core.documents.fonts import Fonts, find_fonts
from core.documents.markup import lines_of, printable
from core.documents.parts import Align, Block, DocumentKind, Heading, OfficialDocument, Paragraph, Table
from core.documents.styles import RED
from core.documents.tables import column_widths
from core.documents.titles import balanced_lines
from core.documents.wording import official_date

WIDTH, HEIGHT = 1240, 1754
"""A4 at 150 dpi."""
MARGIN = 76
SIZES = range(46, 25, -2)
"""Letters in pixels: at 390 px, a telephone's width, 46 are read as 14 px and 26 as 8."""
CUT = "（本页未完，余下内容见 Word 文件）"

_WORD = re.compile(r"[0-9A-Za-z.,%+\-−/:]+|.", re.DOTALL)
_NEVER_FIRST = "、，。；：？！）》〕」”’%—"
_NEVER_LAST = "（《〔“‘"
_BLACK, _GREY = "#1a1a1a", "#8a8a8a"


def picture_of(document: OfficialDocument, *, fonts: Fonts | None = None) -> bytes:
    """Return the document's text on one page as PNG; annexes and 版记 are left out.

    Args:
        document: any kind; made for the daily brief.
        fonts: what to draw with; None looks for the machine's own.

    Raises:
        FontMissing: the machine has no Chinese font.
    """
    fonts = fonts or find_fonts()
    page = next(
        (laid for size in SIZES if (laid := _lay_out(document, fonts, size)).bottom <= HEIGHT - MARGIN),
        None,
    ) or _cut(_lay_out(document, fonts, SIZES[-1]), fonts)
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    for mark in page.marks:
        mark.draw(draw)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Text:
    x: float
    y: float
    text: str
    font: ImageFont.FreeTypeFont
    colour: str = _BLACK

    @property
    def bottom(self) -> float:
        return self.y + self.font.size * 1.2

    def draw(self, draw: ImageDraw.ImageDraw) -> None:
        draw.text((self.x, self.y), self.text, font=self.font, fill=self.colour)


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle; one without height is a line."""

    x: float
    y: float
    width: float
    height: float
    colour: str = _GREY
    thickness: int = 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def draw(self, draw: ImageDraw.ImageDraw) -> None:
        ends = (self.x, self.y, self.x + self.width, self.bottom)
        if self.height:
            draw.rectangle(ends, outline=self.colour, width=self.thickness)
        else:
            draw.line(ends, fill=self.colour, width=self.thickness)


@dataclass(slots=True)
class _Page:
    """What is to be drawn, laid out downwards from the upper margin."""

    fonts: Fonts
    size: int
    bottom: float = MARGIN
    marks: list[_Text | _Box] = field(default_factory=list)

    @property
    def width(self) -> int:
        return WIDTH - 2 * MARGIN

    def space(self, share: float) -> None:
        """Leave ``share`` of a letter's size free."""
        self.bottom += self.size * share

    def write(
        self,
        text: str,
        *,
        scale: float = 1,
        hei: bool = False,
        align: str = "left",
        indent: int = 0,
        colour: str = _BLACK,
    ) -> None:
        """Write ``text`` over the width, wrapped; ``indent`` in letters for the first line."""
        font = self.fonts.at(round(self.size * scale), hei=hei)
        for place, line in enumerate(wrapped(text, font, self.width, indent * font.size)):
            shift = indent * font.size if indent and place == 0 else _shift(align, self.width - font.getlength(line))
            self.marks.append(_Text(MARGIN + shift, self.bottom, line, font, colour))
            self.bottom += font.size * 1.6


def _shift(align: str, room: float) -> float:
    return {"left": 0.0, "center": room / 2, "right": room}[align]


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float, indent: float = 0) -> list[str]:
    """Return the lines of ``text``: figures and words stay whole, closing marks never begin a line, opening ones
    never end it. A closing mark may hang over by its own width.
    """
    lines, line, used, room = [], "", 0.0, width - indent
    for piece in _pieces(text, font, width):
        length = _length(font, piece)
        if line and used + length > room + (font.size if piece in _NEVER_FIRST else 0):
            kept = line.rstrip(_NEVER_LAST) or line
            lines.append(kept)
            line = line[len(kept) :]
            used, room = font.getlength(line), width
        line += piece
        used += length
    return [*lines, line] if line or not lines else lines


@lru_cache(maxsize=20_000)
def _length(font: ImageFont.FreeTypeFont, piece: str) -> float:
    return font.getlength(piece)


def _pieces(text: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Yield what stays whole; a word longer than the line is taken apart."""
    for word in _WORD.findall(text):
        if len(word) > 1 and font.getlength(word) > width:
            yield from word
        else:
            yield word


def _lay_out(document: OfficialDocument, fonts: Fonts, size: int) -> _Page:
    page = _Page(fonts, size)
    if document.kind is not DocumentKind.PLAIN:
        _head(page, document)
    scale = 1.35
    for line in balanced_lines(document.title, widest=page.width / (size * scale)):
        page.write(printable(line), scale=scale, align="center")
    if document.kind is DocumentKind.PLAIN and document.number:
        page.write(printable(document.number), scale=0.8, align="center", colour=_GREY)
    page.space(0.6)
    if document.addressee:
        page.write(f"{printable(document.addressee).rstrip('：:')}：")
    for block in document.blocks:
        _block(page, block)
    if document.issuer and document.kind is not DocumentKind.NEWSLETTER:
        page.space(0.6)
        page.write(printable(document.issuer), align="right")
        page.write(official_date(document.dated_on), align="right")
    return page


def _head(page: _Page, document: OfficialDocument) -> None:
    name = printable(document.head)
    whole = page.fonts.at(100).getlength(name) or 1
    page.write(name, scale=min(1.9, (page.width - 1) * 100 / whole / page.size), align="center", colour=f"#{RED}")
    page.write(printable(document.number), scale=0.9, align="center")
    page.marks.append(_Box(MARGIN, page.bottom, page.width, 0, f"#{RED}", 4))
    page.space(1)


def _block(page: _Page, block: Block) -> None:
    match block:
        case Heading():
            page.write(printable(block.text), hei=True, indent=2)
        case Paragraph():
            for line in lines_of(block.text):
                page.write(line, indent=2 if block.indented else 0)
        case Table():
            _table(page, block)


def _table(page: _Page, table: Table) -> None:
    if table.caption:
        page.write(printable(table.caption), scale=0.85, hei=True, align="center")
    widths = column_widths(table.columns, page.width)
    _row(page, [column.title for column in table.columns], widths, [Align.CENTER] * len(widths), hei=True)
    aligns = [column.align for column in table.columns]
    for texts in table.rows:
        _row(page, texts, widths, aligns)
    if not table.rows:
        _row(page, [table.empty], [page.width], [Align.CENTER])
    if table.note:
        for line in lines_of(table.note):
            page.write(line, scale=0.75, colour=_GREY)
    page.space(0.5)


def _row(page: _Page, texts: Sequence[str], widths: list[int], aligns: list[Align], *, hei: bool = False) -> None:
    font = page.fonts.at(round(page.size * 0.82), hei=hei)
    pitch, inside = font.size * 1.35, font.size * 0.25
    cells = [
        [part for line in lines_of(text) for part in wrapped(line, font, width - 2 * inside)]
        for text, width in zip(texts, widths, strict=True)
    ]
    height = max(1, *(len(lines) for lines in cells)) * pitch + 2 * inside
    left = float(MARGIN)
    for lines, width, align in zip(cells, widths, aligns, strict=True):
        page.marks.append(_Box(left, page.bottom, width, height))
        top = page.bottom + (height - len(lines) * pitch) / 2
        for place, line in enumerate(lines):
            shift = inside + _shift(align, width - 2 * inside - font.getlength(line))
            page.marks.append(_Text(left + shift, top + place * pitch, line, font))
        left += width
    page.bottom += height


def _cut(page: _Page, fonts: Fonts) -> _Page:
    """Return the page with only what fits, and a line that says so."""
    font = fonts.at(26)
    limit = HEIGHT - MARGIN - font.size * 2
    first_lost = min(mark.y for mark in page.marks if mark.bottom > limit)
    kept = [mark for mark in page.marks if mark.bottom <= min(limit, first_lost + 1)]
    note = _Text(MARGIN, HEIGHT - MARGIN - font.size * 1.5, CUT, font, _GREY)
    return _Page(fonts, page.size, HEIGHT - MARGIN, [*kept, note])
