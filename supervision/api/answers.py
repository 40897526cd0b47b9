"""Answers of ``issues/`` (api.md)."""

from rest_framework import serializers

from indicators.models import Evidence
from supervision.models import (
    ClearanceRequest,
    Issue,
    IssueEvidence,
    IssueExtension,
    IssueRound,
    LookBack,
    SupervisionOrder,
)


def code(choices, **options) -> serializers.ChoiceField:
    """Return a code of fixed choice."""
    return serializers.ChoiceField(choices.choices, **options)


def said(**options) -> serializers.CharField:
    """Return the Chinese word or name of the field before it."""
    return serializers.CharField(**options)


class IssueExtensionOutput(serializers.Serializer):
    """The round's request for a later date."""

    due_on = serializers.DateField()
    due_before = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    answer = code(IssueExtension.Answer)
    answer_label = said()
    asked_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_reason = serializers.CharField()


class VerificationOutput(serializers.Serializer):
    """One person's name under a clearance request; ``user`` is the user name."""

    user = serializers.CharField()
    user_label = said()
    department = serializers.CharField(allow_null=True)
    department_label = said(allow_null=True)
    passed = serializers.BooleanField()
    sustained = serializers.BooleanField()
    note = serializers.CharField()
    on_behalf_of = serializers.CharField()
    at = serializers.DateTimeField()


class ClearanceOutput(serializers.Serializer):
    """One clearance request with the names under it."""

    number = serializers.CharField()
    note = serializers.CharField()
    asked_by = serializers.CharField()
    asked_by_label = said()
    asked_at = serializers.DateTimeField()
    signed_by = serializers.CharField(allow_null=True)
    signed_by_label = said(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    verify_due_on = serializers.DateField(allow_null=True)
    result = code(ClearanceRequest.Result)
    result_label = said()
    answered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    verifications = VerificationOutput(many=True)


class IssueRoundOutput(serializers.Serializer):
    """One department's turn."""

    sequence = serializers.IntegerField()
    round_no = serializers.IntegerField()
    department = serializers.CharField()
    department_label = said()
    limit_kind = code(Issue.LimitKind)
    limit_kind_label = said()
    opened_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    effective_due_on = serializers.DateField(allow_null=True)
    provisional = serializers.BooleanField()
    extended = serializers.BooleanField()
    measures = serializers.CharField()
    goal = serializers.CharField()
    plan_person = serializers.CharField()
    plan_due_on = serializers.DateField(allow_null=True)
    plan_handed_in_at = serializers.DateTimeField(allow_null=True)
    planned_at = serializers.DateTimeField(allow_null=True)
    passed_request_at = serializers.DateTimeField(allow_null=True)
    cleared_at = serializers.DateTimeField(allow_null=True)
    sustained_at = serializers.DateTimeField(allow_null=True)
    ending = code(IssueRound.Ending)
    ending_label = said()
    ended_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    assignment_number = serializers.CharField()
    notice_number = serializers.CharField()
    extension = IssueExtensionOutput(allow_null=True)
    clearance_requests = ClearanceOutput(many=True)


class LookBackOutput(serializers.Serializer):
    """One date of looking back; without ``done_on`` it is still to come."""

    due_on = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)
    result = code(LookBack.Result, allow_blank=True)
    result_label = said()
    note = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    by_label = said(allow_null=True)


class IssueEvidenceOutput(serializers.Serializer):
    """One piece of evidence; ``id`` and ``url`` are those of ``evidence/``."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = code(Evidence.Kind)
    kind_label = said()
    phase = code(IssueEvidence.Phase)
    phase_label = said()
    round = serializers.IntegerField(allow_null=True)
    by = serializers.CharField()
    by_label = said()
    at = serializers.DateTimeField()
    link = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    original_sha256 = serializers.CharField(allow_null=True)
    captured_at = serializers.DateTimeField(allow_null=True)


class IssueEventOutput(serializers.Serializer):
    """One line of the timeline."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called like an argument of fields
    text = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    by_label = said(allow_null=True)
    on_behalf_of = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    department_label = said(allow_null=True)
    round = serializers.IntegerField(allow_null=True)


class SimilarOutput(serializers.Serializer):
    """A cleared issue or closed complaint it resembles (回潮)."""

    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    ended_on = serializers.DateField()
    likeness = serializers.IntegerField()


class IssueOrderOutput(serializers.Serializer):
    """A 督办 order on the issue; the whole of it is at ``supervision-orders/``."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    status = code(SupervisionOrder.Status)
    status_label = said()
    department = serializers.CharField()
    department_label = said()
    due_on = serializers.DateField()
    issued_at = serializers.DateTimeField()


class IssueListOutput(serializers.Serializer):
    """One row of the list. ``inspection`` is null for departments: visits are not announced."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    source = code(Issue.Source)  # type: ignore[assignment]  # a field called like an argument of fields
    source_label = said()
    inspection = serializers.IntegerField(allow_null=True)
    inspection_label = said(allow_null=True)
    indicator = serializers.CharField(allow_null=True)
    indicator_label = said(allow_null=True)
    category = code(Issue.Category)
    category_label = said()
    severity = code(Issue.Severity)
    severity_label = said()
    title = serializers.CharField()
    description = serializers.CharField()
    place = serializers.CharField()
    requirement = serializers.CharField()
    goal = serializers.CharField()
    remark = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    department_label = said(allow_null=True)
    assisting = serializers.ListField(child=serializers.CharField())
    assisting_label = serializers.ListField(child=serializers.CharField())
    own_department = serializers.CharField(allow_null=True)
    own_department_label = said(allow_null=True)
    responsible_leader = serializers.CharField()
    responsible_person = serializers.CharField()
    limit_kind = code(Issue.LimitKind)
    limit_kind_label = said()
    found_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    provisional = serializers.BooleanField()
    extended = serializers.BooleanField()
    overdue = serializers.BooleanField()
    nearly_due = serializers.BooleanField()
    status = code(Issue.Status)
    status_label = said()
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())
    entered_status_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField(allow_null=True)
    first_assigned_at = serializers.DateTimeField(allow_null=True)
    assigned_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    planned_at = serializers.DateTimeField(allow_null=True)
    cleared_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    round_no = serializers.IntegerField(allow_null=True)
    measures = serializers.CharField()
    plan_due_on = serializers.DateField(allow_null=True)
    extension_answer = code(IssueExtension.Answer, allow_null=True)
    extension_answer_label = said()
    clearance = code(ClearanceRequest.Result, allow_null=True)
    verify_due_on = serializers.DateField(allow_null=True)
    verify_overdue = serializers.BooleanField()
    names_given = serializers.IntegerField()
    next_review_on = serializers.DateField(allow_null=True)
    relapsed = serializers.BooleanField()


class IssueOutput(IssueListOutput):
    """One issue whole. ``verifications`` are the names that count; earlier ones stand inside their rounds."""

    rounds = IssueRoundOutput(many=True)
    extension = IssueExtensionOutput(allow_null=True)
    verifications = VerificationOutput(many=True)
    look_backs = LookBackOutput(many=True)
    evidence = IssueEvidenceOutput(many=True)
    events = IssueEventOutput(many=True)
    similar = SimilarOutput(many=True)
    orders = IssueOrderOutput(many=True)
