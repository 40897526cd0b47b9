"""``departments/`` and ``leading-group/`` (api.md; writes are added fields of the contract)."""

from django.utils.cache import get_conditional_response
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action

from core import clock
from core.access import Permission
from core.api.conditional import check_if_match, version_etag
from core.api.filters import BooleanFilter
from core.api.viewsets import ScopedViewSet
from departments import services
from departments.models import Department, LeadingGroupMember
from departments.rules import acts_on_department, acts_on_member
from departments.selectors import LIST_FIELDS, departments_in_order, matches, valid_q
from departments.services.leading_group import Member
from departments.services.units import NewDepartment

KINDS = dict(Department.Kind.choices)
POSITIONS = dict(LeadingGroupMember.Position.choices)


class DepartmentOutput(serializers.Serializer):
    """A unit as the contract names it."""

    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(choices=Department.Kind.choices)
    kind_label = serializers.CharField()
    instrument = serializers.ChoiceField(choices=Department.Instrument.choices)
    instrument_label = serializers.CharField()
    official_order = serializers.IntegerField()
    office_phone = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    successor = serializers.CharField(allow_null=True)
    head_approval = serializers.BooleanField()


class FormerNameOutput(serializers.Serializer):
    """A name of the past and its last day."""

    name = serializers.CharField()
    short_name = serializers.CharField()
    until = serializers.DateField()


class DepartmentDetailOutput(DepartmentOutput):
    """One unit, with its history and what the caller may do."""

    former_names = FormerNameOutput(many=True)
    predecessors = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())


class DetailsInput(serializers.Serializer):
    """Kind, aliases and landline; what is left out stays."""

    kind = serializers.ChoiceField(choices=Department.Kind.choices, error_messages={"invalid_choice": "没有这个类别"})
    aliases = serializers.ListField(child=serializers.CharField(max_length=80))
    office_phone = serializers.CharField(max_length=30, allow_blank=True)


class DepartmentInput(serializers.Serializer):
    """A new unit."""

    code = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=80)
    short_name = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=Department.Kind.choices, error_messages={"invalid_choice": "没有这个类别"})
    aliases = serializers.ListField(child=serializers.CharField(max_length=80), default=list)
    office_phone = serializers.CharField(max_length=30, allow_blank=True, default="")
    valid_from = serializers.DateField(allow_null=True, default=None)


class RenameInput(serializers.Serializer):
    """A new name from a day on."""

    name = serializers.CharField(max_length=80)
    short_name = serializers.CharField(max_length=40)
    on = serializers.DateField()
    purpose = serializers.CharField(max_length=200, allow_blank=True, default="")


class CloseInput(serializers.Serializer):
    """The last day, and who takes the unit's place."""

    on = serializers.DateField()
    successor = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Department.objects.all(),
        allow_null=True,
        default=None,
        error_messages={"does_not_exist": "没有代码为 {value} 的单位"},
    )
    purpose = serializers.CharField(max_length=200)


class MoveInput(serializers.Serializer):
    """Another place in the official order."""

    official_order = serializers.IntegerField()


class HeadApprovalInput(serializers.Serializer):
    """Whether the head approves daily reports."""

    head_approval = serializers.BooleanField()


class DepartmentFilter(FilterSet):
    """``kind``, and ``valid=true|false``: whether the unit exists today."""

    kind = ChoiceFilter(choices=Department.Kind.choices)
    valid = BooleanFilter(method="filter_valid")

    class Meta:
        model = Department
        fields = ("kind", "valid")

    def filter_valid(self, rows, name, value):
        """Keep the units that exist today, or those that do not."""
        today = clock.today()
        return rows.filter(valid_q(today) if value else ~valid_q(today))


def shape_department(row: dict) -> dict:
    """Return a plain row as the contract names it."""
    unit = Department(kind=row["kind"])
    return {
        **{name: row[name] for name in LIST_FIELDS if name not in ("id", "successor__code")},
        "kind_label": KINDS[row["kind"]],
        "instrument": unit.instrument.value,
        "instrument_label": unit.instrument.label,
        "successor": row["successor__code"],
    }


@extend_schema_view(list=extend_schema(responses=DepartmentOutput(many=True)))
class DepartmentViewSet(ScopedViewSet):
    """Units, read by everybody signed in, kept by the system administrator."""

    model = Department
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    list_fields = LIST_FIELDS
    orderings = {"official_order": "official_order", "code": "code", "name": "name"}
    default_ordering = ("official_order",)
    filterset_class = DepartmentFilter
    serializer_class = DepartmentDetailOutput
    cached = True
    permissions_by_action = dict.fromkeys(
        ("create", "partial_update", "rename", "close", "move"), Permission.KEEP_DEPARTMENTS
    )

    def get_queryset(self):
        return departments_in_order()

    def filter_list(self, rows):
        """Search aliases too: they are a list inside the row, and the table is small."""
        rows = super().filter_list(rows)
        if words := self.request.query_params.get("search", "").split():
            rows = rows.filter(pk__in=[row["id"] for row in rows.values(*LIST_FIELDS) if matches(row, words)])
        return rows

    def shape_list(self, rows):
        return [shape_department(row) for row in rows]

    def present(self, row):
        values = {name: getattr(row, name) for name in LIST_FIELDS if name != "successor__code"}
        successor = row.successor.code if row.successor else None
        return {
            **shape_department(values | {"successor__code": successor}),
            "former_names": list(row.former_names.values("name", "short_name", "until")),
            "predecessors": list(row.predecessors.values_list("code", flat=True)),
            "version": row.version,
            "actions": acts_on_department(self.request.user, row),
        }

    def retrieve(self, request, *args, **kwargs):
        """Answer one unit, or 304 when the caller has this version."""
        row = self.get_object()
        return get_conditional_response(request, etag=version_etag(row), response=self.respond(row))

    @extend_schema(request=DepartmentInput, responses={201: DepartmentDetailOutput})
    def create(self, request):
        """Add a unit."""
        values = self.read_input(DepartmentInput)
        unit = NewDepartment(**values | {"aliases": tuple(values["aliases"])})
        return self.respond(services.create_department(unit, actor=request.user, now=clock.now()), status=201)

    @extend_schema(request=DetailsInput)
    def partial_update(self, request, code=None):
        """Change kind, aliases and landline; what is left out stays."""
        row = self.get_object()
        check_if_match(request, row)
        kept = {name: getattr(row, name) for name in ("kind", "aliases", "office_phone")}
        values = kept | self.read_input(DetailsInput, partial=True)
        return self.respond(services.update_department(row, **values, actor=request.user, now=clock.now()))

    @extend_schema(request=RenameInput)
    @action(detail=True, methods=["post"])
    def rename(self, request, code=None):
        """Give the unit a new name from a day on."""
        return self.act("rename", services.rename_department, RenameInput)

    @extend_schema(request=CloseInput)
    @action(detail=True, methods=["post"])
    def close(self, request, code=None):
        """Let the unit end on a day."""
        return self.act("close", services.close_department, CloseInput)

    @extend_schema(request=MoveInput)
    @action(detail=True, methods=["post"])
    def move(self, request, code=None):
        """Move the unit in the official order."""
        return self.act("move", services.move_department, MoveInput)

    @extend_schema(request=HeadApprovalInput)
    @action(detail=True, methods=["post"])
    def set_head_approval(self, request, code=None):
        """Switch the head's approval of daily reports: the unit's own head or the system administrator."""
        return self.act("set_head_approval", services.set_head_approval, HeadApprovalInput)


class MemberInput(serializers.Serializer):
    """What the list says about a person."""

    name = serializers.CharField(max_length=40)
    job_title = serializers.CharField(max_length=80)
    position = serializers.ChoiceField(choices=LeadingGroupMember.Position.choices)
    fields_in_charge = serializers.CharField(max_length=500, allow_blank=True, default="")
    department = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Department.objects.all(),
        allow_null=True,
        default=None,
        error_messages={"does_not_exist": "没有代码为 {value} 的单位"},
    )
    official_order = serializers.IntegerField(min_value=0, default=0)


class NewMemberInput(MemberInput):
    """A person and the first day of the term."""

    valid_from = serializers.DateField()


class EndMemberInput(serializers.Serializer):
    """The last day of a term."""

    valid_to = serializers.DateField()


class MemberOutput(serializers.Serializer):
    """A member of the leading group."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    job_title = serializers.CharField()
    position = serializers.ChoiceField(choices=LeadingGroupMember.Position.choices)
    position_label = serializers.CharField()
    fields_in_charge = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    official_order = serializers.IntegerField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


MEMBER_FIELDS = (
    "id",
    "name",
    "job_title",
    "position",
    "fields_in_charge",
    "official_order",
    "valid_from",
    "valid_to",
    "department__code",
)


def shape_member(row: dict) -> dict:
    """Return a plain row as the contract names it."""
    kept = {name: row[name] for name in MEMBER_FIELDS if name != "department__code"}
    return kept | {"position_label": POSITIONS[row["position"]], "department": row["department__code"]}


@extend_schema_view(list=extend_schema(responses=MemberOutput(many=True)))
class LeadingGroupViewSet(ScopedViewSet):
    """The leading group, read by business roles, kept by the office."""

    model = LeadingGroupMember
    permission = Permission.READ_CATALOGUE
    permissions_by_action = dict.fromkeys(("create", "partial_update", "end"), Permission.KEEP_LEADING_GROUP)
    list_fields = MEMBER_FIELDS
    orderings = {"official_order": "official_order"}
    default_ordering = ("official_order",)
    search_fields = ("name", "job_title", "fields_in_charge")
    serializer_class = MemberOutput

    def shape_list(self, rows):
        return [shape_member(row) for row in rows]

    def present(self, row):
        values = {name: getattr(row, name) for name in MEMBER_FIELDS if name != "department__code"}
        code = row.department.code if row.department else None
        shown = shape_member(values | {"department__code": code})
        return shown | {"version": row.version, "actions": acts_on_member(self.request.user, row)}

    @extend_schema(request=NewMemberInput, responses={201: MemberOutput})
    def create(self, request):
        """Put a person on the list."""
        values = self.read_input(NewMemberInput)
        valid_from = values.pop("valid_from")
        row = services.add_leading_group_member(
            Member(**values), valid_from=valid_from, actor=request.user, now=clock.now()
        )
        return self.respond(row, status=201)

    @extend_schema(request=MemberInput)
    def partial_update(self, request, pk=None):
        """Correct what the list says; what is left out stays."""
        row = self.get_object()
        check_if_match(request, row)
        kept = {name: getattr(row, name) for name in Member.__slots__}
        member = Member(**kept | self.read_input(MemberInput, partial=True))
        return self.respond(
            services.change_leading_group_member(row, member=member, actor=request.user, now=clock.now())
        )

    @extend_schema(request=EndMemberInput)
    @action(detail=True, methods=["post"])
    def end(self, request, pk=None):
        """End a term."""
        return self.act("end", services.end_leading_group_member, EndMemberInput)
