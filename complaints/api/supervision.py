"""Bodies of ``supervise`` and ``raise_issue``, and the door that answers with the issue (api.md)."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from complaints.services.supervision import raise_issue
from complaints.workflow import COMPLAINT
from core import clock
from core.api.conditional import check_if_match
from core.api.fields import text, wanted
from core.api.viewsets import ScopedViewSet
from core.selectors.calendar import work_calendar
from supervision.models import Issue
from supervision.selectors.details import issue_row, issues_for

#: The shape of an issue as ``issues/{number}/`` answers it.
ISSUE = {"$ref": "#/components/schemas/IssueOutput"}


class SuperviseInput(serializers.Serializer):
    """What the department must do, and by when it answers."""

    requirement = text("督办要求", 1_000)
    due_on = serializers.DateField(error_messages=wanted("回复时限"))


class RaiseIssueInput(serializers.Serializer):
    """What is to be rectified, and by when."""

    requirement = text("整改要求", 1_000)
    limit_kind = serializers.ChoiceField(Issue.LimitKind.choices, required=False)
    due_on = serializers.DateField(required=False, allow_null=True)


class RaisesIssues(ScopedViewSet):
    """A view set of complaints with the act ``raise_issue``: 201 with the issue, not with the complaint."""

    @extend_schema(
        request=RaiseIssueInput, responses={(201, "application/json"): ISSUE}, operation_id="complaints_raise_issue"
    )
    @action(detail=True, methods=["post"], url_name="raise-issue")
    def raise_issue(self, request, number):
        """Make an issue in 草稿 of the complaint, linked both ways, without the caller's identity (R1 R2)."""
        row, now = self.get_object(), clock.now()
        COMPLAINT.permit("raise_issue", row, actor=request.user)
        check_if_match(request, row)
        COMPLAINT.check("raise_issue", row, actor=request.user)
        made = raise_issue(row, actor=request.user, now=now, **self.read_input(RaiseIssueInput))
        issue = issues_for(request.user).get(pk=made.pk)
        return Response(issue_row(issue, user=request.user, now=now, calendar=work_calendar()), status=201)
