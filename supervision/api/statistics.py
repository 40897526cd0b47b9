"""``GET issues/statistics/``: the rates of domain §7 by department and in total (api.md)."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.access import Permission
from core.api.figures import FigureOutput
from core.api.viewsets import ApiViewSet
from core.dates import moment_from_query, month_of, period_from_query
from core.rates import Window
from supervision.rules.rates import Tally
from supervision.selectors.statistics import figures_of, rates_by_department


class IssueFiguresOutput(serializers.Serializer):
    """The three rates of a row, and how many rounds opened in the period stand in 长期坚持."""

    cleared = FigureOutput()
    cleared_on_time = FigureOutput()
    immediate_done = FigureOutput()
    sustained = serializers.IntegerField()


class DepartmentIssueFiguresOutput(IssueFiguresOutput):
    """A department's figures."""

    department = serializers.CharField()
    department_label = serializers.CharField()


class IssueStatisticsOutput(serializers.Serializer):
    """The figures of a period as at the cut-off."""

    period = serializers.CharField()
    cut_off = serializers.DateTimeField()
    departments = DepartmentIssueFiguresOutput(many=True)
    total = IssueFiguresOutput()


class IssueStatisticsViewSet(ApiViewSet):
    """The rates of rectification; departments see their own."""

    permission = Permission.READ_ISSUES
    query_parameters = {"list": ("period", "from", "to", "cut_off")}

    @extend_schema(
        parameters=[
            OpenApiParameter("period", str, description="20261123、2026W48、202611、2026Q4、2026；默认本月"),
            OpenApiParameter("from", str, description="与 to 合用，2026-11-23"),
            OpenApiParameter("to", str),
            OpenApiParameter("cut_off", str, description="截至时刻，默认现在"),
        ],
        responses=IssueStatisticsOutput,
        operation_id="issues_statistics",
    )
    def list(self, request):
        """Answer the rates of a period as at ``cut_off``; what happened later has not happened yet."""
        query, now = request.query_params, clock.now()
        named = period_from_query(query.get("period"), query.get("from"), query.get("to"))
        period = named or month_of(clock.local_date(now))
        cut_off = moment_from_query("cut_off", query.get("cut_off"), now)
        found = rates_by_department(request.user, Window.of(period, cut_off))
        departments = [
            {"department": row["code"], "department_label": row["label"], **_shown(tally)} for row, tally in found.rows
        ]
        return Response(
            {"period": period.text, "cut_off": cut_off, "departments": departments, "total": _shown(found.total)}
        )


def _shown(tally: Tally) -> dict:
    """Return the figures of a row."""
    return figures_of(tally) | {"sustained": tally.sustained}
