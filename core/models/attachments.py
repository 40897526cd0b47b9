"""Files people hand in: checked by content, stored under a random name."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.scoping import ScopedModel


def random_name(attachment, filename: str) -> str:
    """Return a storage name that tells nothing: no uploaded name or extension ever becomes a path."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token}"


class Attachment(ScopedModel):
    """One stored file. The rows that use it (evidence, replies, documents) decide who may download it.

    ``sha256`` is that of the stored bytes, ``original_sha256`` that of the bytes as uploaded; they
    differ only for photos that were re-encoded (api.md, evidence).
    """

    file = models.FileField("文件", upload_to=random_name, max_length=120)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节数")
    content_type = models.CharField("内容类型", max_length=100)
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    original_sha256 = models.CharField("原件校验值", max_length=64, db_index=True)
    captured_at = models.DateTimeField("拍摄时间", null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间")

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = verbose_name_plural = "附件"

    def __str__(self):
        return self.name

    @classmethod
    def visible_q(cls, user) -> Q:
        """By itself a file is its uploader's; everybody else reaches it through the row it hangs on."""
        return Q(uploaded_by=user.pk)
