"""``indicators/`` and ``scores/``: the catalogue with everything computed for it (api.md)."""

import csv
import io
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core import clock
from core.access import Permission
from core.api.conditional import conditional_response
from core.api.viewsets import ApiViewSet, ScopedViewSet
from core.attachments.downloads import as_attachment
from core.dates import period_from_query
from core.exceptions import InvalidInput
from core.kept import keep
from indicators.api.evidence import EVIDENCE_FIELDS, EvidenceRowOutput, shape_evidence
from indicators.api.shapes import (
    LIGHT_CHOICES,
    IndicatorDetailOutput,
    IndicatorOutput,
    PointOutput,
    ScoresOutput,
    StandardOutput,
    fixed,
    plain,
    shape_indicator,
    shape_scores,
)
from indicators.models import Indicator
from indicators.selectors.catalogue import (
    CatalogueFilter,
    assignments_of,
    current_indicators,
    indicators_of_year,
    matching_rows,
    set_of_year,
    standards_of,
)
from indicators.selectors.evidence import evidence_rows
from indicators.selectors.score_rows import ScoreSheet
from indicators.selectors.scores import catalogue_scores
from indicators.selectors.scores_in_force import scores_in_force
from indicators.selectors.series import SeriesPoint, series_of
from indicators.selectors.standards import standards_with_standing

PERIOD_PARAMETERS = [
    OpenApiParameter("period", str, description="20261123、2026W48、202611、2026Q4、2026"),
    OpenApiParameter("from", str, description="与 to 合用，2026-11-23"),
    OpenApiParameter("to", str),
    OpenApiParameter("format", str, enum=["json", "csv"]),
]


class ListQuery(serializers.Serializer):
    """What the list may be narrowed to."""

    level = serializers.IntegerField(required=False, min_value=1, max_value=3)
    parent = serializers.CharField(required=False, default="")  # type: ignore[assignment]  # Field.parent is a serializer
    lead = serializers.CharField(required=False, default="")
    assist = serializers.CharField(required=False, default="")
    light = serializers.ChoiceField(choices=LIGHT_CHOICES, required=False, default="")
    applicable = serializers.BooleanField(required=False, allow_null=True, default=None)
    search = serializers.CharField(required=False, default="")
    set = serializers.IntegerField(required=False, min_value=2000, max_value=2100)


class IndicatorViewSet(ScopedViewSet):
    """The catalogue; every business role reads it."""

    model = Indicator
    permission = Permission.READ_CATALOGUE
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    serializer_class = IndicatorDetailOutput
    list_fields = ("code", "position", "name", "weight", "level")
    orderings = {"position": "position", "code": "code", "name": "name", "weight": "weight", "level": "level"}
    default_ordering = ("position",)
    query_parameters = {
        "list": ("level", "parent", "lead", "assist", "light", "applicable", "set"),
        "series": ("period", "from", "to", "format"),
    }

    def get_queryset(self):
        return current_indicators()

    @extend_schema(parameters=[ListQuery], responses=IndicatorOutput(many=True))
    def list(self, request, *args, **kwargs):
        """Answer the indicators of the set in force, or of the year ``set``."""
        query = ListQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = dict(query.validated_data)
        year = asked.pop("set", None)
        indicators = self.get_queryset() if year is None else indicators_of_year(year)
        sheet = scores_in_force(clock.now(), indicator_set=None if year is None else set_of_year(str(year)))
        found = [row.code for row in matching_rows(sheet.rows.values(), CatalogueFilter(**asked))]
        if len(found) < len(sheet.rows):
            indicators = indicators.filter(code__in=found)
        page = self.paginate_queryset(indicators.values(*self.list_fields))
        shapes = shapes_of(sheet)
        response = self.get_paginated_response([shapes[row["code"]] for row in page or []])
        return conditional_response(request, response.data)

    @extend_schema(responses=IndicatorDetailOutput)
    def retrieve(self, request, *args, **kwargs):
        """Answer one indicator of the set in force."""
        indicator = self.get_object()
        return conditional_response(request, shape_detail(indicator))

    @extend_schema(parameters=PERIOD_PARAMETERS, responses=PointOutput(many=True))
    @action(detail=True, pagination_class=None)
    def series(self, request, code=None):
        """Answer the history: a leaf's values with the score each gave, a parent's weekly scores."""
        indicator, query = self.get_object(), request.query_params
        wanted = query.get("format", "json")
        if wanted not in {"json", "csv"}:
            raise InvalidInput.at("format", "格式只能是 json 或 csv")
        period = period_from_query(query.get("period"), query.get("from"), query.get("to"))
        points = series_of(indicator, today=clock.today(), period=period)
        if wanted == "csv":
            return series_csv(indicator, points)
        rows = [{"as_of": point.as_of, "value": plain(point.value), "score": fixed(point.score)} for point in points]
        return conditional_response(request, rows)

    @extend_schema(responses=StandardOutput(many=True))
    @action(detail=True, pagination_class=None)
    def standards(self, request, code=None):
        """Answer every standard the indicator ever had, the newest first."""
        indicator = self.get_object()
        rows = standards_with_standing(standards_of(indicator), clock.today())
        return conditional_response(request, [shape_standard(row, in_force, indicator) for row, in_force in rows])

    @extend_schema(responses=EvidenceRowOutput(many=True))
    @action(detail=True, pagination_class=None)
    def evidence(self, request, code=None):
        """Answer the evidence of the indicator and beneath it, as far as the caller may see it."""
        indicator = self.get_object()
        rows = evidence_rows(request.user, indicator=indicator.code).values(*EVIDENCE_FIELDS)
        return Response([shape_evidence(row) for row in rows])


def shapes_of(sheet: ScoreSheet) -> dict[str, dict[str, Any]]:
    """Return every row of ``sheet``, one of now, as the contract names it, by code."""
    key = (shapes_of, sheet.on, sheet.indicator_set and sheet.indicator_set.pk)
    return keep(key, lambda: {code: shape_indicator(row) for code, row in sheet.rows.items()}, lasting=True)


def shape_detail(indicator: Indicator) -> dict[str, Any]:
    """Return one indicator with its words, people and children."""
    sheet = scores_in_force(clock.now(), indicator_set=indicator.indicator_set)
    return {
        **shape_indicator(sheet.rows[indicator.code]),
        "set": indicator.indicator_set.year,
        **{name: getattr(indicator, name) for name in ("aliases", "definition", "formula", "decimals")},
        "min_value": plain(indicator.min_value),
        "max_value": plain(indicator.max_value),
        "evidence_checklist": indicator.evidence_checklist,
        "source": indicator.source,
        "version": indicator.version,
        "assignments": [shape_assignment(row) for row in assignments_of(indicator)],
        "children": [row.code for row in sheet.children(indicator.code)],
    }


def shape_assignment(row) -> dict[str, Any]:
    """Return one running duty with its people."""
    names = (
        "role",
        "valid_from",
        "county_leader",
        "responsible_leader",
        "leader_in_charge",
        "direct_person",
        "assumed",
    )
    return {
        "department": row.department.code,
        "department_label": row.department.short_name,
        "role_label": row.get_role_display(),
        **{name: getattr(row, name) for name in names},
        "reporter": row.reporter.name if row.reporter else None,
        "backup_reporter": row.backup_reporter.name if row.backup_reporter else None,
    }


def shape_standard(row, in_force: bool, indicator: Indicator) -> dict[str, Any]:
    """Return one dated standard."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "kind_label": row.get_kind_display(),
        "value": plain(row.value),
        "unit": row.unit,
        "place": row.place,
        "source": row.source,
        "effective_from": row.effective_from,
        "statutory_until": row.statutory_until,
        "origin": row.origin,
        "origin_label": row.get_origin_display(),
        "comparable": row.unit in ("", indicator.unit),
        "in_force": in_force,
        "lapsed": row.has_lapsed_on(clock.today()),
        "checked_by": row.checked_by.name if row.checked_by else None,
        "checked_on": row.checked_on,
    }


def series_csv(indicator: Indicator, points: list[SeriesPoint]) -> HttpResponse:
    """Return the history as CSV in UTF-8 with a byte order mark, so that spreadsheets read it as such."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["as_of", "value", "score"])
    writer.writerows([point.as_of.isoformat(), plain(point.value) or "", fixed(point.score) or ""] for point in points)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    return as_attachment(response, f"{indicator.code}.csv")


class ScoresQuery(serializers.Serializer):
    """The day, and the moment up to which what is known of it counts."""

    on = serializers.DateField(required=False)
    cut_off = serializers.DateTimeField(required=False)


class ScoresViewSet(ApiViewSet):
    """综合自评分 and first-level scores of a day."""

    permission = Permission.READ_CATALOGUE
    query_parameters = {"list": ("on", "cut_off")}

    @extend_schema(parameters=[ScoresQuery], responses=ScoresOutput)
    def list(self, request):
        """Answer the scores of the day ``on`` (that of ``cut_off``, else today), compared with seven days before."""
        query = ScoresQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        today = clock.today()
        cut_off = query.validated_data.get("cut_off")
        on = query.validated_data.get("on") or (clock.local_date(cut_off) if cut_off else today)
        if on > today:
            raise InvalidInput.at("on", "日期不能晚于今天")
        sheet = catalogue_scores(on, cut_off)
        return conditional_response(request, shape_scores(sheet))
