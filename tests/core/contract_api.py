"""The smallest resource of the REST contract, on real reports; ``test_api_contract`` routes to it."""

from datetime import UTC, datetime
from decimal import Decimal

import django_filters
from django.urls import include, path
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from core.access import Permission
from core.api.filters import BooleanFilter
from core.api.viewsets import ApiViewSet, ScopedViewSet
from core.exceptions import InvalidInput, Locked
from core.sorting import moment_or_last
from core.workflow import Transition, Workflow
from indicators.models import DailyReport

TABLE = Workflow(
    Transition(
        "note",
        "记录进展",
        ("draft",),
        ("draft",),
        permitted=lambda actor, row: actor.can(Permission.REPORT),
        blocked_by=lambda row: "该日已锁定" if row.difficulty else None,
    ),
    entries=("draft",),
)


def note_progress(report, *, actor, now, progress):
    """Write down the progress, as any service would."""
    if progress == "锁定":
        raise Locked("该日已锁定，2026年11月26日10:00截止")
    return TABLE.apply("note", report, actor=actor, now=now, progress=progress)


class NoteInput(serializers.Serializer):
    """``{progress}``."""

    progress = serializers.CharField(max_length=10)


class ReportFilter(django_filters.FilterSet):
    """``date``, ``date__gte``, ``no_change``."""

    no_change = BooleanFilter()

    class Meta:
        model = DailyReport
        fields = {"date": ["exact", "gte"]}


class ReportViewSet(ScopedViewSet):
    """Reports: list, one, and one act."""

    model = DailyReport
    workflow = TABLE
    filterset_class = ReportFilter
    list_fields = ("pk", "date", "progress")
    orderings = {
        "date": "date",
        "status": "status",
        "reported_at": moment_or_last("reported_at"),
    }
    search_fields = ("progress", "difficulty")

    def present(self, row):
        return {"id": row.pk, "progress": row.progress, "version": row.version}

    @action(detail=True, methods=["post"])
    def note(self, request, pk):
        return self.act("note", note_progress, NoteInput)


class CatalogueViewSet(ReportViewSet):
    """The same rows as something callers may keep."""

    cached = True


class Figure(serializers.Serializer):
    """One nested value."""

    value = serializers.DecimalField(max_digits=6, decimal_places=2)


class EchoInput(serializers.Serializer):
    """A body with a nested list, and a wish for how the answer should fail."""

    text = serializers.CharField(max_length=5)
    values = Figure(many=True, required=False)
    fail = serializers.CharField(required=False)


class EchoViewSet(ApiViewSet):
    """A computed resource that counts how often it really ran."""

    permission = Permission.REPORT
    query_parameters = {"list": ("period",)}
    runs: list[str] = []

    def list(self, request):
        return Response({"period": request.query_params.get("period")})

    def create(self, request):
        data = self.read_input(EchoInput)
        self.runs.append(data["text"])
        if data.get("fail") == "refused":
            raise InvalidInput.at("text", "这一句不行")
        if data.get("fail") == "broken":
            raise RuntimeError("disk full")
        moment = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
        return Response(
            {"text": data["text"], "run": len(self.runs), "at": moment, "value": Decimal("0.50")}, status=201
        )


router = SimpleRouter()
router.register("reports", ReportViewSet, basename="contract-report")
router.register("catalogue", CatalogueViewSet, basename="contract-catalogue")
router.register("echo", EchoViewSet, basename="contract-echo")
urlpatterns = [path("", include(router.urls))]
