"""``audit-events/``: the audit log, for the audit administrator only (api.md)."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from accounts.selectors.audit import audit_events
from core.access import Permission
from core.api.filters import MomentFilter
from core.api.viewsets import ScopedViewSet
from core.models import AuditEvent


class AuditEventOutput(serializers.Serializer):
    """One line: who did what to which row, and what changed."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True, help_text="登录名；系统所做为空")
    actor_name = serializers.CharField()
    on_behalf_of = serializers.CharField(help_text="代理时为被代理人")
    action = serializers.CharField()
    target = serializers.CharField(source="target_label", help_text="对象的编号或名称")
    target_type = serializers.CharField()
    target_key = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    purpose = serializers.CharField()
    address = serializers.CharField()


class AuditEventFilter(django_filters.FilterSet):
    """``action`` and ``target_type`` by their beginning, ``actor`` by log-in, ``at`` by moments."""

    actor = django_filters.CharFilter(field_name="actor__username")
    action = django_filters.CharFilter(lookup_expr="startswith")
    target_type = django_filters.CharFilter(lookup_expr="startswith")
    target_key = django_filters.CharFilter()
    at__gte = MomentFilter(field_name="at", lookup_expr="gte")
    at__lte = MomentFilter(field_name="at", lookup_expr="lte")

    class Meta:
        model = AuditEvent
        fields = ("actor", "action", "target_type", "target_key", "at__gte", "at__lte")


@extend_schema_view(
    list=extend_schema(responses=AuditEventOutput(many=True)), retrieve=extend_schema(responses=AuditEventOutput)
)
class AuditEventViewSet(ScopedViewSet):
    """The audit log, newest first. Reading it is no event itself."""

    permission = Permission.READ_AUDIT
    model = AuditEvent
    queryset = AuditEvent.objects.none()
    serializer_class = AuditEventOutput
    filterset_class = AuditEventFilter
    search_fields = ("target_label", "actor_name", "purpose")
    list_fields = (
        "id", "at", "actor__username", "actor_name", "on_behalf_of", "action",
        "target_type", "target_key", "target_label", "before", "after", "purpose", "address",
    )  # fmt: skip
    orderings = {"at": "at"}
    default_ordering = ("-at", "-pk")

    request: Any

    def get_queryset(self):
        return audit_events(self.request.user)

    def present(self, row):
        [line] = self.shape_list(self.get_queryset().filter(pk=row.pk).values(*self.list_fields))
        return line

    def shape_list(self, rows):
        return AuditEventOutput([row | {"actor": row["actor__username"]} for row in rows], many=True).data
