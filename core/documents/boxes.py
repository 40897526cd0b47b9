"""Text boxes that stand at a fixed place of the page: the turned page number, the 版记."""

from collections.abc import Sequence

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement

EMU_PER_TWIP = 635

_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_NAMESPACES = (
    f"{nsdecls('w', 'wp', 'a')} xmlns:wps='{_SHAPE}' "
    "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
)


def at(place: int) -> str:
    """Return the offset of a box from what it refers to, in twips."""
    return f"<wp:posOffset>{place * EMU_PER_TWIP}</wp:posOffset>"


def to(side: str) -> str:
    """Return that a box stands at a side (left, bottom) of what it refers to."""
    return f"<wp:align>{side}</wp:align>"


def text_box(  # noqa: PLR0913  a box is what its eight sides are
    name: str,
    identifier: int,
    content: Sequence[BaseOxmlElement],
    *,
    across: str,
    down: str,
    of: str,
    size: tuple[int, int],
    turned: bool = False,
    wrapped: bool = False,
) -> BaseOxmlElement:
    """Return the drawing of a text box without rules or margins; it goes into a run of the paragraph that holds it.

    Args:
        name: what the format check knows it by; never typed text.
        identifier: unique within its part.
        content: paragraphs; they lie at the bottom of the box.
        across, down: ``at(twips)`` or ``to(side)``.
        of: what that refers to, ``page`` or ``margin`` (the type area).
        size: width and height in twips.
        turned: the text runs downwards.
        wrapped: the text of the page keeps clear of the box.
    """
    width, height = (length * EMU_PER_TWIP for length in size)
    drawing = parse_xml(
        f"<mc:AlternateContent {_NAMESPACES}><mc:Choice Requires='wps'><w:drawing>"
        "<wp:anchor distT='0' distB='0' distL='0' distR='0' simplePos='0' relativeHeight='1' behindDoc='0' "
        "locked='0' layoutInCell='1' allowOverlap='1'><wp:simplePos x='0' y='0'/>"
        f"<wp:positionH relativeFrom='{of}'>{across}</wp:positionH>"
        f"<wp:positionV relativeFrom='{of}'>{down}</wp:positionV>"
        f"<wp:extent cx='{width}' cy='{height}'/><wp:effectExtent l='0' t='0' r='0' b='0'/>"
        f"<wp:{'wrapTopAndBottom' if wrapped else 'wrapNone'}/>"
        f"<wp:docPr id='{identifier}' name='{name}'/><wp:cNvGraphicFramePr/>"
        f"<a:graphic><a:graphicData uri='{_SHAPE}'><wps:wsp><wps:cNvSpPr txBox='1'/><wps:spPr>"
        f"<a:xfrm><a:off x='0' y='0'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>"
        "<a:prstGeom prst='rect'><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>"
        "<wps:txbx><w:txbxContent/></wps:txbx>"
        f"<wps:bodyPr vert='{'eaVert' if turned else 'horz'}' wrap='square' lIns='0' tIns='0' rIns='0' bIns='0' "
        f"anchor='{'t' if turned else 'b'}'><a:noAutofit/></wps:bodyPr>"
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>"
    )
    next(drawing.iter(qn("w:txbxContent"))).extend(content)
    return drawing
