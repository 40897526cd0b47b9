"""The bare equivalents of quality.md: what the same fifty rows cost with nothing of the product around them.

They run in the project's own settings: all middleware, database session, logged-in person.
"""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from complaints.models import Complaint
from indicators.models import DailyReport, Indicator
from supervision.models import Issue

ROWS = 50
PAGE = engines["django"].from_string(
    "<!doctype html><title>bare</title><table>{% for row in rows %}<tr><td>{{ row.date }}<td>{{ row.indicator_id }}"
    "<td>{{ row.status }}<td>{{ row.progress }}<td>{{ row.submitted_at }}{% endfor %}</table>"
)


def fifty_reports():
    """Return the queryset of the latest fifty reports."""
    return DailyReport.objects.unscoped("a benchmark's bare rows").order_by("-date", "-id")[:ROWS]


def page(request: HttpRequest) -> HttpResponse:
    """Print fifty rows of one query with one template and no navigation."""
    return HttpResponse(PAGE.render({"rows": fifty_reports()}, request))


class ReportSerializer(serializers.ModelSerializer):
    """Every column, as DRF does by itself."""

    class Meta:
        model = DailyReport
        exclude = ("evidence",)


class ReportList(ListAPIView):
    """A DRF list of the same fifty rows."""

    serializer_class = ReportSerializer
    pagination_class = None

    def get_queryset(self):
        return fifty_reports()


class IndicatorSerializer(serializers.ModelSerializer):
    """Every column of an indicator."""

    class Meta:
        model = Indicator
        fields = "__all__"


class IndicatorList(ListAPIView):
    """A DRF list of fifty indicators."""

    serializer_class = IndicatorSerializer
    pagination_class = None

    def get_queryset(self):
        return Indicator.objects.order_by("position")[:ROWS]


class ComplaintSerializer(serializers.ModelSerializer):
    """Every column of a complaint but the sealed ones, which no list gives away."""

    class Meta:
        model = Complaint
        exclude = ("caller_name_sealed", "caller_phone_sealed", "public_code_hash")


class ComplaintList(ListAPIView):
    """A DRF list of the latest fifty complaints."""

    serializer_class = ComplaintSerializer
    pagination_class = None

    def get_queryset(self):
        return Complaint.objects.unscoped("a benchmark's bare rows").order_by("-received_at", "-id")[:ROWS]


class IssueSerializer(serializers.ModelSerializer):
    """Every column of an issue but the many-to-many one, which DRF would ask for row by row."""

    class Meta:
        model = Issue
        exclude = ("assisting",)


class IssueList(ListAPIView):
    """A DRF list of the latest fifty issues."""

    serializer_class = IssueSerializer
    pagination_class = None

    def get_queryset(self):
        return Issue.objects.unscoped("a benchmark's bare rows").order_by("-created_at", "-id")[:ROWS]
