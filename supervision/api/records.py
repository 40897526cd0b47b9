"""``accountability-records/``: praise, summons, criticism, proposals, referrals (api.md)."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from core import clock
from core.access import Permission
from core.api.fields import ByCode, free_text, wanted
from core.api.filters import ChoicesFilter
from core.api.viewsets import ScopedViewSet
from departments.models import Department
from supervision.models import AccountabilityRecord
from supervision.selectors.records import COLUMNS, SEARCHED, record_row, record_rows
from supervision.services.records import RecordFacts, keep_record


class RecordOutput(serializers.Serializer):
    """One record; ``subject`` is the number of an issue, complaint or order, empty without one."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(AccountabilityRecord.Kind.choices)
    kind_label = serializers.CharField()
    department = serializers.CharField()
    department_label = serializers.CharField()
    person = serializers.CharField()
    on = serializers.DateField()
    document_number = serializers.CharField()
    note = serializers.CharField()
    subject = serializers.CharField()
    subject_title = serializers.CharField()
    subject_url = serializers.CharField()
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class RecordInput(serializers.Serializer):
    """What is put on record."""

    kind = serializers.ChoiceField(AccountabilityRecord.Kind.choices, error_messages={"required": "请选择类别"})
    department = ByCode("单位", lambda user: Department.objects.all(), error_messages=wanted("单位"))
    on = serializers.DateField(error_messages=wanted("日期"))
    person = free_text(60)
    document_number = free_text(60)
    note = free_text()
    subject = free_text(60)


class RecordFilter(django_filters.FilterSet):
    """``subject`` is a number; ``on`` the day of the record."""

    kind = ChoicesFilter(choices=AccountabilityRecord.Kind.choices)
    department = django_filters.CharFilter("department__code")
    subject = django_filters.CharFilter("subject_number")
    on__gte = django_filters.DateFilter("on", "gte")
    on__lte = django_filters.DateFilter("on", "lte")

    class Meta:
        model = AccountabilityRecord
        fields: list[str] = []


class AccountabilityRecordViewSet(ScopedViewSet):
    """Accountability records: kept by R2 R6, read by R1 R2 R3 R6 R7 and the department; none is changed later."""

    permission = Permission.READ_ISSUES
    permissions_by_action = {"create": Permission.SUPERVISE}
    model = AccountabilityRecord
    serializer_class = RecordOutput
    lookup_value_regex = r"\d+"
    filterset_class = RecordFilter
    list_fields = COLUMNS
    orderings = {"on": "on", "recorded_at": "recorded_at", "id": "id"}
    default_ordering = ("-on", "-id")
    search_fields = SEARCHED

    def shape_list(self, rows):
        return record_rows(rows)

    def present(self, row):
        return record_row(row)

    @extend_schema(request=RecordInput, responses={201: RecordOutput})
    def create(self, request):
        """Put something on record (R2 R6)."""
        facts = RecordFacts(**self.read_input(RecordInput))
        return self.respond(keep_record(facts, actor=request.user, now=clock.now()), status=201)
