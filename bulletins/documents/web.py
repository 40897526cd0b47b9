"""The paper as an HTML file of its own: looks like the paper, prints as one, each number linked to its rows."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape

from bulletins.documents.markup import linked, paper_context
from bulletins.documents.paper import number_shown
from bulletins.models import Bulletin
from core.settings_registry import setting

#: What the file alone needs, and the paper as the platform shows it: written into the file, so that it stays as it is.
STYLES = (Path(__file__).parent / "paper.css", settings.BASE_DIR / "static" / "app" / "paper.css")
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
    show = linked(site=setting("site.address").rstrip("/"))
    paper = render_to_string("bulletins/_paper.html", paper_context(bulletin, show))
    title = escape(f"{number_shown(bulletin)} {bulletin.title}".strip())
    style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    return PAGE.format(title=title, style=style, paper=paper).encode()
