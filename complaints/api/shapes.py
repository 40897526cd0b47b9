"""Bodies of ``complaints/`` and its acts (api.md)."""

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import CallBack, Complaint, HandlingRound
from core.api.fields import ByCode, free_text, text, wanted
from core.api.viewsets import MaybeReason
from core.models import DeadlineRule
from departments.models import Department
from indicators.models import Evidence
from indicators.selectors.expectation import first_level_indicators


def unit(**options) -> ByCode:
    """Return a unit by its code."""
    return ByCode("单位", lambda user: Department.objects.all(), **options)


def indicator(**options) -> ByCode:
    """Return a first-level indicator of the active set by its code."""
    return ByCode("一级指标", lambda user: first_level_indicators(), **options)


@extend_schema_field(OpenApiTypes.INT)
class FileField(serializers.Field):
    """A file: the id of evidence handed in at ``evidence/``, or, in a multipart body, the file itself."""

    default_error_messages = {"invalid": "附件应为佐证材料的编号，或随表单上传的文件", "missing": "没有附件 {value}"}

    def to_internal_value(self, data):
        if isinstance(data, UploadedFile):
            return data
        if isinstance(data, bool) or not str(data).isdecimal():
            self.fail("invalid")
        evidence = Evidence.objects.visible_to(self.context["request"].user).filter(pk=int(data))
        handed_in = evidence.select_related("attachment").first()
        if handed_in is None or handed_in.attachment is None:
            self.fail("missing", value=data)
        return handed_in.attachment

    def to_representation(self, value):
        return value.pk


def files() -> serializers.ListField:
    """Return a list of files that may be left out."""
    return serializers.ListField(child=FileField(), required=False, max_length=20)


class ComplaintFacts(serializers.Serializer):
    """What may be said at creation and corrected later."""

    urgency = serializers.ChoiceField(DeadlineRule.Urgency.choices, required=False)
    title = free_text(120)
    place = free_text(200)
    enterprise = free_text(120)
    caller_name = free_text(40)
    caller_phone = free_text(120)
    anonymous = serializers.BooleanField(required=False)
    confidential = serializers.BooleanField(required=False, allow_null=True)
    accused_department = unit(required=False, allow_null=True)
    indicator = indicator(required=False, allow_null=True)
    grade = serializers.ChoiceField(DeadlineRule.Grade.choices, required=False, allow_blank=True)
    provincial_number = free_text(60)


class ComplaintInput(ComplaintFacts):
    """A complaint to be registered; ``type`` and ``content`` are required."""

    regime = serializers.ChoiceField(Complaint.Regime.choices, required=False)
    channel = serializers.ChoiceField(Complaint.Channel.choices, required=False)
    type = serializers.ChoiceField(DeadlineRule.ComplaintType.choices, error_messages={"required": "请选择诉求类型"})
    content = text("诉求内容", 10_000)
    received_at = serializers.DateTimeField(required=False, allow_null=True)
    attachments = files()


class CorrectionInput(ComplaintFacts):
    """A correction; what is left out stays."""

    type = serializers.ChoiceField(DeadlineRule.ComplaintType.choices, required=False)
    title = serializers.CharField(max_length=120, required=False, error_messages=wanted("标题"))
    confidential = serializers.BooleanField(required=False)
    relevance = serializers.ChoiceField(Complaint.Relevance.choices, required=False)
    upstream_due_at = serializers.DateTimeField(required=False, allow_null=True)


# --- Acts -----------------------------------------------------------------------------------------


class ApprovalInput(serializers.Serializer):
    """The province's approval of a refusal."""

    number = text("批准文号", 60)
    on = serializers.DateField(error_messages=wanted("批准日期"))


class RefusalInput(MaybeReason):
    """Agreeing to refuse; regime business needs the approval."""

    provincial_approval = ApprovalInput(required=False, allow_null=True)


class DuplicateInput(serializers.Serializer):
    """Which complaint stays."""

    duplicate_of = ByCode(
        "工单",
        Complaint.objects.visible_to,
        slug_field="number",
        error_messages=wanted("并入的工单编号"),
    )


class TransferInput(serializers.Serializer):
    """To whom outside the county's departments, and why."""

    to = text("移交单位", 120)
    reason = text("理由", 500)


class AssistingInput(serializers.Serializer):
    """Further departments that help."""

    assisting = serializers.ListField(child=unit(), allow_empty=False, error_messages=wanted("协办单位"))


class DispatchInput(serializers.Serializer):
    """Who leads, who helps; ``override_reason`` is R2's for an accused department."""

    department = unit(error_messages=wanted("主办单位"))
    assisting = serializers.ListField(child=unit(), required=False)
    override_reason = free_text(500)


class NoteInput(serializers.Serializer):
    """A note with files."""

    note = text("内容")
    attachments = files()


class ExtensionInput(serializers.Serializer):
    """How many working days more, and why."""

    workdays = serializers.IntegerField(error_messages={**wanted("延长天数"), "invalid": "延长天数应为整数"})
    reason = text("理由", 500)


class GrantInput(serializers.Serializer):
    """Why and until when the lead department may see who complained."""

    reason = text("理由", 500)
    until = serializers.DateTimeField(error_messages=wanted("有效期"))


class SubmitInput(serializers.Serializer):
    """The result: the report that stays inside, the reply that goes out, and whether it is solved."""

    inner_report = text("内部办理报告")
    public_reply = text("公开答复")
    is_solved = serializers.BooleanField(error_messages=wanted("是否解决"))
    attachments = files()


class CallBackInput(serializers.Serializer):
    """What the complainant answered."""

    result = serializers.ChoiceField(CallBack.Result.choices, error_messages=wanted("回访结果"))
    solved = serializers.ChoiceField(HandlingRound.Solved.choices, required=False, allow_blank=True)
    note = free_text(1_000)


class RevealInput(serializers.Serializer):
    """What the identity is needed for."""

    purpose = text("查看用途", 200)
