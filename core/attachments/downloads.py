"""Sending files out: as attachments, never sniffed, under their Chinese name."""

import re
from typing import TypeVar
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase

from core.models import Attachment

INLINE_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
"""What a browser may show in place; everything else is only ever saved."""

Response = TypeVar("Response", bound=HttpResponseBase)
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')


def attachment_response(attachment: Attachment, *, inline: bool = False) -> FileResponse:
    """Return the download of a stored file; whoever calls it has fetched the row through the user.

    Args:
        attachment: the file.
        inline: let the browser show a picture or PDF in place (sandboxed); ignored for other types.
    """
    response = FileResponse(attachment.file.open("rb"), content_type=attachment.content_type)
    response["ETag"] = f'"{attachment.sha256}"'
    response["Cache-Control"] = "private, no-cache"
    shown = inline and attachment.content_type in INLINE_TYPES
    return as_attachment(response, attachment.name, inline=shown)


def bytes_response(content: bytes, filename: str, content_type: str) -> HttpResponse:
    """Return the download of a file that was made for this request."""
    return as_attachment(HttpResponse(content, content_type=content_type), filename)


def as_attachment(response: Response, filename: str, *, inline: bool = False) -> Response:
    """Give ``response`` the headers of a safe download named ``filename``."""
    response["Content-Disposition"] = content_disposition(filename, inline=inline)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """Return the header for a name that need not be ASCII (RFC 6266, RFC 5987)."""
    name = _UNSAFE_IN_NAMES.sub("_", filename).strip(". ") or "file"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
