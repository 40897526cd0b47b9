"""The paper as an HTML page of its own: looks like the paper, prints as one, each number linked to its rows."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from bulletins.bindings import NAME
from bulletins.documents.paper import annex_tables, number_shown, opening_of, with_headings
from bulletins.models import Bulletin
from bulletins.rules.wording.phrases import closed_up
from core.documents import official_date
from core.settings_registry import setting

STYLE = Path(__file__).parent / "paper.css"
#: Outside the templates, because pages of the platform may hold no style of their own, and a file must.
PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{paper}
</body>
</html>
"""


def page_of(bulletin: Bulletin) -> bytes:
    """Return the frozen HTML of the paper, whole in itself: style within, no script, nothing fetched."""
    # A file lies anywhere: only with the platform's own address do its links lead back to the rows.
    paper = render_to_string("bulletins/_paper.html", paper_context(bulletin, site=setting("site.address").rstrip("/")))
    title = escape(f"{number_shown(bulletin)} {bulletin.title}")
    return PAGE.format(title=title, style=STYLE.read_text(encoding="utf-8"), paper=paper).encode()


def paper_context(
    bulletin: Bulletin, *, moved: frozenset[str] = frozenset(), is_marked: bool = False, site: str = ""
) -> dict[str, Any]:
    """Return what the templates of the paper print.

    Args:
        moved: names of numbers that would be others today.
        is_marked: tint bound numbers, as the preview of a draft does; an issued paper has no tints.
        site: what links begin with where the page is not served by the platform.
    """
    return {
        "bulletin": bulletin,
        "number_shown": number_shown(bulletin),
        "opening": opening_of(bulletin),
        "sections": list(section_pages(bulletin, moved=moved, is_marked=is_marked, site=site)),
        "annexes": [
            {"label": f"附件{place}", "title": title, "table": table, "landscape": landscape}
            for place, (title, table, landscape) in enumerate(annex_tables(bulletin.kind, bulletin.snapshot), 1)
        ],
        "dated": official_date(bulletin.issued_on),
        "is_notice": bulletin.kind == Bulletin.Kind.NOTICE,
        "is_brief": bulletin.kind == Bulletin.Kind.BRIEF,
    }


def section_pages(
    bulletin: Bulletin, *, moved: frozenset[str], is_marked: bool, site: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield each section with its numbered heading and paragraphs in which each number is a link."""
    numbers = bulletin.snapshot["numbers"]
    show = partial(_linked, numbers, moved=moved, is_marked=is_marked, site=site)
    for section, headings in with_headings(bulletin):
        lines = [line for line in section.text.splitlines() if line.strip()]
        yield {
            "section": section,
            "headings": headings,
            "paragraphs": [_marked(line, numbers, show) for line in lines],
        }


def _marked(line: str, numbers: Mapping[str, Any], show: Callable[[str, str], SafeString]) -> SafeString:
    """Return the line with its words escaped and each bound number as ``show`` draws it."""
    pieces = [
        show(piece, numbers[piece]["text"]) if place % 2 and piece in numbers else piece
        for place, piece in enumerate(NAME.split(line))
    ]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _linked(numbers, name: str, printed: str, *, moved: frozenset[str], is_marked: bool, site: str) -> SafeString:
    number = numbers.get(name)
    if number is None:
        return escape(printed)
    shown = closed_up(printed)
    if not is_marked:
        return format_html('<a class="num" href="{}{}" title="{}">{}</a>', site, number["url"], number["label"], shown)
    stale = " is-stale" if name in moved else ""
    return format_html('<a class="bound{}" href="{}" title="{}">{}</a>', stale, number["url"], number["label"], shown)
