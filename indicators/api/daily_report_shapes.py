"""Bodies and answers of ``daily-reports/`` (api.md)."""

from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indicators.models import Coordination, DailyReport

REASON: dict[str, Any] = {"required": "请写明理由", "blank": "请写明理由", "null": "请写明理由"}


@extend_schema_field(OpenApiTypes.STR)
class TypedText(serializers.Field):
    """A number as JSON number or text, kept as typed: a draft may hold a wrong one, and none is ever rounded."""

    default_error_messages = {"invalid": "应为数字或文字", "max_length": "最多 60 个字符"}
    longest = 60

    def to_internal_value(self, data):
        if not isinstance(data, str | int | float | Decimal):
            self.fail("invalid")
        text = str(data).strip()
        if len(text) > self.longest:
            self.fail("max_length")
        return text

    def to_representation(self, value):
        return value


class ValueInput(serializers.Serializer):
    """One value of a leaf."""

    indicator = serializers.CharField(max_length=20)
    value = TypedText(required=False, allow_null=True, default="")
    as_of = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    evidence_later = serializers.BooleanField(required=False, default=False)

    def validate_value(self, value):
        """Take null like an empty text: nothing was typed."""
        return "" if value is None else value


class DraftInput(serializers.Serializer):
    """The draft of a day; fields left out stay as they are, ``values`` and ``evidence`` replace the list."""

    indicator = serializers.CharField(max_length=20, error_messages={"required": "请指明一级指标"})
    date = serializers.DateField(
        error_messages={"required": "请指明日期", "invalid": "日期应写作 2026-11-25"},
    )
    no_change = serializers.BooleanField(required=False)
    progress = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    difficulty = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    coordination = serializers.ChoiceField(required=False, choices=Coordination.choices)
    values = ValueInput(many=True, required=False)
    evidence = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False)


class NoChangeInput(serializers.Serializer):
    """今日无变化 for all of one's own indicators of a day, or for those named."""

    date = serializers.DateField(error_messages={"required": "请指明日期", "invalid": "日期应写作 2026-11-25"})
    indicators = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, allow_null=True, default=None
    )


class UnlockInput(serializers.Serializer):
    """Open a date again until a moment, with a reason."""

    indicator = serializers.CharField(max_length=20, error_messages={"required": "请指明一级指标"})
    date = serializers.DateField(error_messages={"required": "请指明日期", "invalid": "日期应写作 2026-11-25"})
    reason = serializers.CharField(max_length=500, error_messages=REASON)
    until = serializers.DateTimeField(
        error_messages={"required": "请指明开放到何时", "invalid": "时间应写作 2026-11-26T17:30:00+08:00"}
    )


class RemindInput(serializers.Serializer):
    """Remind the departments that have not reported a day."""

    date = serializers.DateField(error_messages={"required": "请指明日期", "invalid": "日期应写作 2026-11-25"})
    departments = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, allow_null=True, default=None
    )


class AttachInput(serializers.Serializer):
    """Evidence that follows a report."""

    evidence = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False)


# --- Answers ----------------------------------------------------------------------------------


class ValueOutput(serializers.Serializer):
    """One value as it stands on the report; ``value`` is a decimal, or what was typed while it is none."""

    indicator = serializers.CharField()
    indicator_label = serializers.CharField()
    unit = serializers.CharField()
    value = serializers.CharField()
    as_of = serializers.DateField()
    reason = serializers.CharField()
    evidence_later = serializers.BooleanField()


class WarningOutput(serializers.Serializer):
    """A warning: it stops nobody."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class DailyReportOutput(serializers.Serializer):
    """One daily report."""

    id = serializers.IntegerField()
    indicator = serializers.CharField()
    indicator_label = serializers.CharField()
    date = serializers.DateField()
    department = serializers.CharField()
    department_label = serializers.CharField()
    status = serializers.ChoiceField(choices=DailyReport.Status.choices)
    status_label = serializers.CharField()
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())
    no_change = serializers.BooleanField()
    progress = serializers.CharField()
    difficulty = serializers.CharField()
    coordination = serializers.ChoiceField(choices=Coordination.choices)
    coordination_label = serializers.CharField()
    values = ValueOutput(many=True)
    evidence = serializers.ListField(child=serializers.IntegerField())
    late = serializers.BooleanField()
    locked = serializers.BooleanField()
    locked_because = serializers.CharField(allow_blank=True)
    open_until = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    reported_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    return_reason = serializers.CharField(allow_blank=True)
    warnings = WarningOutput(many=True, required=False)


class LeftOutput(serializers.Serializer):
    """An indicator that 今日无变化 left alone, and why."""

    indicator = serializers.CharField()
    reason = serializers.CharField()
    code = serializers.CharField()


class NoChangeOutput(serializers.Serializer):
    """What 今日无变化 came to."""

    date = serializers.DateField()
    reported = serializers.ListField(child=serializers.CharField())
    left = LeftOutput(many=True)


class UnlockOutput(serializers.Serializer):
    """An unlocked date."""

    indicator = serializers.CharField()
    date = serializers.DateField()
    reason = serializers.CharField()
    until = serializers.DateTimeField()


class SkippedOutput(serializers.Serializer):
    """A department that got no digest, and why."""

    department = serializers.CharField()
    reason = serializers.CharField()


class RemindOutput(serializers.Serializer):
    """Who was reminded, and the text for the work group: units and counts, no persons."""

    date = serializers.DateField()
    reminded = serializers.ListField(child=serializers.CharField())
    skipped = SkippedOutput(many=True)
    text = serializers.CharField()
