"""``complaints/``: the worklist, registration and correction, and every act of domain §6 (api.md)."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response

from accounts.confirmation import require_recent_password
from complaints.api import shapes
from complaints.api.acts import act_door
from complaints.api.answers import ComplaintListOutput, ComplaintOutput, IdentityOutput
from complaints.api.filters import ComplaintFilter
from complaints.api.supervision import RaisesIssues, SuperviseInput
from complaints.models import Complaint
from complaints.rules.complaints import is_signature
from complaints.selectors.conditions import SEARCHED, found
from complaints.selectors.details import complaint_row, complaints_for
from complaints.selectors.rows import COLUMNS, RowReader
from complaints.services import extensions, handling, identity, intake, office, review, supervision
from complaints.workflow import COMPLAINT
from core import clock
from core.access import Permission
from core.api.conditional import check_if_match
from core.api.viewsets import MaybeReason, ReasonInput
from core.attachments.downloads import attachment_response
from core.converters import unescaped
from core.selectors.calendar import work_calendar
from core.sorting import moment_or_last

#: As in the filters, ``due`` is the effective due time; a list of a million rows walks its index.
BY_DUE = moment_or_last("due_at")


class ComplaintViewSet(RaisesIssues):
    """Complaints of both regimes; ``PATCH`` corrects what was registered."""

    permission = Permission.READ_COMPLAINTS
    permissions_by_action = {"create": Permission.DISPATCH_COMPLAINTS}
    parser_classes = (JSONParser, FormParser, MultiPartParser)
    model = Complaint
    workflow = COMPLAINT
    serializer_class = ComplaintOutput
    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    filterset_class = ComplaintFilter
    list_fields = COLUMNS
    orderings = {
        "received_at": "received_at",
        "due_at": BY_DUE,
        "effective_due_at": BY_DUE,
        "number": "number",
        "status": "status",
        "id": "id",
    }
    default_ordering = ("-received_at", "-id")
    search_fields = SEARCHED

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if "number" in self.kwargs:
            self.kwargs["number"] = unescaped(self.kwargs["number"])

    def get_queryset(self):
        return complaints_for(self.request.user)

    def search_list(self, rows, words):
        return found(rows, words, user=self.request.user)

    def shape_list(self, rows):
        return RowReader(self.request.user, now=clock.now(), calendar=work_calendar()).read(rows)

    def check_signature(self, name, row):
        if is_signature(name, self.request.user, row):
            require_recent_password(self.request, now=clock.now())

    def present(self, row):
        return complaint_row(row, user=self.request.user, now=clock.now(), calendar=work_calendar())

    @extend_schema(responses=ComplaintListOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer one page of the complaints the caller sees, the newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=shapes.ComplaintInput, responses={201: ComplaintOutput})
    def create(self, request):
        """Register a complaint: it enters 待受理 (R1 R2)."""
        facts = self.read_input(shapes.ComplaintInput)
        files = facts.pop("attachments", ())
        row = intake.register_complaint(facts, actor=request.user, now=clock.now(), attachments=files)
        return self.respond(row, status=201)

    @extend_schema(request=shapes.CorrectionInput, responses=ComplaintOutput)
    def partial_update(self, request, number):
        """Correct what was registered, until it is closed (R1 R2)."""
        row = self.get_object()
        intake.check_may_correct(row, actor=request.user)
        check_if_match(request, row)
        intake.check_correctable(row)
        changes = self.read_input(shapes.CorrectionInput, partial=True)
        return self.respond(intake.correct_complaint(row, actor=request.user, now=clock.now(), **changes))

    @extend_schema(request=shapes.RevealInput, responses=IdentityOutput)
    @action(detail=True, methods=["post"])
    def reveal(self, request, number):
        """Show who complained, once, and record what for."""
        row, now = self.get_object(), clock.now()
        identity.check_may_reveal(row, actor=request.user, now=now)
        require_recent_password(request, now=now)
        check_if_match(request, row)
        asked = self.read_input(shapes.RevealInput)
        return Response(identity.reveal_identity(row, purpose=asked["purpose"], actor=request.user, now=now))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path=r"files/(?P<file>\d{1,18})", url_name="file")
    def file(self, request, number, file):
        """Answer the bytes of a file of the complaint."""
        row = get_object_or_404(self.get_object().files.select_related("attachment"), pk=file)
        return attachment_response(row.attachment)

    accept = act_door("accept", office.accept_complaint)
    propose_refusal = act_door("propose_refusal", office.propose_refusal, ReasonInput)
    agree_refusal = act_door("agree_refusal", office.agree_refusal, shapes.RefusalInput)
    disagree_refusal = act_door("disagree_refusal", office.disagree_refusal, ReasonInput)
    mark_duplicate = act_door("mark_duplicate", office.mark_duplicate, shapes.DuplicateInput)
    transfer = act_door("transfer", office.transfer_complaint, shapes.TransferInput)
    dispatch_to = act_door("dispatch", office.dispatch_complaint, shapes.DispatchInput, name="dispatch_to")
    sign_for = act_door("sign_for", handling.sign_for_complaint)
    request_return = act_door("request_return", handling.request_return, ReasonInput)
    agree_return = act_door("agree_return", office.agree_return, MaybeReason)
    refuse_return = act_door("refuse_return", office.refuse_return, ReasonInput)
    withdraw = act_door("withdraw", office.withdraw_dispatch, ReasonInput)
    note = act_door("note", handling.note_progress, shapes.NoteInput)
    assist_reply = act_door("assist_reply", handling.reply_as_assistant, shapes.NoteInput)
    add_assisting = act_door("add_assisting", handling.add_assisting, shapes.AssistingInput)
    request_extension = act_door("request_extension", extensions.request_extension, shapes.ExtensionInput)
    confirm_extension = act_door("confirm_extension", extensions.confirm_extension)
    agree_extension = act_door("agree_extension", extensions.agree_extension, MaybeReason)
    refuse_extension = act_door("refuse_extension", extensions.refuse_extension, ReasonInput)
    suspend = act_door("suspend", handling.suspend_complaint, ReasonInput)
    resume = act_door("resume", handling.resume_complaint)
    submit = act_door("submit", handling.submit_result, shapes.SubmitInput)
    sign = act_door("sign", handling.sign_result)
    send_back = act_door("send_back", handling.send_back_result, ReasonInput)
    pass_review = act_door("pass", review.pass_review, name="pass_review")
    review_back = act_door("review_back", review.send_back_for_more, ReasonInput)
    callback = act_door("callback", review.record_callback, shapes.CallBackInput)
    archive = act_door("archive", review.archive_complaint)
    reopen = act_door("reopen", review.reopen_complaint, ReasonInput)
    withdraw_complaint = act_door("withdraw_complaint", review.withdraw_by_complainant, ReasonInput)
    pull_here = act_door("pull_here", review.pull_here, ReasonInput)
    supervise = act_door("supervise", supervision.supervise_complaint, SuperviseInput)
    remind = act_door("remind", office.remind_complaint)
    grant_identity = act_door("grant_identity", identity.grant_identity, shapes.GrantInput)
