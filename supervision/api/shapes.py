"""Bodies of ``issues/`` and its acts (api.md)."""

from rest_framework import serializers

from core.api.fields import ByCode, ById, free_text, text, wanted
from departments.models import Department
from indicators.models import Evidence, Indicator
from supervision.models import Inspection, Issue, IssueEvidence, LookBack

#: What a person may say of the phase; that of a verification goes with its signature.
PHASES = [choice for choice in IssueEvidence.Phase.choices if choice[0] != IssueEvidence.Phase.VERIFICATION]
RESULTS = [choice for choice in LookBack.Result.choices if choice[0] != LookBack.Result.CLOSED]
MOST_PIECES = 20


def unit(**options) -> ByCode:
    """Return a unit by its code."""
    return ByCode("单位", lambda user: Department.objects.all(), **options)


def units() -> serializers.ListField:
    """Return the units that help; may be left out."""
    return serializers.ListField(child=unit(), required=False)


def indicator(**options) -> ByCode:
    """Return an indicator of the set in force by its code."""
    return ByCode("指标", lambda user: Indicator.objects.filter(indicator_set__active=True), **options)


def piece(**options) -> ById:
    """Return evidence handed in at ``evidence/`` that the caller sees, by its id."""
    return ById("佐证材料", Evidence.objects.visible_to, **options)


def pieces(**options) -> serializers.ListField:
    """Return a list of evidence handed in at ``evidence/``."""
    return serializers.ListField(child=piece(), max_length=MOST_PIECES, **options)


class IssueFacts(serializers.Serializer):
    """What may be said at creation and edited while it is 草稿 or 待交办."""

    # A field called like an argument of fields.
    source = serializers.ChoiceField(Issue.Source.choices, required=False)  # type: ignore[assignment]
    inspection = ById("检查批次", Inspection.objects.visible_to, required=False, allow_null=True)
    indicator = indicator(required=False, allow_null=True)
    category = serializers.ChoiceField(Issue.Category.choices, required=False)
    severity = serializers.ChoiceField(Issue.Severity.choices, required=False)
    description = text("问题描述", 10_000)
    place = free_text(120)
    requirement = free_text()
    goal = free_text(300)
    remark = free_text()
    department = unit(required=False, allow_null=True)
    assisting = units()
    responsible_leader = free_text(60)
    responsible_person = free_text(60)
    limit_kind = serializers.ChoiceField(Issue.LimitKind.choices, required=False)
    due_on = serializers.DateField(required=False, allow_null=True)


class IssueInput(IssueFacts):
    """An issue to be written in 草稿; ``title`` defaults to the first 30 characters, ``found_on`` to today."""

    title = free_text(120)
    found_on = serializers.DateField(required=False, allow_null=True)


class IssueEdit(IssueFacts):
    """An edit; what is left out stays."""

    title = text("标题", 120, required=False)
    found_on = serializers.DateField(required=False, error_messages=wanted("发现时间"))


# --- Acts -----------------------------------------------------------------------------------------


class AssignInput(serializers.Serializer):
    """Who leads, who helps, who answers for it; what is left out stays as written with the issue."""

    department = unit(required=False)
    assisting = units()
    responsible_leader = free_text(60)
    responsible_person = free_text(60)


class PlanInput(serializers.Serializer):
    """The plan; ``due_on`` is wanted where the issue has no date of its own."""

    measures = text("整改措施")
    person = free_text(60)
    due_on = serializers.DateField(required=False, allow_null=True)
    goal = free_text(300)


class IssueNoteInput(serializers.Serializer):
    """A note."""

    note = text("内容")


class MaybeNote(serializers.Serializer):
    """``{note?}``."""

    note = free_text()


class IssueEvidenceInput(serializers.Serializer):
    """Evidence of how it was before, or is after, rectification."""

    evidence = pieces(allow_empty=False, error_messages=wanted("佐证材料"))
    phase = serializers.ChoiceField(PHASES, error_messages=wanted("阶段（before 整改前，after 整改后）"))


class WithdrawEvidenceInput(serializers.Serializer):
    """Which piece was wrong, and why."""

    evidence = serializers.IntegerField(min_value=1, error_messages=wanted("佐证材料的编号"))
    reason = text("理由", 500)


class IssueExtensionInput(serializers.Serializer):
    """Until when, and why."""

    due_on = serializers.DateField(error_messages=wanted("延期后的日期"))
    reason = text("理由", 500)


class VerifyInput(MaybeNote):
    """One name under the clearance; ``sustained`` sends it to 长期坚持."""

    sustained = serializers.BooleanField(required=False)
    evidence = pieces(required=False)


class FailInput(serializers.Serializer):
    """Why it is not cleared."""

    reason = text("不通过的原因", 2_000)
    evidence = pieces(required=False)


class RelapseInput(serializers.Serializer):
    """What came back, and until when it is to be rectified."""

    reason = text("反弹情况", 2_000)
    due_on = serializers.DateField(required=False, allow_null=True)


class LookBackInput(MaybeNote):
    """What a look-back found; ``note`` is wanted where it relapsed."""

    result = serializers.ChoiceField(RESULTS, error_messages=wanted("回头看结果"))
    due_on = serializers.DateField(required=False, allow_null=True)


class IssueSuperviseInput(serializers.Serializer):
    """What the 督办 order asks for, and until when it is answered."""

    requirement = text("督办要求")
    due_on = serializers.DateField(error_messages=wanted("回复时限"))
