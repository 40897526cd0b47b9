"""``GET complaints/statistics/``: the rates of domain §6 by department and in total (api.md)."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from complaints.rules.rates import Definition
from complaints.selectors.figures import figures_of
from complaints.selectors.statistics import carry_over_total, rates_by_department, received
from core import clock
from core.access import Permission
from core.api.figures import FigureOutput
from core.api.viewsets import ApiViewSet
from core.dates import moment_from_query, month_of, period_from_query
from core.exceptions import InvalidInput
from core.rates import Window


class ReturnOutput(FigureOutput):
    """退单率 also says how many returns were asked for."""

    requested = serializers.IntegerField()


class FiguresOutput(serializers.Serializer):
    """The nine figures of a row."""

    on_time_sign = FigureOutput()
    close = FigureOutput()
    on_time_close = FigureOutput()
    overdue_open = FigureOutput()
    satisfaction = FigureOutput()
    rehandle = FigureOutput()
    extension = FigureOutput()
    solved = FigureOutput()

    def get_fields(self):
        # "return" is a word of the language and cannot be a class attribute.
        return super().get_fields() | {"return": ReturnOutput()}


class DepartmentFiguresOutput(FiguresOutput):
    """A department's figures."""

    department = serializers.CharField()
    department_label = serializers.CharField()


class CarryOverOutput(serializers.Serializer):
    """结转: opening + received = finished + moved + closing, in handling rounds."""

    opening = serializers.IntegerField()
    received = serializers.IntegerField()
    finished = serializers.IntegerField()
    moved = serializers.IntegerField()
    closing = serializers.IntegerField()


class ReceivedOutput(serializers.Serializer):
    """Complaints received in the period; ``irrelevant`` (不涉营商) are in no figure."""

    received = serializers.IntegerField()
    irrelevant = serializers.IntegerField()
    upstream = serializers.IntegerField()
    without_unit = serializers.IntegerField()


class StatisticsOutput(serializers.Serializer):
    """Departments in official order, and the total from their sums."""

    period = serializers.CharField()
    cut_off = serializers.DateTimeField()
    definition = serializers.ChoiceField([definition.value for definition in Definition])
    departments = DepartmentFiguresOutput(many=True)
    total = FiguresOutput()
    carry_over = CarryOverOutput()
    received = ReceivedOutput()


class ComplaintStatisticsViewSet(ApiViewSet):
    """Departments see their own row; the total is then theirs."""

    permission = Permission.READ_COMPLAINTS
    query_parameters = {"list": ("period", "from", "to", "cut_off", "definition")}

    @extend_schema(
        parameters=[
            OpenApiParameter("period", str, description="20261123、2026W48、202611、2026Q4、2026；默认本月"),
            OpenApiParameter("from", str, description="与 to 合用，2026-11-23"),
            OpenApiParameter("to", str),
            OpenApiParameter("cut_off", str, description="截至时刻，默认现在"),
            OpenApiParameter("definition", str, enum=[definition.value for definition in Definition]),
        ],
        responses=StatisticsOutput,
        operation_id="complaints_statistics",
    )
    def list(self, request):
        """Answer the figures of a period as at ``cut_off``; ``definition`` says what 按期办结率 divides by."""
        query, now = request.query_params, clock.now()
        named = period_from_query(query.get("period"), query.get("from"), query.get("to"))
        period = named or month_of(clock.local_date(now))
        cut_off = moment_from_query("cut_off", query.get("cut_off"), now)
        definition = read_definition(query.get("definition", Definition.DUE))
        window = Window.of(period, cut_off)
        statistics = rates_by_department(request.user, window, definition)
        return Response(
            {
                "period": period.text,
                "cut_off": cut_off,
                "definition": definition,
                "departments": [
                    {"department": row["code"], "department_label": row["label"], **figures_of(tally, definition)}
                    for row, tally in statistics.rows
                ],
                "total": figures_of(statistics.total, definition),
                "carry_over": CarryOverOutput(carry_over_total(request.user, window)).data,
                "received": ReceivedOutput(received(request.user, window)).data,
            }
        )


def read_definition(text: str) -> Definition:
    """Return the definition named ``text``; InvalidInput for another word."""
    try:
        return Definition(text)
    except ValueError:
        raise InvalidInput.at("definition", "definition 只能是 due 或 closed", code="invalid_choice") from None
