"""``daily-reports/``: drafts, the acts of the workflow, 今日无变化, unlock, remind (api.md)."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.confirmation import require_recent_password
from core import clock
from core.access import Permission
from core.api.conditional import check_if_match
from core.api.filters import BooleanFilter, ChoicesFilter
from core.api.viewsets import ReasonInput, ScopedViewSet
from core.sorting import moment_or_last
from indicators.api.daily_report_shapes import (
    AttachInput,
    DailyReportOutput,
    DraftInput,
    NoChangeInput,
    NoChangeOutput,
    RemindInput,
    RemindOutput,
    UnlockInput,
    UnlockOutput,
)
from indicators.models import DailyReport
from indicators.selectors.expectation import dispatch_times, first_level_by_code, judge_closure
from indicators.selectors.report_rows import COLUMNS, late_condition, report_rows
from indicators.services import daily_reports as services
from indicators.services import reminders
from indicators.workflow.daily_reports import DAILY_REPORT


class DailyReportFilter(django_filters.FilterSet):
    """Filters of the list."""

    date = django_filters.DateFilter()
    date__gte = django_filters.DateFilter("date", "gte")
    date__lte = django_filters.DateFilter("date", "lte")
    indicator = django_filters.CharFilter("indicator__code")
    department = django_filters.CharFilter("department__code")
    status = ChoicesFilter(choices=DailyReport.Status.choices)
    late = BooleanFilter(method="filter_late")
    no_change = BooleanFilter()

    class Meta:
        model = DailyReport
        fields: list[str] = []

    def filter_late(self, rows, name, value):
        """Keep what was submitted after the cut-off of its date, or everything else."""
        return late_condition(rows, times=dispatch_times(), is_late_wanted=value)


class DailyReportViewSet(ScopedViewSet):
    """Daily reports. A locked date answers 409 ``locked`` before the row's state is looked at."""

    model = DailyReport
    workflow = DAILY_REPORT
    serializer_class = DailyReportOutput
    filterset_class = DailyReportFilter
    list_fields = COLUMNS
    orderings = {
        "date": "date",
        "indicator": "indicator__position",
        "department": "department__official_order",
        "status": "status",
        "submitted_at": moment_or_last("submitted_at"),
    }
    default_ordering = ("-date", "indicator__position")
    search_fields = ("indicator__code", "indicator__name", "progress", "difficulty")
    permissions_by_action = {
        "list": Permission.READ_CATALOGUE,
        "create": Permission.REPORT,
        "no_change": Permission.REPORT,
        "unlock": Permission.UNLOCK_DATES,
        "remind": Permission.REMIND_DEPARTMENTS,
        "attach_evidence": Permission.ADD_EVIDENCE,
    }

    def get_object(self):
        """Return the report with the fact whether its department may still write on it."""
        return judge_closure(super().get_object(), now=clock.now())

    def check_signature(self, name, row):
        if name == "approve":
            require_recent_password(self.request, now=clock.now())

    def shape_list(self, rows):
        return report_rows(rows, user=self.request.user, now=clock.now(), times=dispatch_times())

    def present(self, row):
        values = self.get_queryset().filter(pk=row.pk).values(*COLUMNS)
        presented = self.shape_list(values)[0]
        return presented | {"warnings": services.warnings_of(row)}

    @extend_schema(request=DraftInput, responses={200: DailyReportOutput, 201: DailyReportOutput})
    def create(self, request):
        """Create or update the draft of a day."""
        data = self.read_input(DraftInput)
        indicator, now = first_level_by_code(data.pop("indicator"), field="indicator"), clock.now()
        place = {"day": data.pop("date"), "actor": request.user, "now": now}
        before = services.report_to_write(indicator, **place)
        check_if_match(request, before)
        report = services.save_draft(indicator, **place, **data)
        return self.respond(report, status=200 if before.pk else 201)

    @extend_schema(request=None, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        """草稿 → 待审定, or 已报 where no approval is needed."""
        return self.act("submit", services.submit_report)

    @extend_schema(request=None, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        """待审定 → 已报 (head)."""
        return self.act("approve", services.approve_report)

    @extend_schema(request=ReasonInput, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def send_back(self, request, pk):
        """待审定 → 草稿 (head)."""
        return self.act("send_back", services.send_back_report, ReasonInput)

    @extend_schema(request=None, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def accept(self, request, pk):
        """已报 → 已采纳 (office); its values come into force."""
        return self.act("accept", services.accept_report)

    @extend_schema(request=ReasonInput, responses=DailyReportOutput, operation_id="daily_reports_return")
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_to_department(self, request, pk):
        """已报 → 退回补正 (office)."""
        return self.act("return", services.return_report, ReasonInput)

    @extend_schema(request=None, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def resubmit(self, request, pk):
        """退回补正 → 待审定, or 已报 where no approval is needed."""
        return self.act("resubmit", services.resubmit_report)

    @extend_schema(request=ReasonInput, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        """已采纳 → 退回补正 (R2); values stay in force until the corrected report is accepted."""
        return self.act("reopen", services.reopen_report, ReasonInput)

    @extend_schema(request=None, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        """待审定 or 已报 → 草稿; it then counts as not reported."""
        return self.act("withdraw", services.withdraw_report)

    @extend_schema(request=AttachInput, responses=DailyReportOutput)
    @action(detail=True, methods=["post"])
    def attach_evidence(self, request, pk):
        """Add evidence that follows the report (佐证待补); assisting departments may, too."""
        row = self.get_object()
        check_if_match(request, row)
        data = self.read_input(AttachInput)
        return self.respond(services.attach_evidence(row, actor=request.user, now=clock.now(), **data))

    @extend_schema(request=NoChangeInput, responses=NoChangeOutput)
    @action(detail=False, methods=["post"], url_path="no-change")
    def no_change(self, request):
        """今日无变化 for all of one's own indicators; what holds something already is left alone and named."""
        data = self.read_input(NoChangeInput)
        result = services.report_all_no_change(
            day=data["date"], codes=data["indicators"], actor=request.user, now=clock.now()
        )
        left = [{"indicator": one.indicator.code, "reason": one.reason, "code": one.code} for one in result.left]
        reported = [report.indicator.code for report in result.reported]
        return Response({"date": data["date"], "reported": reported, "left": left})

    @extend_schema(request=UnlockInput, responses=UnlockOutput)
    @action(detail=False, methods=["post"])
    def unlock(self, request):
        """Open a closed date to the lead department until a moment (R1 R2)."""
        data = self.read_input(UnlockInput)
        indicator = first_level_by_code(data.pop("indicator"), field="indicator")
        row = services.unlock_date(indicator, day=data.pop("date"), actor=request.user, now=clock.now(), **data)
        return Response({"indicator": indicator.code, "date": row.date, "reason": row.reason, "until": row.until})

    @extend_schema(request=RemindInput, responses=RemindOutput)
    @action(detail=False, methods=["post"])
    def remind(self, request):
        """Send departments that have not reported one digest each, at most one an hour (R1 R2)."""
        data = self.read_input(RemindInput)
        result = reminders.remind_departments(
            data["date"], codes=data["departments"], actor=request.user, now=clock.now()
        )
        skipped = [{"department": row.code, "reason": reason} for row, reason in result.skipped]
        reminded = [row.code for row in result.reminded]
        return Response({"date": data["date"], "reminded": reminded, "skipped": skipped, "text": result.text})
