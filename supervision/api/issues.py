"""``issues/``: the ledger, writing and editing, and every act of domain §7 (api.md)."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action

from accounts.confirmation import require_recent_password
from core import clock
from core.access import Permission
from core.api.conditional import check_if_match
from core.api.viewsets import MaybeReason, ReasonInput, ScopedViewSet
from core.attachments.downloads import as_attachment
from core.documents.package import DOCX
from core.exceptions import InvalidInput
from core.selectors.calendar import work_calendar
from core.sorting import date_or_last
from supervision.api import shapes
from supervision.api.acts import act_door, give_evidence
from supervision.api.answers import IssueListOutput, IssueOutput
from supervision.api.filters import IssueFilter
from supervision.documents import FORM_KINDS, issue_form
from supervision.models import Issue
from supervision.rules.issues import is_signature
from supervision.selectors.conditions import SEARCHED
from supervision.selectors.details import issue_row, issues_for
from supervision.selectors.rows import COLUMNS, RowReader
from supervision.services import clearance, handling, orders, verification, writing
from supervision.services.evidence import withdraw_evidence
from supervision.workflow import ISSUE

FORMS = list(FORM_KINDS)


class IssueViewSet(ScopedViewSet):
    """Issues of the ledger; ``PATCH`` edits what is not yet assigned."""

    permission = Permission.READ_ISSUES
    permissions_by_action = {"create": Permission.WRITE_ISSUES}
    query_parameters = {"form": ("kind",)}
    model = Issue
    workflow = ISSUE
    serializer_class = IssueOutput
    lookup_field = "number"
    filterset_class = IssueFilter
    list_fields = COLUMNS
    orderings = {
        "created_at": "created_at",
        "number": "number",
        "found_on": "found_on",
        "due_on": date_or_last("due_on"),
        "status": "status",
        "id": "id",
    }
    default_ordering = ("-created_at", "-id")
    search_fields = SEARCHED

    def get_queryset(self):
        return issues_for(self.request.user)

    def shape_list(self, rows):
        return RowReader(self.request.user, now=clock.now(), calendar=work_calendar()).read(rows)

    def check_signature(self, name, row):
        if is_signature(name, self.request.user, row):
            require_recent_password(self.request, now=clock.now())

    def present(self, row):
        return issue_row(row, user=self.request.user, now=clock.now(), calendar=work_calendar())

    @extend_schema(responses=IssueListOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer one page of the issues the caller sees, the newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=shapes.IssueInput, responses={201: IssueOutput})
    def create(self, request):
        """Write an issue in 草稿: R1 R2 R6 any, a department one of its own (自查)."""
        facts = self.read_input(shapes.IssueInput)
        assisting = facts.pop("assisting", ())
        row = writing.write_issue(facts, actor=request.user, now=clock.now(), assisting=assisting)
        return self.respond(row, status=201)

    @extend_schema(request=shapes.IssueEdit, responses=IssueOutput)
    def partial_update(self, request, number):
        """Edit an issue in 草稿 or 待交办 (R1 R2 R6)."""
        row = self.get_object()
        writing.check_may_edit(row, actor=request.user)
        check_if_match(request, row)
        writing.check_editable(row)
        changes = self.read_input(shapes.IssueEdit, partial=True)
        return self.respond(writing.edit_issue(row, actor=request.user, now=clock.now(), **changes))

    @extend_schema(request=shapes.WithdrawEvidenceInput, responses=IssueOutput)
    @action(detail=True, methods=["post"], url_path="withdraw_evidence", url_name="withdraw-evidence")
    def withdraw_evidence(self, request, number):
        """Take a wrong piece of evidence back: whoever added it, until clearance is asked."""
        row = self.get_object()
        self.workflow.permit("add_evidence", row, actor=request.user)
        check_if_match(request, row)
        asked = self.read_input(shapes.WithdrawEvidenceInput)
        item = row.evidence.filter(evidence=asked["evidence"], withdrawn_at=None).last()
        if item is None:
            raise InvalidInput.at("evidence", "这个问题没有这份佐证", code="not_found")
        withdraw_evidence(item, reason=asked["reason"], actor=request.user, now=clock.now())
        return self.respond(row)

    @extend_schema(
        parameters=[OpenApiParameter("kind", enum=FORMS, required=True)],
        responses={(200, DOCX): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"])
    def form(self, request, number):
        """Answer the 交办单, 整改通知书, 销号申请表 or 督办单 as .docx; 409 while it is not earned."""
        content, name = issue_form(
            self.get_object(), request.query_params.get("kind", ""), user=request.user, now=clock.now()
        )
        return as_attachment(HttpResponse(content, content_type=DOCX), name)

    register = act_door("register", writing.register_issue)
    assign = act_door("assign", writing.assign_issue, shapes.AssignInput)
    revoke = act_door("revoke", writing.revoke_issue, ReasonInput)
    withdraw = act_door("withdraw", writing.withdraw_issue, ReasonInput)
    sign_for = act_door("sign_for", handling.sign_for_issue)
    object_to = act_door("object", writing.object_to_issue, ReasonInput, name="object_to")
    submit_plan = act_door("submit_plan", handling.submit_plan, shapes.PlanInput)
    sign_plan = act_door("sign_plan", handling.sign_plan)
    return_plan = act_door("return_plan", handling.return_plan, ReasonInput)
    note = act_door("note", handling.note_progress, shapes.IssueNoteInput)
    add_evidence = act_door("add_evidence", give_evidence, shapes.IssueEvidenceInput)
    request_extension = act_door("request_extension", handling.request_extension, shapes.IssueExtensionInput)
    confirm_extension = act_door("confirm_extension", handling.confirm_extension)
    agree_extension = act_door("agree_extension", handling.agree_extension, MaybeReason)
    refuse_extension = act_door("refuse_extension", handling.refuse_extension, ReasonInput)
    request_clearance = act_door("request_clearance", clearance.request_clearance, shapes.MaybeNote)
    sign_clearance = act_door("sign_clearance", clearance.sign_clearance)
    return_clearance = act_door("return_clearance", clearance.return_clearance, ReasonInput)
    verify_pass = act_door("verify_pass", verification.verify_pass, shapes.VerifyInput)
    verify_fail = act_door("verify_fail", verification.verify_fail, shapes.FailInput)
    review = act_door("review", verification.review_sustained, shapes.IssueNoteInput)
    clear = act_door("clear", verification.clear_sustained, shapes.MaybeNote)
    relapse = act_door("relapse", verification.relapse_issue, shapes.RelapseInput)
    look_back = act_door("look_back", verification.record_look_back, shapes.LookBackInput)
    remind = act_door("remind", writing.remind_issue)
    supervise = act_door("supervise", orders.supervise_issue, shapes.IssueSuperviseInput)
