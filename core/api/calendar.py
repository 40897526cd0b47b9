"""``calendar/``: the year's days, due dates with their explanation, loading a notice (api.md)."""

import re

from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core import clock
from core.access import Permission
from core.api.conditional import conditional_response
from core.api.viewsets import ApiViewSet
from core.dates import SHANGHAI, Unit, due_date
from core.exceptions import InvalidInput
from core.models import CalendarDay
from core.selectors.calendar import calendar_year, missing_year_warning, work_calendar
from core.services.calendar import load_year, preview_year, read_notice_file, read_notice_rows


class DayOutput(serializers.Serializer):
    """One day of the year."""

    date = serializers.DateField()
    kind = serializers.ChoiceField(choices=CalendarDay.Kind.choices)
    name = serializers.CharField()
    source = serializers.ChoiceField(choices=CalendarDay.Source.choices)  # type: ignore[assignment]


class YearOutput(serializers.Serializer):
    """The answer of ``GET calendar/``."""

    year = serializers.IntegerField()
    published = serializers.BooleanField()
    warning = serializers.CharField()
    days = DayOutput(many=True)


class StepOutput(serializers.Serializer):
    """One day on the way to a due date."""

    date = serializers.DateField()
    counted = serializers.BooleanField()
    reason = serializers.CharField()


class DueDateOutput(serializers.Serializer):
    """The answer of ``GET calendar/due-date/``."""

    due_on = serializers.DateField()
    due_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    provisional = serializers.BooleanField()
    steps = StepOutput(many=True)


class NoticeInput(serializers.Serializer):
    """A notice: a CSV ``file``, or ``days`` as ``[{date, end?, kind, name?}]``; ``preview`` stores nothing."""

    year = serializers.IntegerField(required=False, error_messages={"invalid": "年份应为四位数字"})
    purpose = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    preview = serializers.BooleanField(required=False, default=False)
    file = serializers.FileField(required=False, error_messages={"empty": "文件是空的", "invalid": "请上传文件"})
    days = serializers.ListField(child=serializers.DictField(), required=False)


class ChangeOutput(serializers.Serializer):
    """One day that changes."""

    date = serializers.DateField()
    before = serializers.CharField()
    after = serializers.CharField()
    kind = serializers.ChoiceField(choices=CalendarDay.Kind.choices, source="after_kind")


class DueChangeOutput(serializers.Serializer):
    """One due date that moves."""

    reference = serializers.CharField()
    before = serializers.DateTimeField()
    after = serializers.DateTimeField()


class NoticeOutput(serializers.Serializer):
    """What a notice changes."""

    year = serializers.IntegerField()
    changes = ChangeOutput(many=True)
    due_changes = DueChangeOutput(many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class CalendarViewSet(ApiViewSet):
    """The work calendar: read by all business roles, loaded by R1 and R2."""

    permission = Permission.READ_CATALOGUE
    permissions_by_action = {"import_notice": Permission.KEEP_CALENDAR}
    query_parameters = {"list": ("year",), "due_date": ("start", "amount", "unit")}

    @extend_schema(parameters=[OpenApiParameter("year", OpenApiTypes.INT)], responses=YearOutput)
    def list(self, request):
        """Answer every day of a year (this year without ``year``); presumed days carry ``source: presumed``."""
        calendar, today = work_calendar(), clock.today()
        year = whole_number("year", request.query_params.get("year") or str(today.year))
        answer = {
            "year": year,
            "published": year in calendar.published_years,
            "warning": missing_year_warning(calendar, today),
            "days": calendar_year(calendar, year),
        }
        return conditional_response(request, YearOutput(answer).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("start", OpenApiTypes.DATETIME, required=True),
            OpenApiParameter("amount", OpenApiTypes.INT, required=True),
            OpenApiParameter("unit", OpenApiTypes.STR, enum=[unit.value for unit in Unit], required=True),
        ],
        responses=DueDateOutput,
    )
    @action(detail=False, methods=["get"], url_path="due-date")
    def due_date(self, request):
        """Answer when a limit ends, with every day on the way."""
        asked = {name: request.query_params.get(name, "") for name in ("start", "amount", "unit")}
        for name, value in asked.items():
            if not value:
                raise InvalidInput.at(name, f"缺少参数 {name}", code="required")
        start, amount = moment(asked["start"]), whole_number("amount", asked["amount"])
        return Response(DueDateOutput(due_date(work_calendar(), start, amount, asked["unit"])).data)

    @extend_schema(request=NoticeInput, responses={201: NoticeOutput})
    @action(detail=False, methods=["post"], url_path="import")
    def import_notice(self, request):
        """Load a year from the State Council's notice; with ``preview`` only say what would change."""
        asked = self.read_input(NoticeInput)
        lines = read_notice_file(asked["file"].read()) if "file" in asked else read_notice_rows(asked.get("days", []))
        year, now = asked.get("year") or lines[-1].last.year, clock.now()
        if asked["preview"]:
            return Response(NoticeOutput(preview_year(year, lines, now=now)).data)
        loaded = load_year(year, lines, actor=request.user, now=now, purpose=asked["purpose"])
        return Response(NoticeOutput(loaded).data, status=201)


def whole_number(name: str, text: str) -> int:
    """Return the query parameter ``name`` as an int; InvalidInput when it is none."""
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise InvalidInput.at(name, f"{name} 应为整数")
    return int(text)


def moment(text: str):
    """Return the aware moment written in ISO 8601; without an offset it is Shanghai time, without a time 00:00.

    A plus sign that was not escaped arrives as a space and is put back.
    """
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if "T" in text else text
    try:
        day = parse_date(text)
        value = parse_datetime(f"{day}T00:00" if day else text)
    except ValueError:
        value = None
    if value is None:
        raise InvalidInput.at("start", "start 应写作 2026-11-23T10:00:00+08:00")
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
