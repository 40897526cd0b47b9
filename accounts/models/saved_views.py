"""Saved views: a list with its filters under a name of one's own (ui.md §6)."""

from django.db import models

from accounts.models.credentials import OwnedByPerson


class SavedView(OwnedByPerson):
    """``page`` is the URL name of the list, ``query`` its query string without the question mark."""

    page = models.CharField("页面", max_length=80)
    name = models.CharField("名称", max_length=30)
    query = models.CharField("条件", max_length=1000, blank=True)
    created_at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="view_name_once_per_page")]
        verbose_name = verbose_name_plural = "保存的视图"

    def __str__(self):
        return self.name
