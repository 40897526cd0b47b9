"""``bulletins/``: drafting, editing, the way to the signature, files and receipts (api.md)."""

from collections.abc import Callable

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.confirmation import require_recent_password
from bulletins.api import shapes
from bulletins.api.shapes import BulletinListOutput, BulletinOutput
from bulletins.models import Bulletin
from bulletins.rules.bulletins import SIGNATURES
from bulletins.selectors.details import bulletins_for
from bulletins.selectors.files import bulletin_file
from bulletins.selectors.rows import COLUMNS, RowReader, bulletin_row
from bulletins.services import drafting, editing, review
from bulletins.services.editing import numbers_today
from bulletins.workflow import BULLETIN
from core import clock
from core.access import Permission
from core.api.acts import act_doors
from core.api.conditional import check_if_match, conditional_response
from core.api.filters import ChoicesFilter
from core.api.viewsets import ReasonInput, ScopedViewSet
from core.dates.periods import period_from_query
from core.exceptions import InvalidInput
from core.sorting import date_or_last

FORMATS = ("docx", "xlsx", "html", "signing_sheet")


class BulletinFilter(django_filters.FilterSet):
    """``year`` is that of the period's last day."""

    kind = ChoicesFilter(choices=Bulletin.Kind.choices)
    status = ChoicesFilter(choices=Bulletin.Status.choices)
    period = django_filters.CharFilter("period")
    year = django_filters.NumberFilter("to_on__year")

    class Meta:
        model = Bulletin
        fields: list[str] = []


act_door = act_doors("bulletins", BulletinOutput)


def answering_with(service: Callable) -> Callable:
    """Return ``service`` so that it answers with the paper it was asked about, whatever it returns."""

    def act(bulletin: Bulletin, **given):
        service(bulletin, **given)
        return bulletin

    act.__doc__ = service.__doc__
    return act


class BulletinViewSet(ScopedViewSet):
    """Bulletins and the other scheduled reports. Nothing answers 202: drafts and files are made at once."""

    permission = Permission.READ_BULLETINS
    permissions_by_action = {"create": Permission.DRAFT_BULLETINS}
    model = Bulletin
    workflow = BULLETIN
    serializer_class = BulletinOutput
    lookup_field = "number"
    lookup_value_regex = r"[^/]+"
    filterset_class = BulletinFilter
    list_fields = COLUMNS
    orderings = {
        "to": "to_on",
        "from": "from_on",
        "issued_on": date_or_last("issued_on"),
        "number": "number",
        "id": "id",
    }
    default_ordering = ("-to_on", "-id")
    search_fields = ("number", "title", "document_number", "issue_number")
    cached = True
    query_parameters = {"document": ("format",)}

    def get_queryset(self):
        return bulletins_for(self.request.user)

    def check_signature(self, name, row):
        if name in SIGNATURES:
            require_recent_password(self.request, now=clock.now())

    def shape_list(self, rows):
        return RowReader(self.request.user).read(rows)

    def present(self, row):
        # What is out is frozen: its numbers are compared with nothing (ui.md §13).
        fresh = row._meta.base_manager.prefetch_related("sections").get(pk=row.pk)
        today = None if fresh.status in Bulletin.PUBLISHED else numbers_today(fresh)
        return bulletin_row(fresh, user=self.request.user, today=today)

    def respond(self, row, status=200):
        data = self.present(row)
        response = Response(data, status=status)
        response["ETag"] = conditional_response(self.request, data, row)["ETag"]
        return response

    @extend_schema(responses=BulletinListOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer one page of the papers the caller sees, the newest period first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=BulletinOutput)
    def retrieve(self, request, *args, **kwargs):
        """Answer one paper whole."""
        row = self.get_object()
        return conditional_response(request, self.present(row), row)

    @extend_schema(request=shapes.BulletinDraftInput, responses={201: BulletinOutput, 200: BulletinOutput})
    def create(self, request):
        """Draft the paper of a kind and period (201), or renew its draft (200); R1 R2."""
        asked = self.read_input(shapes.BulletinDraftInput)
        period = period_from_query(asked.get("period"), asked.get("from"), asked.get("to"))
        if period is None:
            raise InvalidInput.at("period", "请写明期间", code="required")
        bulletin, is_new = drafting.draft_bulletin(asked["kind"], period, actor=request.user, now=clock.now())
        return self.respond(bulletin, status=201 if is_new else 200)

    @extend_schema(request=shapes.EditInput, responses=BulletinOutput)
    def partial_update(self, request, number):
        """Replace the words of sections of a draft (R1 R2); an unknown ``{name}`` is refused."""
        row = self.get_object()
        editing.check_may_draft(row, actor=request.user)
        check_if_match(request, row)
        editing.check_is_draft(row)
        asked = self.read_input(shapes.EditInput, partial=True)
        texts = {one["key"]: one["text"] for one in asked.pop("sections", ())}
        return self.respond(editing.edit_sections(row, texts, actor=request.user, now=clock.now(), **asked))

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=FORMATS, default="docx")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"])
    def document(self, request, number):
        """Answer a draft rendered at once, an issued paper from its stored bytes, as attachment."""
        return bulletin_file(self.get_object(), request.query_params.get("format", "docx"), user=request.user)

    @extend_schema(request=shapes.GroupsInput, responses=BulletinOutput)
    @action(detail=True, methods=["post"])
    def adopt(self, request, number):
        """Take the newer values of whole groups of numbers (采用新值; R1 R2 on a draft)."""
        return self.decide(request, editing.adopt_numbers)

    @extend_schema(request=shapes.GroupsInput, responses=BulletinOutput)
    @action(detail=True, methods=["post"])
    def keep(self, request, number):
        """Keep the printed values of whole groups of numbers although they moved (保留原值; R1 R2 on a draft)."""
        return self.decide(request, editing.keep_numbers)

    def decide(self, request, service: Callable):
        """Answer what ``service`` makes of the draft and the groups sent."""
        row = self.get_object()
        editing.check_may_draft(row, actor=request.user)
        check_if_match(request, row)
        editing.check_is_draft(row)
        groups = self.read_input(shapes.GroupsInput)["groups"]
        return self.respond(service(row, groups, actor=request.user, now=clock.now()))

    @extend_schema(request=shapes.LeaveOutInput, responses=BulletinOutput)
    @action(detail=True, methods=["post"])
    def leave_out(self, request, number):
        """Leave an overdue item out of section 六, with a logged reason (R2 on a draft)."""
        row = self.get_object()
        editing.check_may_leave_out(row, actor=request.user)
        check_if_match(request, row)
        editing.check_is_draft(row)
        asked = self.read_input(shapes.LeaveOutInput)
        return self.respond(editing.leave_out(row, actor=request.user, now=clock.now(), **asked))

    submit = act_door("submit", review.submit_bulletin)
    approve = act_door("approve", review.approve_bulletin)
    sign = act_door("sign", review.sign_bulletin)
    send_back = act_door("send_back", review.send_back_bulletin, ReasonInput)
    correct = act_door("correct", answering_with(review.correct_bulletin), ReasonInput)
    void = act_door("void", review.void_bulletin, ReasonInput)
    acknowledge = act_door("acknowledge", answering_with(review.acknowledge_bulletin))
