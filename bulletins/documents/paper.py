"""A bulletin as an official document: what stands where on the paper (domain §8)."""

from collections.abc import Iterator, Sequence

from bulletins.bindings import filled
from bulletins.documents import tables
from bulletins.models import Bulletin, BulletinSection
from bulletins.rules.wording import yearly
from bulletins.rules.wording.phrases import closed_up
from core.clock import local_date
from core.documents import (
    Annex,
    DocumentKind,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    document_number,
    heading_text,
    issue_number,
)
from core.documents.parts import Block
from core.settings_registry import setting

Kind = Bulletin.Kind
_KINDS = {Kind.NOTICE: DocumentKind.RED_HEADED, Kind.BRIEF: DocumentKind.NEWSLETTER}
#: What the red name of a 简报 says.
NEWSLETTER_NAME = "营商环境工作简报"
OPENING = "现将有关情况通报如下。"
#: Sections that stand together under one heading, by kind: key of the section -> heading of the part.
PARTS_OF = {Kind.YEARLY_REPORT: dict.fromkeys(yearly.WORK_DONE, "工作开展情况")}


def paper_of(bulletin: Bulletin) -> OfficialDocument:
    """Return the bulletin as a document; a draft shows blanks where numbers and dates will stand."""
    kind = _KINDS.get(Kind(bulletin.kind), DocumentKind.PLAIN)
    is_official = kind is not DocumentKind.PLAIN
    return OfficialDocument(
        kind=kind,
        title=bulletin.title,
        head=NEWSLETTER_NAME if kind is DocumentKind.NEWSLETTER else bulletin.issuer,
        number=number_shown(bulletin),
        addressee=bulletin.addressee if kind is DocumentKind.RED_HEADED else "",
        blocks=list(blocks_of(bulletin)),
        issuer=bulletin.issuer if is_official else "",
        dated_on=bulletin.issued_on,
        annexes=annexes_of(bulletin),
        copies_to=bulletin.copies_to if is_official else "",
        printed_by=bulletin.issuer if is_official else "",
        printed_on=bulletin.issued_on,
    )


def draft_marks(kind: str, year: int) -> str:
    """Return what stands for the number of a draft: 西营商〔2026〕　号, or 第　期（总第　期）."""
    if kind == Kind.NOTICE:
        return document_number(setting("bulletins.document_code"), year, None)
    return issue_number(None) if kind == Kind.BRIEF else ""


def number_shown(bulletin: Bulletin) -> str:
    """Return the number given at signing, or the blank of a draft."""
    year = (bulletin.issued_on or local_date(bulletin.drafted_at)).year
    return bulletin.document_number or bulletin.issue_number or draft_marks(bulletin.kind, year)


def blocks_of(bulletin: Bulletin) -> Iterator[Block]:
    """Yield the opening and the sections with their numbered headings."""
    if opening := opening_of(bulletin):
        yield Paragraph(opening)
    numbers = bulletin.snapshot["numbers"]
    for section, headings in with_headings(bulletin):
        yield from headings
        yield Paragraph(closed_up(filled(section.text, numbers)))


def with_headings(bulletin: Bulletin) -> Iterator[tuple[BulletinSection, list[Heading]]]:
    """Yield each section with the headings that stand over it: 一、总体情况; in a part, 一、工作开展情况 and （一）….

    A part's own heading stands over its first section only.
    """
    sections = list(bulletin.sections.all())
    parts = PARTS_OF.get(Kind(bulletin.kind), {})
    first, second, last_part = 0, 0, ""
    for section in sections:
        part = parts.get(section.key, "")
        headings = []
        if part and part != last_part:
            first, second = first + 1, 0
            headings.append(Heading(heading_text(1, first, part)))
        if part:
            second += 1
            headings.append(Heading(heading_text(2, second, section.title), level=2))
        else:
            first += 1
            headings.append(Heading(heading_text(1, first, section.title)))
        last_part = part
        yield section, headings


def opening_of(bulletin: Bulletin) -> str:
    """Return the first paragraph: of a correction what it corrects and why, else the usual one of a 通报."""
    if bulletin.opening:
        return bulletin.opening
    return OPENING if bulletin.kind == Kind.NOTICE else ""


def annexes_of(bulletin: Bulletin) -> Sequence[Annex]:
    """Return the annexes of the paper; a list with nothing on it is none, and the last one stands upright.

    The table of indicators lies on its side, that of units is always there: 版记 needs a portrait page at the end.
    """
    kind, snapshot = Kind(bulletin.kind), bulletin.snapshot
    if kind is Kind.YEARLY_REPORT:
        return [Annex("指标年初年末对照表", [tables.before_and_after_table(snapshot)], landscape=True)]
    if kind is Kind.DAILY_BRIEF:
        return []
    units = Annex("承办单位投诉办理情况表", [tables.department_table(snapshot)])
    late = _list("超期事项清单", tables.overdue_table(snapshot))
    if kind is Kind.MONTHLY_COMPLAINTS:
        return [units, *late]
    indicators = [tables.indicator_table(snapshot), *tables.change_table(snapshot)]
    issues = _list("未销号问题清单", tables.open_issue_table(snapshot))
    return [Annex("指标情况表", indicators, landscape=True), units, *issues, *late]


def _list(title: str, table: Table) -> list[Annex]:
    return [Annex(title, [table])] if table.rows else []
