"""The files of a paper: .docx to GB/T 9704, .xlsx annexes, HTML; and what the checks find before it is signed."""

from collections.abc import Callable
from dataclasses import dataclass

from bulletins.documents.paper import draft_marks, paper_of
from bulletins.documents.signing_sheet import signing_sheet_of
from bulletins.documents.web import page_of
from bulletins.documents.workbook import WORKBOOK_TYPE, workbook_of
from bulletins.models import Bulletin
from core.documents.checks import check_format, text_of
from core.documents.forms import render_signing_sheet
from core.documents.rendering import render
from core.personal_data import Finding, find_personal_data

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML_TYPE = "text/html; charset=utf-8"
#: The files that signing freezes, with their content types.
FILES = {"docx": WORD_TYPE, "xlsx": WORKBOOK_TYPE, "html": HTML_TYPE}
#: The signing sheet stays with the office: rendered when asked for, with the names so far.
SIGNING_SHEET = "signing_sheet"
_ENDINGS = {"docx": "docx", "xlsx": "xlsx", "html": "html", SIGNING_SHEET: "docx"}


def word_of(bulletin: Bulletin) -> bytes:
    """Return the paper as a ``.docx``; the same snapshot, sections and numbers give the same bytes."""
    return render(paper_of(bulletin), created_at=bulletin.issued_at or bulletin.snapshot_at)


def sheet_of(bulletin: Bulletin) -> bytes:
    """Return 发文稿纸 as a ``.docx``."""
    return render_signing_sheet(signing_sheet_of(bulletin), created_at=bulletin.issued_at or bulletin.snapshot_at)


_RENDERERS: dict[str, Callable[[Bulletin], bytes]] = {
    "docx": word_of,
    "xlsx": workbook_of,
    "html": page_of,
    SIGNING_SHEET: sheet_of,
}


def render_file(bulletin: Bulletin, format_: str) -> bytes:
    """Return the paper in ``format_``: docx, xlsx, html or signing_sheet."""
    return _RENDERERS[format_](bulletin)


def file_name(bulletin: Bulletin, format_: str) -> str:
    """Return the file's name: the number, or the key of a draft, with what it is."""
    name = bulletin.document_number or bulletin.issue_number or bulletin.number
    what = {"xlsx": "（附件）", SIGNING_SHEET: "（发文稿纸）"}.get(format_, "")
    return f"{bulletin.get_kind_display()} {name}{what}.{_ENDINGS[format_]}"


@dataclass(frozen=True, slots=True)
class Checks:
    """What bars review and signature (masked: 手机号“138******34”), and what else somebody should look at, as sentences."""

    blocking: list[str]
    findings: list[str]


def checks_on(bulletin: Bulletin) -> Checks:
    """Return what is found in the finished paper: personal data, and deviations from GB/T 9704."""
    data = word_of(bulletin)
    personal = find_personal_data(text_of(data))
    remarks = [one.sentence for one in personal if not one.blocks]
    return Checks(_named(personal), [*check_format(data), *remarks])


def personal_data_in(bulletin: Bulletin) -> list[str]:
    """Return what bars review and signature, without looking at the format."""
    return _named(find_personal_data(text_of(word_of(bulletin))))


def _named(found: list[Finding]) -> list[str]:
    return [f"{one.kind}“{one.masked}”" for one in found if one.blocks]


__all__ = [
    "FILES",
    "HTML_TYPE",
    "SIGNING_SHEET",
    "WORD_TYPE",
    "Checks",
    "checks_on",
    "draft_marks",
    "file_name",
    "paper_of",
    "personal_data_in",
    "render_file",
]
