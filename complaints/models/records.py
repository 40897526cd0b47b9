"""What happens to a complaint besides its state: events, call-backs, files, identity grants, alerts."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from complaints.models.complaints import Complaint
from complaints.models.rounds import HandlingRound, visible_with_complaint
from core.converters import escaped
from core.deputies import MaybeByDeputy
from core.ladder import Rung
from core.scoping import ScopedModel


class ComplaintEvent(MaybeByDeputy, ScopedModel):
    """One line of the timeline. Never a complainant's name or phone."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="events")
    kind = models.CharField("事项", max_length=40)
    label = models.CharField("名称", max_length=60)
    text = models.TextField("内容", blank=True)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    department = models.ForeignKey("departments.Department", models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey(HandlingRound, models.PROTECT, null=True, related_name="events")
    by_person = models.BooleanField("人工", default=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["complaint", "-at"], name="complaint_timeline")]
        verbose_name = verbose_name_plural = "工单事件"

    def __str__(self):
        return f"{self.complaint_id} {self.label}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user)


class ComplaintFile(ScopedModel):
    """A file that came with the intake, a note or a reply."""

    class Purpose(models.TextChoices):
        INTAKE = "intake", "诉求材料"
        NOTE = "note", "过程材料"
        REPLY = "reply", "办理材料"
        SUPPLEMENT = "supplement", "诉求人补充"

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="files")
    event = models.ForeignKey(ComplaintEvent, models.SET_NULL, null=True, related_name="files")
    attachment = models.ForeignKey("core.Attachment", models.PROTECT, related_name="+")
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    added_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["complaint_id", "id"]
        verbose_name = verbose_name_plural = "工单附件"

    def __str__(self):
        return f"{self.complaint_id} {self.get_purpose_display()}"

    def get_absolute_url(self):
        return reverse("complaint-file", args=[escaped(self.complaint.number), self.pk])

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user)


class CallBack(ScopedModel):
    """One call to the complainant, or their own answer on the public page."""

    class Result(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY_SATISFIED = "basically_satisfied", "基本满意"
        DISSATISFIED = "dissatisfied", "不满意"
        UNREASONABLE = "unreasonable", "诉求不合理"
        UNREACHABLE = "unreachable", "未联系上"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="callbacks")
    round = models.ForeignKey(HandlingRound, models.PROTECT, related_name="callbacks")
    result = models.CharField("结果", max_length=20, choices=Result)
    solved = models.CharField("是否解决", max_length=6, choices=HandlingRound.Solved, blank=True)
    note = models.TextField("说明", blank=True)
    called_at = models.DateTimeField("时间")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回访人"
    )

    class Meta:
        ordering = ["complaint_id", "called_at", "id"]
        verbose_name = verbose_name_plural = "回访记录"

    def __str__(self):
        return f"{self.complaint_id} {self.get_result_display()}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user)


class IdentityGrant(ScopedModel):
    """R2 lets the lead department see who complained, with a reason, until a moment."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="identity_grants")
    department = models.ForeignKey("departments.Department", models.PROTECT, related_name="+")
    reason = models.TextField("理由")
    until = models.DateTimeField("有效期至")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField("授权时间")

    class Meta:
        ordering = ["-granted_at", "-id"]
        verbose_name = verbose_name_plural = "身份查看授权"

    def __str__(self):
        return f"{self.complaint_id} {self.until:%Y-%m-%d}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user)


class Escalation(ScopedModel):
    """One rung of the ladder, reached once per round; ``passed`` rungs were recorded, not sent (imports)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="escalations")
    round = models.ForeignKey(HandlingRound, models.CASCADE, related_name="escalations")
    rung = models.PositiveSmallIntegerField("级别", choices=Rung)
    reached_at = models.DateTimeField("时间")
    passed = models.BooleanField("仅记录", default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["-reached_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["round", "rung"], name="rung_once_per_round")]
        verbose_name = verbose_name_plural = "催办升级"

    def __str__(self):
        return f"{self.complaint_id} {self.get_rung_display()}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_complaint(user)


class NumberCounter(models.Model):
    """The running number of a day's own complaints: YS20261123-0001."""

    day = models.DateField("日期", unique=True)
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        ordering = ["day"]
        verbose_name = verbose_name_plural = "编号"

    def __str__(self):
        return f"{self.day} {self.last}"
