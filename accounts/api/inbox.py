"""``inbox/``: one's own messages."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models import Message
from accounts.services import mark_read
from core import clock
from core.access import ANY_USER
from core.api.filters import BooleanFilter
from core.api.viewsets import ScopedViewSet


class MessageOutput(serializers.ModelSerializer):
    """One message; ``read_at`` is null while it is unread."""

    class Meta:
        model = Message
        fields = ("id", "kind", "title", "body", "url", "created_at", "read_at")
        read_only_fields = fields


class MessageFilter(django_filters.FilterSet):
    """``unread=true`` leaves out what was read; ``kind=`` is a code such as ``daily_report.returned``."""

    unread = BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Message
        fields = ("kind", "unread")


@extend_schema_view(
    list=extend_schema(responses=MessageOutput(many=True)), retrieve=extend_schema(responses=MessageOutput)
)
class InboxViewSet(ScopedViewSet):
    """The caller's inbox, newest first; a deputy reads the absent person's."""

    permission = ANY_USER
    model = Message
    queryset = Message.objects.none()
    serializer_class = MessageOutput
    filterset_class = MessageFilter
    search_fields = ("title",)
    list_fields = MessageOutput.Meta.fields
    orderings = {"created_at": "created_at"}
    default_ordering = ("-created_at", "-pk")

    def shape_list(self, rows):
        return MessageOutput(rows, many=True).data

    def present(self, row):
        return MessageOutput(row).data

    @extend_schema(request=None, responses=MessageOutput)
    @action(detail=True, methods=["post"])
    def read(self, request, pk=None):
        """Mark one message as read; again is harmless."""
        message = self.get_object()
        mark_read(user=request.user, now=clock.now(), message_id=message.pk)
        message.refresh_from_db()
        return self.respond(message)
