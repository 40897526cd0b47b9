"""``GET completeness/``: how complete the daily reports of a period are (api.md)."""

from datetime import datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.access import Permission
from core.api.viewsets import ApiViewSet
from core.dates import SHANGHAI, Period, parse_period, period_from_query
from core.exceptions import InvalidInput
from indicators.selectors.completeness import Tally, visible_completeness
from indicators.selectors.expectation import dispatch_times


class TallyOutput(serializers.Serializer):
    """Counts and rates; a rate is a percentage with two decimals, null without anything expected."""

    expected = serializers.IntegerField()
    actual = serializers.IntegerField()
    actual_on_time = serializers.IntegerField()
    rate = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    rate_on_time = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)


class DepartmentTallyOutput(TallyOutput):
    """One department's counts and rates."""

    department = serializers.CharField()
    department_label = serializers.CharField()


class CompletenessOutput(serializers.Serializer):
    """Rows by department in official order, and the total from their sums."""

    period = serializers.CharField()
    cut_off = serializers.DateTimeField()
    rows = DepartmentTallyOutput(many=True)
    total = TallyOutput()


class CompletenessViewSet(ApiViewSet):
    """Completeness by DHIS2's names. Departments see their own row; the total is then theirs."""

    permission = Permission.READ_CATALOGUE
    query_parameters = {"list": ("period", "from", "to", "cut_off")}

    @extend_schema(
        parameters=[
            OpenApiParameter("period", str, description="20261123、2026W48、202611、2026Q4、2026；默认本月"),
            OpenApiParameter("from", str, description="与 to 合用，2026-11-23"),
            OpenApiParameter("to", str),
            OpenApiParameter("cut_off", str, description="截至时刻，默认现在"),
        ],
        responses=CompletenessOutput,
    )
    def list(self, request):
        """Answer the figures of a period as at ``cut_off``; days after it are not expected yet."""
        query, now = request.query_params, clock.now()
        period = period_from_query(query.get("period"), query.get("from"), query.get("to")) or this_month(now)
        asked = moment_of_query(query.get("cut_off"))
        cut_off = asked if asked and asked < now else None  # days to come are not expected yet
        result = visible_completeness(
            request.user, period.start, period.end, now=now, cut_off=cut_off, times=dispatch_times()
        )
        rows = [
            {"department": row["code"], "department_label": row["short_name"], **tally_output(tally)}
            for row, tally in result.rows
        ]
        body = {"period": period.text, "cut_off": cut_off or now, "rows": rows, "total": tally_output(result.total)}
        return Response(body)


def tally_output(tally: Tally) -> dict:
    """Return counts and rates as the contract names them."""
    return {
        "expected": tally.expected,
        "actual": tally.actual,
        "actual_on_time": tally.actual_on_time,
        "rate": tally.rate,
        "rate_on_time": tally.rate_on_time,
    }


def this_month(now: datetime) -> Period:
    """Return the month of ``now`` in Asia/Shanghai."""
    return parse_period(f"{clock.local_date(now):%Y%m}")


def moment_of_query(text: str | None) -> datetime | None:
    """Return ``cut_off`` as an aware moment; a date means its end, a time without offset is Asia/Shanghai.

    A plus sign that the client did not escape arrives as a space. Raises InvalidInput for anything else.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else f"{text}T23:59:59.999999")
    except ValueError:
        raise InvalidInput.at("cut_off", "截至时刻应写作 2026-11-23T17:30:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
