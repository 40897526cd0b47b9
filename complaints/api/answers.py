"""Answers of ``complaints/`` (api.md)."""

from rest_framework import serializers

from complaints.models import CallBack, Complaint, Extension, HandlingRound
from core.models import DeadlineRule


def code(choices, **options) -> serializers.ChoiceField:
    """Return a code of fixed choice."""
    return serializers.ChoiceField(choices.choices, **options)


class AssistingOutput(serializers.Serializer):
    """A department that helps."""

    department = serializers.CharField()
    department_label = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    replied_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class ExtensionOutput(serializers.Serializer):
    """The round's request for more time."""

    workdays = serializers.IntegerField()
    reason = serializers.CharField()
    answer = code(Extension.Answer)
    answer_label = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_reason = serializers.CharField()
    due_before = serializers.DateTimeField(allow_null=True)
    due_after = serializers.DateTimeField(allow_null=True)


class RoundOutput(serializers.Serializer):
    """One department's turn."""

    sequence = serializers.IntegerField()
    round_no = serializers.IntegerField()
    department = serializers.CharField()
    department_label = serializers.CharField()
    dispatched_at = serializers.DateTimeField()
    dispatched_estimated = serializers.BooleanField()
    sign_due_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    effective_due_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    due_imported = serializers.BooleanField()
    return_requested = serializers.BooleanField()
    extended = serializers.BooleanField()
    suspended = serializers.BooleanField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    ending = code(HandlingRound.Ending)
    ending_label = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)
    inner_report = serializers.CharField()
    public_reply = serializers.CharField()
    is_solved = serializers.BooleanField(allow_null=True)
    satisfaction = code(HandlingRound.Satisfaction, allow_blank=True)
    satisfaction_label = serializers.CharField()
    solved = code(HandlingRound.Solved, allow_blank=True)
    solved_label = serializers.CharField()
    assisting = AssistingOutput(many=True)
    extension = ExtensionOutput(allow_null=True)


class CallBackOutput(serializers.Serializer):
    """One call-back."""

    result = code(CallBack.Result)
    result_label = serializers.CharField()
    solved = code(HandlingRound.Solved, allow_blank=True)
    note = serializers.CharField()
    called_at = serializers.DateTimeField()
    by_complainant = serializers.BooleanField()


class FileOutput(serializers.Serializer):
    """A file of the complaint; ``complaints/{number}/files/{id}/`` gives its bytes."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    purpose = serializers.CharField()
    purpose_label = serializers.CharField()
    added_at = serializers.DateTimeField()


class SilentOutput(serializers.Serializer):
    """A warning to the lead department that an assisting one has not answered: it stops nobody."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class SimilarIssueOutput(serializers.Serializer):
    """An issue cleared within 12 months before, which the complaint resembles."""

    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    ended_on = serializers.DateField()
    likeness = serializers.IntegerField()


class ComplaintListOutput(serializers.Serializer):
    """One row of the list; name and phone of the caller are always masked."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    regime = code(Complaint.Regime)
    regime_label = serializers.CharField()
    channel = code(Complaint.Channel)
    channel_label = serializers.CharField()
    type = code(DeadlineRule.ComplaintType)
    type_label = serializers.CharField()
    type_word = serializers.CharField()
    relevance = code(Complaint.Relevance)
    relevance_label = serializers.CharField()
    urgency = code(DeadlineRule.Urgency)
    urgency_label = serializers.CharField()
    grade = code(DeadlineRule.Grade, allow_blank=True)
    title = serializers.CharField()
    content = serializers.CharField()
    place = serializers.CharField()
    enterprise = serializers.CharField()
    indicator = serializers.CharField(allow_null=True)
    indicator_label = serializers.CharField(allow_null=True)
    caller_name = serializers.CharField()
    caller_phone = serializers.CharField()
    anonymous = serializers.BooleanField()
    confidential = serializers.BooleanField()
    accused_department = serializers.CharField(allow_null=True)
    accused_department_label = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField()
    provincial_number = serializers.CharField()
    upstream_due_at = serializers.DateTimeField(allow_null=True)
    handled = code(Complaint.Handled)
    handled_label = serializers.CharField()
    status = code(Complaint.Status)
    status_label = serializers.CharField()
    outcome = code(Complaint.Outcome, allow_blank=True)
    outcome_label = serializers.CharField()
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())
    accepted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    refusal_reason = serializers.CharField()
    transferred_to = serializers.CharField()
    duplicate_of = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    department_label = serializers.CharField(allow_null=True)
    raw_department = serializers.CharField()
    dispatch_count = serializers.IntegerField()
    round_no = serializers.IntegerField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    effective_due_at = serializers.DateTimeField(allow_null=True)
    provisional = serializers.BooleanField()
    overdue = serializers.BooleanField()
    nearly_due = serializers.BooleanField()
    sign_overdue = serializers.BooleanField()
    sign_due_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    suspended = serializers.BooleanField()
    extension = code(Extension.Answer, allow_null=True)


class ComplaintOutput(ComplaintListOutput):
    """One complaint whole."""

    rounds = RoundOutput(many=True)
    callbacks = CallBackOutput(many=True)
    files = FileOutput(many=True)
    warnings = SilentOutput(many=True)
    issue = serializers.CharField(allow_null=True, help_text="转成的问题编号；没有或无权查看为空")
    relapsed = serializers.BooleanField(help_text="回潮：与一年内已销号的问题相似")
    similar = SimilarIssueOutput(many=True)


class IdentityOutput(serializers.Serializer):
    """Who complained, shown once."""

    caller_name = serializers.CharField()
    caller_phone = serializers.CharField()
