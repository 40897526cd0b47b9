"""``imports/``: spreadsheets in, with preview, commit, failed rows and undo (api.md)."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from core import clock
from core.access import Permission
from core.api.viewsets import ScopedViewSet
from core.attachments.downloads import as_attachment
from core.exceptions import InvalidInput
from core.import_kinds import import_kind, kinds_for
from core.models import ImportBatch, Job
from core.selectors.imports import BATCH_LIST_FIELDS, acts_on, undo_until
from core.services.imports import commit_import, failed_rows_workbook, import_template, undo_import, upload_import
from core.spreadsheets.writing import XLSX
from core.workflows import IMPORT_BATCH


class ImportInput(serializers.Serializer):
    """A spreadsheet of one kind of rows; ``department_mapping`` is a JSON object of names to codes.

    ``options`` says what holds for all rows: of ``issues`` the ``inspection`` (its id) they were found in.
    """

    kind = serializers.CharField(error_messages={"required": "请指明导入类别", "blank": "请指明导入类别"})
    file = serializers.FileField(
        allow_empty_file=True, error_messages={"required": "请选择文件", "invalid": "请选择文件", "null": "请选择文件"}
    )
    department_mapping = serializers.JSONField(
        required=False, default=dict, error_messages={"invalid": "department_mapping 应为 JSON 对象"}
    )

    options = serializers.JSONField(required=False, default=dict, error_messages={"invalid": "options 应为 JSON 对象"})

    def validate_department_mapping(self, value):
        """Demand an object of text to text."""
        if not is_text_to_text(value):
            raise serializers.ValidationError("department_mapping 应为“名称: 单位代码”的 JSON 对象")
        return value

    def validate_options(self, value):
        """Demand an object of text to text."""
        if not is_text_to_text(value):
            raise serializers.ValidationError('options 应为“名称: 文字”的 JSON 对象，如 {"inspection": "3"}')
        return value


def is_text_to_text(value) -> bool:
    """Return whether ``value`` is an object of text to text."""
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


class ProblemOutput(serializers.Serializer):
    """One error or warning; a warning about the whole file has no place."""

    sheet = serializers.CharField(allow_null=True)
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    field = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class UnmappedOutput(serializers.Serializer):
    """The headers of a sheet nobody asked for."""

    sheet = serializers.CharField(allow_null=True)
    columns = serializers.ListField(child=serializers.CharField())


class TotalsOutput(serializers.Serializer):
    """What the rows did."""

    new = serializers.IntegerField()
    update = serializers.IntegerField()  # type: ignore[assignment]
    duplicate = serializers.IntegerField()
    error = serializers.IntegerField()


class ProgressOutput(serializers.Serializer):
    """How far the work in the background is."""

    state = serializers.ChoiceField(choices=Job.State.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    percent = serializers.IntegerField()
    failure = serializers.CharField()


class BatchOutput(TotalsOutput):
    """An import as the contract names it."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = serializers.CharField()
    status = serializers.ChoiceField(choices=ImportBatch.Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())
    file_name = serializers.CharField()
    file_size = serializers.IntegerField()
    sha256 = serializers.CharField()
    rows = serializers.IntegerField()
    errors = ProblemOutput(many=True)  # type: ignore[assignment]
    warnings = ProblemOutput(many=True)
    unmapped_columns = UnmappedOutput(many=True)
    unknown_departments = serializers.ListField(child=serializers.CharField())
    department_mapping = serializers.DictField(child=serializers.CharField())
    options = serializers.DictField(child=serializers.CharField())
    result = TotalsOutput(allow_null=True)
    failure = serializers.CharField()
    progress = ProgressOutput(source="job", allow_null=True)
    created_at = serializers.DateTimeField()
    committed_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    undo_until = serializers.DateTimeField(allow_null=True)


class ImportViewSet(ScopedViewSet):
    """Imports of the kinds the caller may import."""

    model = ImportBatch
    workflow = IMPORT_BATCH
    serializer_class = BatchOutput
    lookup_value_regex = r"\d+"
    list_fields = BATCH_LIST_FIELDS
    orderings = {"created_at": "created_at", "id": "id"}
    default_ordering = ("-id",)
    search_fields = ("file_name",)
    query_parameters = {"template": ("kind",)}
    permissions_by_action = dict.fromkeys(("list", "create", "template"), Permission.OPEN_IMPORTS)

    def get_queryset(self):
        return super().get_queryset().select_related("job")

    def present(self, row: Any) -> dict:
        now = clock.now()
        row.actions = [act.name for act in acts_on(row, self.request.user, now)]
        row.undo_until = undo_until(row)
        return BatchOutput(row).data

    def shape_list(self, rows):
        for row in rows:
            row["kind_label"] = import_kind(row["kind"]).label
            row["status_label"] = ImportBatch.Status(row["status"]).label
            row["created_by"] = row.pop("created_by__name")
        return rows

    @extend_schema(request={"multipart/form-data": ImportInput}, responses={201: BatchOutput, 202: BatchOutput})
    def create(self, request):
        """Take a file and preview it: 201, or 202 while a long one is being checked."""
        asked = self.read_input(ImportInput)
        batch = upload_import(
            asked["file"],
            kind_code=asked["kind"],
            department_mapping=asked["department_mapping"],
            options=asked["options"],
            actor=request.user,
            now=clock.now(),
        )
        return self.in_hand(self.respond(batch, status=201))

    @extend_schema(request=None, responses={200: BatchOutput, 202: BatchOutput})
    @action(detail=True, methods=["post"])
    def commit(self, request, pk):
        """Write the good rows, all or none."""
        return self.in_hand(self.act("commit", commit_import))

    @extend_schema(request=None, responses={200: BatchOutput, 202: BatchOutput})
    @action(detail=True, methods=["post"])
    def undo(self, request, pk):
        """Take the import back, within 7 days and while nobody has touched its rows."""
        return self.in_hand(self.act("undo", undo_import))

    @staticmethod
    def in_hand(response):
        """Make the answer a 202 while the worker is still at it."""
        progress = response.data["progress"]
        if progress and progress["state"] in {Job.State.QUEUED, Job.State.RUNNING}:
            response.status_code = 202
        return response

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="failed-rows")
    def failed_rows(self, request, pk):
        """Answer the faulty rows as a workbook with the reason beside each."""
        batch = self.get_object()
        file = failed_rows_workbook(batch, actor=request.user, now=clock.now())
        return as_attachment(FileResponse(file, content_type=XLSX), f"未导入的行_{batch.pk}.xlsx")

    @extend_schema(
        parameters=[OpenApiParameter("kind", OpenApiTypes.STR, required=True)],
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["get"])
    def template(self, request):
        """Answer the template of one kind."""
        kind = kind_asked_for(request.user, request.query_params.get("kind", ""))
        file = import_template(kind, actor=request.user, now=clock.now())
        return as_attachment(FileResponse(file, content_type=XLSX), f"{kind.label}导入模板.xlsx")


def kind_asked_for(user, code: str):
    """Return the kind of that code among those ``user`` may import; InvalidInput when there is none."""
    kinds = {kind.code: kind for kind in kinds_for(user)}
    if code not in kinds:
        raise InvalidInput.at("kind", f"没有这一类导入，可选：{'、'.join(kinds)}", code="unknown_kind")
    return kinds[code]
