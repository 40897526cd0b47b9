"""Small files for evidence: a page of text as PDF, a chart as PNG. Made of bytes, no fonts needed here.

The PDF names a Chinese font every reader brings along (Adobe's CID fonts) instead of embedding one.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    "/DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)
INK, ACCENT, PAPER = (32, 42, 56), (31, 78, 121), (255, 255, 255)


def text_page(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one A4 page with ``title`` and ``lines``."""
    shown = [_shown(18, 70, 760, title)]
    shown += [_shown(12, 70, 715 - 24 * number, line) for number, line in enumerate(lines)]
    content = "\n".join(shown)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        _FONT,
    ]
    body, places = _HEAD, []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + tail.encode("ascii")


def _shown(size: int, x: int, y: int, text: str) -> str:
    """Return the PDF operators that show ``text`` at (``x``, ``y``)."""
    return f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def bar_chart(figures: Sequence[int]) -> bytes:
    """Return a PNG of one bar for each of ``figures`` (0 to 100), as a screenshot of a system might show it."""
    image = Image.new("RGB", (960, 540), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 960, 48), fill=ACCENT)
    draw.line((80, 480, 920, 480), fill=INK, width=2)
    step = 840 // max(len(figures), 1)
    for number, figure in enumerate(figures):
        left = 80 + number * step + step // 5
        draw.rectangle((left, 480 - 4 * figure, left + step * 3 // 5, 480), fill=ACCENT)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
