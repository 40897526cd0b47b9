"""The files of a paper: a draft rendered at once, an issued one from its stored bytes (domain §8)."""

from django.http import HttpResponseBase

from bulletins.documents import FILES, SIGNING_SHEET, WORD_TYPE, file_name, render_file
from bulletins.models import Bulletin
from core.access import Permission
from core.attachments.downloads import attachment_response, bytes_response
from core.exceptions import InvalidInput, NotAllowed


def bulletin_file(bulletin: Bulletin, format_: str, *, user) -> HttpResponseBase:
    """Return the download of a paper the reader has fetched, in docx, xlsx, html or signing_sheet.

    Raises:
        InvalidInput: another format.
        NotAllowed: the signing sheet stays with those who see drafts; departments do not get it.
    """
    if format_ == SIGNING_SHEET:
        if not user.can(Permission.READ_BULLETIN_DRAFTS):
            raise NotAllowed("发文稿纸由县营商办留存")
        return bytes_response(render_file(bulletin, format_), file_name(bulletin, format_), WORD_TYPE)
    if format_ not in FILES:
        raise InvalidInput.at("format", "格式应为 docx、xlsx、html 或 signing_sheet", code="invalid_choice")
    frozen = bulletin.files.select_related("attachment").filter(format=format_).first()
    if frozen is not None:
        return attachment_response(frozen.attachment)
    return bytes_response(render_file(bulletin, format_), file_name(bulletin, format_), FILES[format_])
