"""What happens to an issue besides its state: events, evidence, similar cases, alerts, numbers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.deputies import MaybeByDeputy
from core.ladder import Rung
from core.scoping import ScopedModel
from supervision.models.issues import Issue, visible_with_issue
from supervision.models.rounds import IssueRound


class IssueEvent(MaybeByDeputy, ScopedModel):
    """One line of the timeline."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="events")
    kind = models.CharField("事项", max_length=40)
    label = models.CharField("名称", max_length=60)
    text = models.TextField("内容", blank=True)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    department = models.ForeignKey("departments.Department", models.PROTECT, null=True, related_name="+")
    round = models.ForeignKey(IssueRound, models.PROTECT, null=True, related_name="events")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["issue", "-at"], name="issue_timeline")]
        verbose_name = verbose_name_plural = "问题事件"

    def __str__(self):
        return f"{self.issue_id} {self.label}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user)


class IssueEvidence(ScopedModel):
    """A piece of evidence of how it was before, or is after, rectification; of a verification it goes with the name.

    A withdrawn one leaves pages and prints, not the audit log.
    """

    class Phase(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"
        VERIFICATION = "verification", "验收"

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="evidence", verbose_name="问题")
    round = models.ForeignKey(IssueRound, models.PROTECT, null=True, related_name="evidence")
    evidence = models.ForeignKey("indicators.Evidence", models.PROTECT, related_name="+", verbose_name="佐证材料")
    phase = models.CharField("阶段", max_length=12, choices=Phase)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    added_at = models.DateTimeField("上传时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_reason = models.TextField("撤回理由", blank=True)

    class Meta:
        ordering = ["issue_id", "added_at", "id"]
        verbose_name = verbose_name_plural = "问题佐证"

    def __str__(self):
        return f"{self.issue_id} {self.get_phase_display()}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user)


class SimilarCase(ScopedModel):
    """A cleared issue or closed complaint of the last 12 months that the issue resembles (回潮); a copy, not a key.

    Complaints lie above this app, so of the other only number, title and address are kept.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="similar_cases")
    number = models.CharField("编号", max_length=40)
    title = models.CharField("标题", max_length=120)
    url = models.CharField("地址", max_length=200)
    ended_on = models.DateField("办结日期")
    likeness = models.PositiveSmallIntegerField("相似度")

    class Meta:
        ordering = ["issue_id", "-likeness", "id"]
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="similar_case_once")]
        verbose_name = verbose_name_plural = "相似问题"

    def __str__(self):
        return f"{self.issue_id} {self.number}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user)


class IssueEscalation(ScopedModel):
    """One rung of the ladder, reached once per round; ``passed`` rungs were recorded, not sent (imports)."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="escalations")
    round = models.ForeignKey(IssueRound, models.CASCADE, related_name="escalations")
    rung = models.PositiveSmallIntegerField("级别", choices=Rung)
    reached_at = models.DateTimeField("时间")
    passed = models.BooleanField("仅记录", default=False)

    class Meta:
        ordering = ["-reached_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["round", "rung"], name="issue_rung_once_per_round")]
        verbose_name = verbose_name_plural = "问题催办升级"

    def __str__(self):
        return f"{self.issue_id} {self.get_rung_display()}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_issue(user)


class IssueNumberCounter(models.Model):
    """The running number of a year's issues: WT-2026-0001."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        ordering = ["year"]
        verbose_name = verbose_name_plural = "问题编号"

    def __str__(self):
        return f"{self.year} {self.last}"


class FormNumber(models.Model):
    """The number a printed form was given, 西营商交〔2026〕3号; given once, never reused (domain §7, Forms)."""

    class Kind(models.TextChoices):
        ASSIGNMENT = "assignment", "问题交办单"
        NOTICE = "notice", "整改通知书"
        CLEARANCE = "clearance", "销号申请表"
        SUPERVISION = "supervision", "督办单"
        LETTER = "letter", "商请函"

    kind = models.CharField("表单", max_length=12, choices=Kind)
    prefix = models.CharField("代字", max_length=20)
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    given_at = models.DateTimeField("编号时间")

    class Meta:
        ordering = ["-year", "prefix", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year", "serial"], name="form_number_once"),
            models.CheckConstraint(name="form_serial_from_one", condition=Q(serial__gte=1)),
        ]
        verbose_name = verbose_name_plural = "表单编号"

    def __str__(self):
        return f"{self.prefix}〔{self.year}〕{self.serial}号"
