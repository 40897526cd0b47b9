"""``supervision-orders/``: what was ordered, the replies, the printed paper (api.md)."""

import django_filters
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.confirmation import require_recent_password
from core import clock
from core.access import Permission
from core.api.acts import act_doors
from core.api.fields import ById, free_text, text
from core.api.filters import BooleanFilter, ChoicesFilter, MomentFilter
from core.api.viewsets import ReasonInput, ScopedViewSet
from core.attachments.downloads import attachment_response, bytes_response
from core.documents.package import DOCX
from core.selectors.calendar import work_calendar
from indicators.models import Evidence
from supervision.documents import order_document
from supervision.models import FormNumber, SupervisionOrder
from supervision.rules.orders import is_order_signature
from supervision.selectors.orders import COLUMNS, OWED, SEARCHED, OrderReader, order_row, orders_for, overdue_q
from supervision.services import orders
from supervision.workflow import ORDER

INSTRUMENTS = [
    choice
    for choice in FormNumber.Kind.choices
    if choice[0] in {FormNumber.Kind.SUPERVISION.value, FormNumber.Kind.LETTER.value}
]


class OrderListOutput(serializers.Serializer):
    """One row of the list; number, title, department and due date of the subject are a copy."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    instrument = serializers.ChoiceField(INSTRUMENTS)
    instrument_label = serializers.CharField()
    subject_kind = serializers.ChoiceField(SupervisionOrder.SubjectKind.choices)
    subject_kind_label = serializers.CharField()
    subject_number = serializers.CharField()
    subject_title = serializers.CharField()
    subject_url = serializers.CharField()
    subject_due_on = serializers.DateField(allow_null=True)
    department = serializers.CharField()
    department_label = serializers.CharField()
    issuer = serializers.CharField(allow_null=True)
    issuer_label = serializers.CharField(allow_null=True)
    requirement = serializers.CharField()
    due_on = serializers.DateField()
    issued_at = serializers.DateTimeField()
    issued_by = serializers.CharField()
    status = serializers.ChoiceField(SupervisionOrder.Status.choices)
    status_label = serializers.CharField()
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())
    overdue = serializers.BooleanField()
    nearly_due = serializers.BooleanField()
    reply = serializers.CharField()
    replied_by = serializers.CharField(allow_null=True)
    reply_signed_by = serializers.CharField(allow_null=True)
    replied_at = serializers.DateTimeField(allow_null=True)
    send_back_reason = serializers.CharField()
    closing_note = serializers.CharField()
    closed_by = serializers.CharField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class OrderEvidenceOutput(serializers.Serializer):
    """A piece of evidence of the reply; ``supervision-orders/{id}/files/{evidence}/`` gives its bytes."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(Evidence.Kind.choices)


class OrderEventOutput(serializers.Serializer):
    """One line of the timeline."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    on_behalf_of = serializers.CharField()


class OrderOutput(OrderListOutput):
    """One order whole."""

    evidence = OrderEvidenceOutput(many=True)
    events = OrderEventOutput(many=True)


class ReplyInput(serializers.Serializer):
    """The reply, and evidence handed in at ``evidence/`` that proves it."""

    text = text("回复")
    evidence = serializers.ListField(child=ById("佐证材料", Evidence.objects.visible_to), required=False, max_length=20)


class OrderCloseInput(serializers.Serializer):
    """``{note?}``."""

    note = free_text(1_000)


class OrderFilter(django_filters.FilterSet):
    """``due`` is the day by which an answer is asked for; ``subject`` a number."""

    status = ChoicesFilter(choices=SupervisionOrder.Status.choices)
    department = django_filters.CharFilter("department__code")
    subject_kind = django_filters.ChoiceFilter(choices=SupervisionOrder.SubjectKind.choices)
    subject = django_filters.CharFilter("subject_number")
    overdue = BooleanFilter(method="filter_overdue")
    due__gte = django_filters.DateFilter("due_on", "gte")
    due__lte = django_filters.DateFilter("due_on", "lte")
    issued__gte = MomentFilter("issued_at", "gte")
    issued__lte = MomentFilter("issued_at", "lte")

    class Meta:
        model = SupervisionOrder
        fields: list[str] = []

    def filter_overdue(self, rows, name, value):
        """Keep what is overdue now, or everything else."""
        today = clock.local_date(clock.now())
        return rows.filter(overdue_q(today) if value else ~Q(status__in=OWED) | Q(due_on__gte=today))


act_door = act_doors("supervision_orders", OrderOutput)


class SupervisionOrderViewSet(ScopedViewSet):
    """Supervision orders and letters: issued by ``supervise`` on an issue or complaint, answered and closed here."""

    permission = Permission.READ_ISSUES
    model = SupervisionOrder
    workflow = ORDER
    serializer_class = OrderOutput
    lookup_value_regex = r"\d+"
    filterset_class = OrderFilter
    list_fields = COLUMNS
    orderings = {"due_on": "due_on", "issued_at": "issued_at", "number": "number", "status": "status", "id": "id"}
    default_ordering = ("-issued_at", "-id")
    search_fields = SEARCHED

    def get_queryset(self):
        return orders_for(self.request.user)

    def shape_list(self, rows):
        shaped = OrderReader(self.request.user, now=clock.now(), calendar=work_calendar()).read(rows)
        return [without_light(row) for row in shaped]

    def present(self, row):
        return without_light(order_row(row, user=self.request.user, now=clock.now(), calendar=work_calendar()))

    def check_signature(self, name, row):
        if is_order_signature(name, self.request.user, row):
            require_recent_password(self.request, now=clock.now())

    @extend_schema(responses=OrderListOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer one page of the orders the caller sees, the newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={(200, DOCX): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def document(self, request, pk):
        """Answer the printed order or letter (.docx)."""
        content, name = order_document(self.get_object(), user=request.user, now=clock.now())
        return bytes_response(content, name, DOCX)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path=r"files/(?P<evidence>\d{1,18})", url_name="file")
    def file(self, request, pk, evidence):
        """Answer the bytes of a file that came with the reply."""
        row = get_object_or_404(self.get_object().evidence.select_related("attachment"), pk=evidence)
        if row.attachment is None:
            raise Http404("这份材料是网址，没有文件")
        return attachment_response(row.attachment)

    reply = act_door("reply", orders.reply_to_order, ReplyInput)
    sign_reply = act_door("sign_reply", orders.sign_reply)
    return_reply = act_door("return_reply", orders.return_reply, ReasonInput)
    send_back = act_door("send_back", orders.send_back_reply, ReasonInput)
    close = act_door("close", orders.close_order, OrderCloseInput)


def without_light(row: dict) -> dict:
    """Return the row without what only pages print."""
    return {name: value for name, value in row.items() if name != "time"}
