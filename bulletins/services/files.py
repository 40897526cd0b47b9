"""Freezing the files of a signed paper: rendered once, kept to the byte, with their sha256 (domain §8)."""

from datetime import datetime
from io import BytesIO

from bulletins.documents import FILES, file_name, render_file
from bulletins.models import Bulletin, BulletinFile
from core.services.attachments import keep_generated_file


def freeze_files(bulletin: Bulletin, *, actor, now: datetime) -> list[BulletinFile]:
    """Render .docx, .xlsx and .html of a paper that has just been signed, and keep them; call it inside ``sign``."""
    frozen = []
    for format_, content_type in FILES.items():
        data = render_file(bulletin, format_)
        attachment = keep_generated_file(
            BytesIO(data), name=file_name(bulletin, format_), content_type=content_type, actor=actor, now=now
        )
        frozen.append(
            BulletinFile.objects.create(
                bulletin=bulletin,
                format=format_,
                attachment=attachment,
                sha256=attachment.sha256,
                size=attachment.size,
            )
        )
    return frozen
