"""Bulletins and the other scheduled reports: one row per paper, its sections and their versions (domain §8)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from bulletins.bindings import names_in
from core.access import Permission
from core.scoping import ScopedModel
from core.workflow import WorkflowModel


class Bulletin(WorkflowModel):
    """One paper of a kind for a period. One is *live* per kind and period; corrections and voided ones do not count.

    ``snapshot`` holds every number the paper prints, computed as at ``cut_off`` whenever it is drafted; signing
    freezes it and the files. ``number`` is the key in addresses (notice-2026W47), ``document_number`` the
    发文字号 that ``sign`` gives.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", "通报"
        BRIEF = "brief", "简报"
        DAILY_BRIEF = "daily_brief", "日调度快报"
        MONTHLY_COMPLAINTS = "monthly_complaints", "投诉办理月报"
        YEARLY_REPORT = "yearly_report", "年度报告"

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审核"
        SIGNING = "signing", "待签发"
        ISSUED = "issued", "已印发"
        VOIDED = "voided", "作废"

    #: The states departments see.
    PUBLISHED = (Status.ISSUED, Status.VOIDED)

    number = models.CharField("键", max_length=60, unique=True)
    kind = models.CharField("种类", max_length=20, choices=Kind)
    period = models.CharField("期间", max_length=30)
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    cut_off = models.DateTimeField("统计截止")
    title = models.CharField("标题", max_length=200)
    opening = models.TextField("首段", blank=True)
    status = models.CharField("状态", max_length=8, choices=Status)
    snapshot = models.JSONField("数据快照", default=dict)
    snapshot_sha256 = models.CharField("快照校验值", max_length=64)
    snapshot_at = models.DateTimeField("取数时间")
    drafted_at = models.DateTimeField("生成时间")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="拟稿人"
    )
    submitted_at = models.DateTimeField("提交审核时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    approved_at = models.DateTimeField("审核时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核稿人"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    send_back_reason = models.TextField("退回理由", blank=True)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    issue_number = models.CharField("期号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=80, blank=True)
    addressee = models.CharField("主送", max_length=300, blank=True)
    copies_to = models.CharField("抄送", max_length=300, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正"
    )
    correction_reason = models.TextField("更正理由", blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人"
    )
    void_reason = models.TextField("作废理由", blank=True)
    stamped_scan = models.ForeignKey(
        "core.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="盖章扫描件"
    )

    class Meta:
        ordering = ["-to_on", "-from_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "from_on", "to_on"],
                condition=~Q(status="voided") & Q(corrects__isnull=True),
                name="one_live_bulletin_per_period",
            ),
            models.UniqueConstraint(
                fields=["document_number"], condition=~Q(document_number=""), name="document_number_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "issue_number"], condition=~Q(issue_number=""), name="issue_number_once_per_kind"
            ),
            models.CheckConstraint(name="bulletin_ends_after_it_begins", condition=Q(to_on__gte=F("from_on"))),
            models.CheckConstraint(
                name="issued_bulletin_is_signed",
                condition=~Q(status__in=["issued", "voided"])
                | Q(issued_at__isnull=False, issued_on__isnull=False, signed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["kind", "-to_on"], name="bulletin_by_kind")]
        verbose_name = verbose_name_plural = "通报"

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("bulletins:detail", args=[self.number])

    @cached_property
    def acknowledged_by(self) -> set[int]:
        """Return the departments that have signed receipt; a list sets it for all its rows at once."""
        return set(self.receipts.values_list("department", flat=True))

    def printed_names(self) -> set[str]:
        """Return the names of the bound numbers that stand in its text."""
        return {name for section in self.sections.all() for name in names_in(section.text)}

    @classmethod
    def visible_q(cls, user):
        """R1 R2 R3 R6 R7 see every state, departments issued and voided ones (api.md, bulletins)."""
        if not user.can(Permission.READ_BULLETINS):
            return Q(pk__in=[])
        return Q() if user.can(Permission.READ_BULLETIN_DRAFTS) else Q(status__in=cls.PUBLISHED)


def visible_with_bulletin(user) -> Q:
    """Return the condition that the row's bulletin is one ``user`` sees."""
    return Q(bulletin__in=Bulletin.objects.visible_to(user).values("pk"))


class BulletinSection(ScopedModel):
    """One section of the text: words with ``{name}`` where a bound number of the snapshot stands."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="sections")
    key = models.CharField("段落", max_length=20)
    position = models.PositiveSmallIntegerField("次序")
    title = models.CharField("标题", max_length=60)
    text = models.TextField("正文")
    edited = models.BooleanField("已改", default=False)
    version = models.PositiveIntegerField("版次", default=1)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )

    class Meta:
        ordering = ["bulletin_id", "position"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "key"], name="section_once_per_bulletin")]
        verbose_name = verbose_name_plural = "通报段落"

    def __str__(self):
        return f"{self.bulletin_id} {self.key}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_bulletin(user)


class SectionVersion(ScopedModel):
    """What a section said before it was changed, by whom and when; never changed itself."""

    section = models.ForeignKey(BulletinSection, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField("版次")
    text = models.TextField("正文")
    edited = models.BooleanField("已改")
    changed_at = models.DateTimeField("写成时间")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="写成人"
    )

    class Meta:
        ordering = ["section_id", "-version"]
        constraints = [models.UniqueConstraint(fields=["section", "version"], name="section_version_once")]
        verbose_name = verbose_name_plural = "段落版本"

    def __str__(self):
        return f"{self.section_id} {self.version}"

    @classmethod
    def visible_q(cls, user):
        return Q(section__bulletin__in=Bulletin.objects.visible_to(user).values("pk"))


class OverdueExclusion(ScopedModel):
    """R2 takes an overdue item out of section 六, with a logged reason."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="exclusions")
    item_number = models.CharField("编号", max_length=40)
    reason = models.TextField("理由")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")

    class Meta:
        ordering = ["bulletin_id", "item_number"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "item_number"], name="exclusion_once")]
        verbose_name = verbose_name_plural = "不列入通报"

    def __str__(self):
        return f"{self.bulletin_id} {self.item_number}"

    @classmethod
    def visible_q(cls, user):
        return visible_with_bulletin(user)
