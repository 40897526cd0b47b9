"""Taking in files."""

import hashlib
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile, File
from django.db import transaction

from core.attachments.checking import LARGEST_FILE, check_file
from core.attachments.pictures import RE_ENCODED, capture_moment, redraw_photo
from core.audit import record_event
from core.exceptions import FileTooLarge
from core.models import Attachment

PHOTO = "photo"


@transaction.atomic
def store_attachment(upload, *, actor, kind: str, now: datetime) -> Attachment:
    """Check an uploaded file and keep it (api.md, evidence).

    JPEG, HEIC and WebP of ``kind="photo"`` are re-encoded without their data; every other file, PNG
    included, is kept to the byte. The audit log gets the file's sha256, not its content.

    Args:
        upload: the uploaded file (name, size, ``read()``).
        actor: who hands it in; ``None`` for the public.
        kind: what the caller uses it for; only ``photo`` matters here.

    Raises:
        FileRefused, FileTooLarge: see :func:`core.attachments.checking.check_file`.
    """
    if upload.size > LARGEST_FILE:
        raise FileTooLarge("文件超过 20 MB，请压缩图片或拆分后再上传", code="file_too_large")
    original = upload.read()
    content_type, name = check_file(original, upload.name).content_type, PurePath(upload.name).name
    stored, captured_at = original, None
    if kind == PHOTO and content_type in RE_ENCODED:
        captured_at = capture_moment(original, content_type)
        stored = redraw_photo(original, content_type)
        content_type, name = "image/jpeg", PurePath(name).with_suffix(".jpg").name
    attachment = Attachment.objects.create(
        file=ContentFile(stored, name="upload"),
        name=_shortened(name),
        size=len(stored),
        content_type=content_type,
        sha256=hashlib.sha256(stored).hexdigest(),
        original_sha256=hashlib.sha256(original).hexdigest(),
        captured_at=captured_at,
        uploaded_by=actor,
        created_at=now,
    )
    record_event(
        actor=actor,
        action="core.attachment.store",
        target=attachment,
        after={"sha256": attachment.sha256, "size": attachment.size, "content_type": content_type},
        now=now,
    )
    return attachment


def keep_generated_file(file: IO[bytes] | File, *, name: str, content_type: str, actor, now: datetime) -> Attachment:
    """Keep a file the platform made itself (an export); ``file`` is open, at its start, and read in pieces."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(1024 * 1024):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return Attachment.objects.create(
        file=File(file, name="export"),
        name=_shortened(name),
        size=size,
        content_type=content_type,
        sha256=digest.hexdigest(),
        original_sha256=digest.hexdigest(),
        uploaded_by=actor,
        created_at=now,
    )


def _shortened(name: str, longest: int = 200) -> str:
    """Return ``name`` cut in the middle of nowhere but before its extension."""
    suffix = PurePath(name).suffix[:20]
    return name if len(name) <= longest else name[: longest - len(suffix)] + suffix
