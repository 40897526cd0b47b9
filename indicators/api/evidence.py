"""``evidence/``: handing in files and links, judging them, and the files themselves (api.md)."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django_filters import CharFilter, ChoiceFilter, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from core import clock
from core.access import Permission
from core.api.viewsets import ReasonInput, ScopedViewSet
from core.attachments.downloads import attachment_response
from core.exceptions import InvalidInput
from core.sorting import date_or_last
from indicators.models import Evidence
from indicators.selectors.evidence import duplicates_of, indicators_by_code, linked_to
from indicators.services import evidence as services
from indicators.services.evidence import EvidenceFacts
from indicators.workflow import EVIDENCE

KINDS, STATUSES = dict(Evidence.Kind.choices), dict(Evidence.Status.choices)
EVIDENCE_FIELDS = (
    *("id", "title", "kind", "status", "version", "document_number", "issued_on", "link", "added_at"),
    *("department__code", "attachment__name", "attachment__size", "attachment__content_type", "attachment__sha256"),
)


class CodesField(serializers.ListField):
    """Codes given several times, or in one text with commas between them."""

    child = serializers.CharField(allow_blank=True)

    def to_internal_value(self, data):
        texts = super().to_internal_value(data)
        return list(dict.fromkeys(code.strip() for text in texts for code in text.split(",") if code.strip()))


class EvidenceInput(serializers.Serializer):
    """A file (or a link) and what it proves."""

    file = serializers.FileField(required=False, allow_empty_file=True, error_messages={"invalid": "请选择文件"})
    link = serializers.URLField(required=False, default="", allow_blank=True, max_length=500)
    kind = serializers.ChoiceField(
        choices=Evidence.Kind.choices,
        error_messages={"required": "请指明种类", "invalid_choice": "没有“{input}”这个种类"},
    )
    title = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    document_number = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    issued_on = serializers.DateField(required=False, allow_null=True, default=None)
    indicators = CodesField(required=False, default=list)


class EvidenceRowOutput(serializers.Serializer):
    """One piece of evidence; ``url`` is where its file is, null for a link."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Evidence.Kind.choices)
    kind_label = serializers.CharField()
    status = serializers.ChoiceField(choices=Evidence.Status.choices)
    status_label = serializers.CharField()
    version = serializers.IntegerField()
    document_number = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    added_at = serializers.DateTimeField()
    link = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    file_name = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    content_type = serializers.CharField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)


class EvidenceOutput(EvidenceRowOutput):
    """One piece with what it speaks for, earlier copies of the same file, and what the caller may do."""

    indicators = serializers.ListField(child=serializers.CharField())
    return_reason = serializers.CharField()
    duplicates = serializers.ListField(child=serializers.IntegerField())
    duplicate_elsewhere = serializers.BooleanField()
    warning = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())


class EvidenceFilter(FilterSet):
    """``status``, ``kind``, and ``indicator``: linked to it or to something beneath it."""

    status = ChoiceFilter(choices=Evidence.Status.choices)
    kind = ChoiceFilter(choices=Evidence.Kind.choices)
    indicator = CharFilter(method="filter_indicator")

    class Meta:
        model = Evidence
        fields = ("status", "kind", "indicator")

    def filter_indicator(self, rows, name, value):
        """Keep what is linked to the indicator or beneath it."""
        return rows.filter(linked_to(value))


def shape_evidence(row: dict[str, Any]) -> dict[str, Any]:
    """Return a plain row as the contract names it."""
    names = ("id", "title", "kind", "status", "version", "document_number", "issued_on", "link", "added_at")
    has_file = row["attachment__sha256"] is not None
    return {
        **{name: row[name] for name in names},
        "kind_label": KINDS[row["kind"]],
        "status_label": STATUSES[row["status"]],
        "department": row["department__code"],
        "url": reverse("evidence-file", args=[row["id"]]) if has_file else None,
        "file_name": row["attachment__name"],
        "size": row["attachment__size"],
        "content_type": row["attachment__content_type"],
        "sha256": row["attachment__sha256"],
    }


class EvidenceViewSet(ScopedViewSet):
    """Evidence as far as the caller may see it: linked to an indicator of theirs, or of their own department."""

    model = Evidence
    workflow = EVIDENCE
    permission = Permission.READ_CATALOGUE
    permissions_by_action = {"create": Permission.ADD_EVIDENCE}
    lookup_value_regex = "[0-9]+"
    list_fields = EVIDENCE_FIELDS
    orderings = {"added_at": "added_at", "title": "title", "issued_on": date_or_last("issued_on")}
    default_ordering = ("-added_at", "-pk")
    search_fields = ("title", "document_number")
    filterset_class = EvidenceFilter
    serializer_class = EvidenceOutput

    def shape_list(self, rows):
        return [shape_evidence(row) for row in rows]

    def present(self, row):
        plain = {name: getattr(row, name) for name in EVIDENCE_FIELDS if "__" not in name} | {
            "department__code": row.department.code if row.department else None,
            **{
                f"attachment__{name}": getattr(row.attachment, name) if row.attachment else None
                for name in ("name", "size", "content_type", "sha256")
            },
        }
        duplicates = duplicates_of(row, self.request.user)
        return {
            **shape_evidence(plain),
            "indicators": list(row.links.values_list("indicator__code", flat=True)),
            "return_reason": row.return_reason,
            "duplicates": [other.pk for other in duplicates.visible],
            "duplicate_elsewhere": duplicates.elsewhere,
            "warning": duplicates.sentence,
            "actions": [act.name for act in self.workflow.available(row, self.request.user)],
        }

    @extend_schema(responses=EvidenceRowOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer one page, newest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request={"multipart/form-data": EvidenceInput}, responses={201: EvidenceOutput})
    def create(self, request):
        """Hand in a file or a link; the same file handed in before is told, never refused."""
        values = self.read_input(EvidenceInput)
        upload = values.get("file")
        title = values["title"] or (upload.name if upload else values["link"])
        if not title:
            raise InvalidInput.at("file", "请上传一个文件，或填写一个网址，二者选一", code="file_or_link")
        evidence = services.add_evidence(
            EvidenceFacts(title[:120], *(values[name] for name in ("kind", "link", "document_number", "issued_on"))),
            upload=upload,
            indicators=indicators_by_code(values["indicators"]),
            actor=request.user,
            now=clock.now(),
        )
        return self.respond(evidence, status=201)

    @extend_schema(responses={200: OpenApiResponse(OpenApiTypes.BINARY)})
    @action(detail=True)
    def file(self, request, pk=None):
        """Answer the file, to the byte as it is kept; 404 for a link."""
        evidence = self.get_object()
        if evidence.attachment is None:
            raise Http404
        return attachment_response(evidence.attachment)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request, pk=None):
        """Let it pass: R1 R2."""
        return self.act("accept", services.accept_evidence)

    @extend_schema(request=ReasonInput)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_(self, request, pk=None):
        """Send it back with a reason: R1 R2."""
        return self.act("return", services.return_evidence, ReasonInput)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resubmit(self, request, pk=None):
        """Hand it in again as it is: its department."""
        return self.act("resubmit", services.resubmit_evidence)
