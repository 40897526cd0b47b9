"""A request for more time, made once a round: what complaints and issues ask, confirm and answer alike (domain §6, §7)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models

from core.scoping import ScopedModel

User = settings.AUTH_USER_MODEL


class ExtensionAnswer(models.TextChoices):
    """Where a request stands: with the head of its department, with the office's reviewer, answered."""

    UNCONFIRMED = "unconfirmed", "待单位负责人确认"
    ASKED = "asked", "待审批"
    AGREED = "agreed", "同意"
    REFUSED = "refused", "不同意"


class ExtensionRequest(ScopedModel):
    """The one request a round may make, whatever the answer; subclasses add ``round`` and what is asked for."""

    Answer = ExtensionAnswer
    round_id: int

    reason = models.TextField("理由")
    answer = models.CharField("答复", max_length=12, choices=ExtensionAnswer)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="审批人")
    answered_at = models.DateTimeField("审批时间", null=True, blank=True)
    answer_reason = models.TextField("审批意见", blank=True)

    class Meta:
        abstract = True
        ordering = ["round_id"]

    def __str__(self):
        return f"{self.round_id} {self.get_answer_display()}"

    def settle(self, **changes: Any) -> None:
        """Write the answer; the row at hand stays as fetched, because the table judges the act by it once more."""
        rows = type(self).objects.unscoped("reached through the row in hand")
        rows.filter(pk=self.pk).update(**changes)


def extension_used(row) -> str | None:
    """Block a second request: one a round, whatever the answer."""
    return "本轮已申请过延期，每轮只能申请一次" if row.current_extension is not None else None


def extension_stands(answer: str, otherwise: str) -> Callable[[Any], str | None]:
    """Return the rule that the current round's request stands at ``answer``, else the sentence ``otherwise``."""

    def blocked(row) -> str | None:
        extension = row.current_extension
        return None if extension is not None and extension.answer == answer else otherwise

    return blocked


#: What the head confirms, and what the office's reviewer answers.
unconfirmed = extension_stands(ExtensionAnswer.UNCONFIRMED, "没有待确认的延期申请")
unanswered = extension_stands(ExtensionAnswer.ASKED, "没有待审批的延期申请")
