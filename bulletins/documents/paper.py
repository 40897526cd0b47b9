"""A bulletin as an official document: what stands where on the paper (domain §8)."""

from collections.abc import Iterator, Sequence
from typing import Any

from bulletins.bindings import filled
from bulletins.documents import tables
from bulletins.models import Bulletin
from bulletins.rules.wording.phrases import closed_up
from core.clock import local_date
from core.documents import (
    Annex,
    DocumentKind,
    Heading,
    OfficialDocument,
    Paragraph,
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
    for place, section in enumerate(bulletin.sections.all(), start=1):
        yield Heading(heading_text(1, place, section.title))
        yield Paragraph(closed_up(filled(section.text, numbers)))


def opening_of(bulletin: Bulletin) -> str:
    """Return the first paragraph: of a correction what it corrects and why, else the usual one of a 通报."""
    if bulletin.opening:
        return bulletin.opening
    return OPENING if bulletin.kind == Kind.NOTICE else ""


def annexes_of(bulletin: Bulletin) -> Sequence[Annex]:
    """Return the annexes with something in them; the indicator table lies on its side."""
    return [
        Annex(title, [table], landscape=landscape)
        for title, table, landscape in annex_tables(bulletin.kind, bulletin.snapshot)
    ]


def annex_tables(kind: str, snapshot: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """Yield title, table, and whether it lies on its side, for each annex of a paper of ``kind``."""
    if kind in {Kind.NOTICE, Kind.BRIEF}:
        yield "一级指标情况表", tables.indicator_table(snapshot), True
        yield "承办单位投诉办理情况表", tables.department_table(snapshot), False
        yield "未销号问题清单", tables.open_issue_table(snapshot), False
        yield "超期事项清单", tables.overdue_table(snapshot), False
    elif kind == Kind.MONTHLY_COMPLAINTS:
        yield "承办单位投诉办理情况表", tables.department_table(snapshot), False
        yield "超期事项清单", tables.overdue_table(snapshot), False
    elif kind == Kind.YEARLY_REPORT:
        yield "指标年初年末对照表", tables.before_and_after_table(snapshot), True
