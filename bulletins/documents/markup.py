"""The paper as HTML, on the page where it is edited and read, and as a file: the measures of the ``.docx`` (ui.md §13).

Lines, sizes and distances are those of ``core.documents``; breaking into pages is left to the browser, which alone
knows how wide its letters are (``static/app/bulletin.js``). Without scripts it is one long sheet per paper size.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from bulletins.bindings import filled
from bulletins.documents.paper import opening_of, paper_of, with_headings
from bulletins.models import Bulletin
from bulletins.rules.wording.phrases import closed_up
from core.documents import Column, DocumentKind, OfficialDocument, Table, official_date
from core.documents.endings import signature_lines
from core.documents.heads import mark_style
from core.documents.page import LANDSCAPE, PORTRAIT
from core.documents.styles import ANNEX_TITLE
from core.documents.titles import balanced_lines, text_width

#: Draws a bound number: its name, what the snapshot keeps of it, and what it prints as.
Show = Callable[[str, Mapping[str, Any], str], SafeString]


@dataclass(frozen=True, slots=True)
class Mark:
    """发文机关标志 as an SVG text: points; ``length`` is what its letters are narrowed to."""

    text: str
    size: str
    length: str
    width: str
    height: str
    baseline: str


def paper_context(bulletin: Bulletin, show: Show) -> dict[str, Any]:
    """Return what ``bulletins/_paper.html`` prints of a paper; ``show`` draws its bound numbers."""
    document = paper_of(bulletin)
    return {
        "document": document,
        "mark": None if document.kind is DocumentKind.PLAIN else mark_of(document.head),
        "is_red_headed": document.kind is DocumentKind.RED_HEADED,
        "is_newsletter": document.kind is DocumentKind.NEWSLETTER,
        "title_lines": balanced_lines(document.title),
        "opening": opening_of(bulletin),
        "sections": list(section_pages(bulletin, show)),
        "attachments": [annex.title for annex in document.annexes],
        "signature_lines": _signature(document),
        "dated": official_date(document.dated_on),
        "printed": official_date(document.printed_on),
        "annexes": list(annex_pages(document)),
        "needs_last_page": bool(document.annexes and document.annexes[-1].landscape),
    }


def _signature(document: OfficialDocument) -> list[str]:
    if not document.issuer or document.kind is DocumentKind.NEWSLETTER:
        return []
    return signature_lines(document.issuer, document.dated_on)


def mark_of(name: str) -> Mark:
    """Return the mark with its letters narrowed as in the ``.docx``."""
    style = mark_style(name)
    length = text_width(name) * style.size * style.scale / 100
    return Mark(
        text=name,
        size=f"{style.size:g}",
        length=f"{length:.1f}",
        width=f"{PORTRAIT.text_width / 20:.1f}",
        height=f"{style.line / 20:.1f}",
        baseline=f"{style.size * 0.98:.1f}",
    )


def section_pages(bulletin: Bulletin, show: Show) -> Iterator[dict[str, Any]]:
    """Yield each section with its numbered headings and its paragraphs: words escaped, numbers as ``show`` draws them."""
    numbers = bulletin.snapshot["numbers"]

    def drawn(name: str, printed: str) -> str:
        number = numbers.get(name)
        return escape(printed) if number is None else show(name, number, closed_up(printed))

    for section, headings in with_headings(bulletin):
        lines = [line for line in section.text.splitlines() if line.strip()]
        yield {
            "key": section.key,
            "headings": headings,
            # The words are escaped first; what is drawn into them is markup of our own.
            "paragraphs": [mark_safe(closed_up(filled(escape(line), numbers, drawn))) for line in lines],  # nosec B308 B703
        }


def linked(*, site: str = "", shut: frozenset[str] = frozenset()) -> Show:
    """Return how a frozen number looks: plain, and a link to the rows it was counted from.

    Args:
        site: what links begin with where the platform does not serve the page.
        shut: addresses the reader may not open; a number from there is plain text.
    """

    def show(name: str, number: Mapping[str, Any], printed: str) -> SafeString:
        if number["url"] in shut:
            return escape(printed)
        return format_html(
            '<a class="paper__num" href="{}{}" title="{}">{}</a>', site, number["url"], number["label"], printed
        )

    return show


def tinted(moved: frozenset[str]) -> Show:
    """Return how a number looks that may still change: tinted, amber where the source ``moved``.

    It leads to its row under 数字来源, whose row leads back to the number's first place in the text.
    """
    seen: set[str] = set()

    def show(name: str, number: Mapping[str, Any], printed: str) -> SafeString:
        anchor = SafeString("") if name in seen else format_html(' id="number-{}"', name)
        seen.add(name)
        stale = " is-stale" if name in moved else ""
        return format_html(
            '<a class="bound{}"{} href="#source-{}" title="{}">{}</a>', stale, anchor, name, number["label"], printed
        )

    return show


def annex_pages(document: OfficialDocument) -> Iterator[dict[str, Any]]:
    """Yield each annex with its label, title lines and tables."""
    for place, annex in enumerate(document.annexes, start=1):
        paper = LANDSCAPE if annex.landscape else PORTRAIT
        widest = paper.text_width / 20 / ANNEX_TITLE.size - 1
        yield {
            "label": "附件" if len(document.annexes) == 1 else f"附件{place}",
            "title_lines": balanced_lines(annex.title, widest),
            "is_landscape": annex.landscape,
            "tables": [_table(block) for block in annex.blocks if isinstance(block, Table)],
        }


def _table(table: Table) -> dict[str, Any]:
    total = sum(column.width for column in table.columns)
    return {
        "columns": [_column(column, total) for column in table.columns],
        "rows": [list(zip(row, [column.align.value for column in table.columns], strict=True)) for row in table.rows],
        "caption": table.caption,
        "note": table.note,
        "empty": table.empty,
    }


def _column(column: Column, total: float) -> dict[str, Any]:
    """Return a column with its share in whole per cent, which the template writes as an attribute."""
    return {"title": column.title, "share": round(column.width * 100 / total)}
