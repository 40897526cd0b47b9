"""``inspections/``: planned, amended, and their drafts registered and assigned at once (api.md)."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models import User
from core import clock
from core.access import Permission
from core.api.conditional import check_if_match
from core.api.fields import ById
from core.api.filters import ChoicesFilter
from core.api.viewsets import ScopedViewSet
from indicators.models import Evidence
from indicators.selectors.evidence import indicators_by_code
from supervision.models import Inspection
from supervision.rules.inspections import Standing, may_keep_inspections
from supervision.selectors.findings import notices_of
from supervision.selectors.inspections import (
    COLUMNS,
    SEARCHED,
    inspections_for,
    plain_row,
    standing_q,
    with_standing,
)
from supervision.services.inspections import add_inspection, assign_findings, change_inspection, check_may_keep

_PLAIN = (
    *("id", "title", "kind", "kind_label", "status", "status_label", "started_on", "ended_on", "places", "basis"),
    *("plan_approved_by", "plan_approved_on", "findings", "drafts", "created_at", "version"),
)


class PeopleField(serializers.ListField):
    """People by user name; those who left are nobody."""

    child = serializers.CharField(max_length=150)

    def to_internal_value(self, data):
        names = list(dict.fromkeys(super().to_internal_value(data)))
        found = {row.username: row for row in User.objects.filter(username__in=names, is_active=True)}
        if unknown := [name for name in names if name not in found]:
            raise serializers.ValidationError(f"没有用户名为 {'、'.join(unknown)} 的人员", code="unknown_user")
        return [found[name] for name in names]


class InspectionInput(serializers.Serializer):
    """An inspection; ``plan`` and ``report`` are ids of evidence handed in before."""

    kind = serializers.ChoiceField(
        Inspection.Kind.choices, error_messages={"required": "请选择方式", "invalid_choice": "没有“{input}”这种方式"}
    )
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    started_on = serializers.DateField(error_messages={"required": "请填写开始日期", "null": "请填写开始日期"})
    ended_on = serializers.DateField(required=False, allow_null=True)
    places = serializers.CharField(max_length=500, required=False, allow_blank=True)
    basis = serializers.CharField(max_length=300, required=False, allow_blank=True)
    indicators = serializers.ListField(child=serializers.CharField(), required=False)
    team = PeopleField(required=False)
    plan = ById("佐证材料", Evidence.objects.visible_to, required=False)
    plan_approved_by = serializers.CharField(max_length=60, required=False, allow_blank=True)
    plan_approved_on = serializers.DateField(required=False, allow_null=True)
    report = ById("佐证材料", Evidence.objects.visible_to, required=False)

    def validate_plan(self, evidence: Evidence):
        """Return the file; the plan is kept as a file of its own."""
        if evidence.attachment is None:
            raise serializers.ValidationError("方案应为文件，不能是网址")
        return evidence.attachment


class InspectionFileOutput(serializers.Serializer):
    """A file of the inspection."""

    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class InspectionNoticeOutput(serializers.Serializer):
    """A department that was given 整改通知书 for findings, with their numbers, the newest last."""

    department = serializers.CharField()
    department_label = serializers.CharField()
    numbers = serializers.ListField(child=serializers.CharField())


class InspectionListOutput(serializers.Serializer):
    """One row of the list; ``status`` is derived, an inspection has no acts of its own."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(Inspection.Kind.choices)
    kind_label = serializers.CharField()
    status = serializers.ChoiceField(Standing.choices)
    status_label = serializers.CharField()
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    places = serializers.CharField()
    basis = serializers.CharField()
    plan_approved_by = serializers.CharField()
    plan_approved_on = serializers.DateField(allow_null=True)
    report = serializers.IntegerField(allow_null=True)
    findings = serializers.IntegerField()
    drafts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()
    indicators = serializers.ListField(child=serializers.CharField())
    team = serializers.ListField(child=serializers.CharField())


class InspectionOutput(InspectionListOutput):
    """One inspection whole."""

    actions = serializers.ListField(child=serializers.CharField())
    plan = InspectionFileOutput(allow_null=True)
    notices = InspectionNoticeOutput(many=True)


class InspectionFilter(django_filters.FilterSet):
    """``kind``, ``status`` (derived), and when it started."""

    kind = ChoicesFilter(choices=Inspection.Kind.choices)
    status = django_filters.ChoiceFilter(choices=Standing.choices, method="filter_status")
    started_on__gte = django_filters.DateFilter("started_on", "gte")
    started_on__lte = django_filters.DateFilter("started_on", "lte")

    class Meta:
        model = Inspection
        fields: list[str] = []

    def filter_status(self, rows, name, value):
        """Keep what stands so today."""
        return rows.filter(standing_q(value, clock.today()))


class InspectionViewSet(ScopedViewSet):
    """Inspections; to departments there are none."""

    # A single one is looked for before the role is: to a department it does not exist (404, domain §1).
    permission = Permission.READ_ISSUES
    permissions_by_action = {"list": Permission.READ_INSPECTIONS, "create": Permission.KEEP_INSPECTIONS}
    model = Inspection
    serializer_class = InspectionOutput
    lookup_value_regex = "[0-9]+"
    filterset_class = InspectionFilter
    list_fields = COLUMNS
    search_fields = SEARCHED
    orderings = {"started_on": "started_on", "created_at": "created_at", "id": "id"}
    default_ordering = ("-started_on", "-id")

    def get_queryset(self):
        return inspections_for(self.request.user).select_related("plan", "report", "created_by")

    def shape_list(self, rows):
        today, rows = clock.today(), list(rows)
        keys = [row["id"] for row in rows]
        team, codes = _gathered("team", "user__username", keys), _gathered("indicators", "indicator__code", keys)
        return [
            _shaped(with_standing(row, today=today)) | {"team": team[row["id"]], "indicators": codes[row["id"]]}
            for row in rows
        ]

    def present(self, row):
        may_assign = may_keep_inspections(self.request.user)
        plain = plain_row(row, today=clock.today())
        plan = row.plan and {name: getattr(row.plan, name) for name in ("name", "size", "sha256")}
        return _shaped(plain) | {
            "team": list(row.team.order_by("username").values_list("username", flat=True)),
            "indicators": list(row.indicators.order_by("position", "id").values_list("code", flat=True)),
            "actions": ["assign"] if may_assign and plain["drafts"] else [],
            "plan": plan,
            "notices": notices_of(row),
        }

    @extend_schema(responses=InspectionListOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer one page, the latest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=InspectionInput, responses={201: InspectionOutput})
    def create(self, request):
        """Write an inspection (R1 R2 R6)."""
        values = self.read_input(InspectionInput)
        row = add_inspection(values, actor=request.user, now=clock.now(), **_beside(values))
        return self.respond(row, status=201)

    @extend_schema(request=InspectionInput, responses=InspectionOutput)
    def partial_update(self, request, pk=None):
        """Amend an inspection; what is left out stays (R1 R2 R6)."""
        row = self.get_object()
        check_may_keep(request.user)
        check_if_match(request, row)
        values = self.read_input(InspectionInput, partial=True)
        beside = _beside(values)
        return self.respond(change_inspection(row, actor=request.user, now=clock.now(), **values, **beside))

    @extend_schema(request=None, responses=InspectionOutput)
    @action(detail=True, methods=["post"])
    def assign(self, request, pk=None):
        """Register and assign all drafts, one 整改通知书 per department; all or none (R1 R2 R6)."""
        row = self.get_object()
        check_may_keep(request.user)
        check_if_match(request, row)
        assign_findings(row, actor=request.user, now=clock.now())
        return self.respond(self.get_object())


def _beside(values: dict[str, Any]) -> dict[str, Any]:
    """Take team, indicators and files out of the validated body, as the services want them."""
    beside: dict[str, Any] = {name: values.pop(name) for name in ("team", "plan", "report") if name in values}
    if "indicators" in values:
        beside["indicators"] = indicators_by_code(values.pop("indicators"))
    return beside


def _shaped(row: dict[str, Any]) -> dict[str, Any]:
    """Return a plain row as the contract names it."""
    return {name: row[name] for name in _PLAIN} | {"report": row["report_id"]}


def _gathered(relation: str, column: str, keys: list[int]) -> dict[int, list[str]]:
    """Return the texts of a many-to-many relation for each key of a page; one query."""
    through = getattr(Inspection, relation).through._default_manager.filter(inspection__in=keys)
    gathered: dict[int, list[str]] = {key: [] for key in keys}
    for key, text in through.order_by(column).values_list("inspection", column):
        gathered[key].append(text)
    return gathered
