"""What an uploaded file really is: decided by its bytes, never by its name or what the browser says.

Taken: PDF, OFD, Word / WPS text, Excel / WPS table, PowerPoint / WPS slides (new and old formats), JPEG,
PNG, WebP, HEIC, plain text and CSV. Not taken: archives (nobody can see what is in them before it is
opened), HTML, SVG and other markup, programs, scripts, anything with macros or a password, and files
that are two things at once. The name must fit the content, or the person who saves it is deceived.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from core.attachments.pictures import check_picture
from core.exceptions import FileTooLarge
from core.office import (
    OLE_MAGIC,
    ZIP_MAGIC,
    damaged,
    open_compound,
    open_package,
    refuse_doctypes,
    refuse_macros,
    stream_names,
    unsupported,
)
from core.spreadsheets.text import CONTROL_CHARACTERS, decode

LARGEST_FILE = 20 * 1024 * 1024
OPENXML = "application/vnd.openxmlformats-officedocument."

WORD = frozenset({".doc", ".docx", ".wps"})
TABLE = frozenset({".xls", ".xlsx", ".et"})
SLIDES = frozenset({".ppt", ".pptx", ".dps"})
PICTURE = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
"""A picture under another picture's extension is common (chat programs) and harmless; it is taken."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken: how it is served, and the extensions it may go by."""

    content_type: str
    extensions: frozenset[str]


PDF = FileType("application/pdf", frozenset({".pdf"}))
OFD = FileType("application/ofd", frozenset({".ofd"}))
TEXT = FileType("text/plain; charset=utf-8", frozenset({".txt"}))
CSV = FileType("text/csv; charset=utf-8", frozenset({".csv"}))
JPEG = FileType("image/jpeg", PICTURE)
PNG = FileType("image/png", PICTURE)
WEBP = FileType("image/webp", PICTURE)
HEIC = FileType("image/heic", PICTURE)

_PACKAGES = {
    "word/document.xml": FileType(f"{OPENXML}wordprocessingml.document", WORD),
    "xl/workbook.xml": FileType(f"{OPENXML}spreadsheetml.sheet", TABLE),
    "ppt/presentation.xml": FileType(f"{OPENXML}presentationml.presentation", SLIDES),
    "ofd.xml": OFD,
}
_COMPOUNDS = {
    "worddocument": FileType("application/msword", WORD),
    "workbook": FileType("application/vnd.ms-excel", TABLE),
    "book": FileType("application/vnd.ms-excel", TABLE),
    "powerpoint document": FileType("application/vnd.ms-powerpoint", SLIDES),
}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
_MARKUP = ("<html", "<svg", "<script", "<!doctype", "<?xml", "<?php", "<iframe", "<body")
BYTES_SNIFFED = 1_024
"""As far as a browser looks when it guesses a type."""
_TAKEN = "可上传 PDF、OFD、Word、Excel、PPT、WPS 文件，JPG、PNG、WebP、HEIC 图片，TXT 和 CSV"


def check_file(data: bytes, name: str) -> FileType:
    """Return what ``data`` is.

    Args:
        data: the whole file.
        name: as uploaded; only its extension matters, and only as a promise to be kept.

    Raises:
        FileRefused: ``unsupported_file``: of no kind that is taken, damaged, with macros or a password,
            two things at once, or not what its name says.
        FileTooLarge: ``file_too_large``: over 20 MB, or over 100 MB unpacked.
    """
    if len(data) > LARGEST_FILE:
        raise FileTooLarge("文件超过 20 MB，请压缩图片或拆分后再上传", code="file_too_large")
    if not data:
        raise unsupported("文件是空的，请检查后重新上传")
    extension = PurePath(name).suffix.lower()
    file_type = _recognise(data, extension)
    if extension not in file_type.extensions:
        raise unsupported(f"文件内容与扩展名“{extension or '无'}”不符，可能已改名或损坏。{_TAKEN}")
    return file_type


def _recognise(data: bytes, extension: str) -> FileType:
    if data.startswith(ZIP_MAGIC):
        return _package(data)
    if data.startswith(OLE_MAGIC):
        return _compound(data)
    if file_type := _by_magic(data):
        if zipfile.is_zipfile(io.BytesIO(data)):
            raise unsupported("文件里夹带了压缩包，不予接收。请重新导出或拍照后再上传")
        if file_type is PDF:
            return _pdf(data)
        check_picture(data, file_type.content_type)
        return file_type
    return _text(data, extension)


def _by_magic(data: bytes) -> FileType | None:
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return HEIC if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS else None


def _pdf(data: bytes) -> FileType:
    """Refuse a PDF that breaks off: its trailer stands in the last kilobyte."""
    if b"%%EOF" not in data[-1024:]:
        raise damaged()
    return PDF


def _package(data: bytes) -> FileType:
    with open_package(data) as package:
        names = {name.lower() for name in package.namelist()}
        file_type = next((kind for part, kind in _PACKAGES.items() if part in names), None)
        if file_type is None:
            raise unsupported(f"不接收压缩包，请解压后逐个上传。{_TAKEN}")
        refuse_macros(package)
        refuse_doctypes(package)
        return file_type


def _compound(data: bytes) -> FileType:
    with open_compound(data) as compound:
        names = stream_names(compound)
    file_type = next((kind for stream, kind in _COMPOUNDS.items() if stream in names), None)
    if file_type is None:
        raise unsupported(f"不接收这种文件。{_TAKEN}")
    return file_type


def _text(data: bytes, extension: str) -> FileType:
    """Take plain text: it decodes, has no control characters and no markup a browser might run."""
    text = decode(data)
    if text is None or CONTROL_CHARACTERS.search(text):
        raise unsupported(f"不接收这种文件。{_TAKEN}")
    head = text.lstrip("\ufeff \t\r\n")[:BYTES_SNIFFED].lower()
    if head.startswith(("<", "#!", "{\\rtf")) or any(mark in head for mark in _MARKUP):
        raise unsupported(f"不接收网页、SVG 和脚本文件。{_TAKEN}")
    return CSV if extension == ".csv" else TEXT
