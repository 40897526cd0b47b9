"""What the office decided about a file before its rows were written."""

from django.db import models

from complaints.models.complaints import Complaint
from core.models import ImportBatch
from core.scoping import ScopedModel


class RelevanceRule(ScopedModel):
    """Which new orders of a previewed file are 不涉营商, decided in bulk (domain §6): by type, or by words in them."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, related_name="+", verbose_name="批次")
    types = models.JSONField("不涉营商的诉求类型", default=list, blank=True)
    words = models.JSONField("不涉营商的词", default=list, blank=True)
    otherwise = models.CharField(
        "其余工单", max_length=7, choices=Complaint.Relevance, default=Complaint.Relevance.UNKNOWN
    )

    class Meta:
        ordering = ["-batch_id"]
        verbose_name = verbose_name_plural = "涉营商判定"

    def __str__(self):
        return f"{self.batch_id}"

    @classmethod
    def visible_q(cls, user):
        return models.Q(batch__in=ImportBatch.objects.visible_to(user).values("pk"))

    def relevance_of(self, type_code: str, content: str) -> str:
        """Return what an order of that type and content is."""
        if type_code in self.types or any(word in content for word in self.words):
            return Complaint.Relevance.NO
        return self.otherwise
