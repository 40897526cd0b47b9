"""What an official document consists of: plain values, nothing about how they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    """How the first page begins (domain §8)."""

    RED_HEADED = "red_headed"
    """通报: red head, 发文字号, 主送, name and date at the end."""
    NEWSLETTER = "newsletter"
    """简报: red name, 期号, a row with the issuer and the date, red line; no name and date at the end."""
    PLAIN = "plain"
    """No red head: the title stands on the first row (daily brief, statistics, report)."""


class Align(StrEnum):
    """How the cells of a column stand."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number in ``text``, as ``heading_text`` writes it; ``level`` 1 to 4 chooses the font."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text; line ends make further paragraphs. ``indented`` false begins flush left."""

    text: str
    indented: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the width, how its cells stand."""

    title: str
    width: float = 1
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may run over pages: the head is repeated, no row is split.

    ``rows`` hold texts, one for each column; without rows ``empty`` stands in one cell over all columns.
    ``size`` is that of its letters in points.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    note: str = ""
    empty: str = "无"
    size: float = 12


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on a page of its own, 附件1 and so on by its place; ``landscape`` turns its pages."""

    title: str
    blocks: Sequence[Block]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """One official document.

    Attributes:
        kind: how it begins.
        head: 发文机关标志, or the name of the newsletter; unused when PLAIN.
        number: 发文字号 or 期号 as text (``document_number``, ``issue_number``); empty leaves the row out (PLAIN).
        title: broken into balanced lines; line ends in it are kept instead.
        addressee: 主送机关 without the colon; empty leaves the row out.
        attachments_note: names for 附件说明; empty takes the titles of ``annexes``.
        issuer: 署名; empty leaves name and date out. A newsletter carries it in its head.
        dated_on: 成文日期; None shows 　年　月　日.
        copies_to: 抄送 without label and full stop; empty leaves the row out.
        printed_by: 印发机关; empty leaves the whole 版记 out.
        printed_on: 印发日期; None as above.
    """

    kind: DocumentKind
    title: str
    head: str = ""
    number: str = ""
    addressee: str = ""
    blocks: Sequence[Block] = ()
    attachments_note: Sequence[str] = ()
    issuer: str = ""
    dated_on: date | None = None
    annexes: Sequence[Annex] = ()
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a form: one or two (label, value) pairs side by side.

    ``height`` is the least height in millimetres, room for handwriting; ``signature`` stands at the lower right
    of the last value.
    """

    pairs: Sequence[tuple[str, str]]
    height: float = 0
    signature: str = ""


@dataclass(frozen=True, slots=True)
class OfficialForm:
    """A form of the office on A4: number at the top right, title, a table of labels and values, an end.

    Attributes:
        addressee: without the colon; empty leaves it out.
        paragraphs: before the table.
        closing: paragraphs after it.
        issuer: who issues it (stamp area: name centred over the date); empty leaves both out.
        dated_on: None shows 　年　月　日.
        contact, phone: 联系人 and 联系电话, in one line at the end; empty ones are left out.
        receipt: rows of the 回执 below a line to cut along, which the recipient signs and sends back.
        stub: rows of the 存根 below another one, which the issuer keeps.
    """

    title: str
    number: str
    rows: Sequence[FormRow]
    addressee: str = ""
    paragraphs: Sequence[str] = ()
    closing: Sequence[str] = ()
    issuer: str = ""
    dated_on: date | None = None
    contact: str = ""
    phone: str = ""
    receipt: Sequence[FormRow] = ()
    stub: Sequence[FormRow] = ()


@dataclass(frozen=True, slots=True)
class SigningStep:
    """Who did what when: ``role`` 拟稿, 核稿 or 签发; ``at`` aware, None while it is still open."""

    role: str
    name: str = ""
    department: str = ""
    at: datetime | None = None
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class SigningSheet:
    """发文稿纸: what was signed and by whom; it stays with the office and is not sent."""

    issuer: str
    title: str
    number: str
    steps: Sequence[SigningStep]
    addressee: str = ""
    copies_to: str = ""
    annexes: Sequence[str] = ()
