"""``/daily-reports/``: the day of one's department, the list, the form, 今日无变化. One report: ``report_acts``."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from accounts.services import mark_read
from core import clock
from core.access import Permission
from core.views.base import FormPage, PermissionDeclared
from indicators.forms.daily_reports import ReportForm
from indicators.forms.report_lists import ReportListForm
from indicators.models import DailyReport
from indicators.selectors.expectation import dispatch_times, first_level_indicators
from indicators.selectors.own_day import (
    awaiting_approval,
    evidence_owed,
    open_days,
    own_day,
    reusable_evidence,
    stale_values,
)
from indicators.selectors.report_leaves import report_leaves
from indicators.selectors.report_list import day_or_none, matching_reports, report_page
from indicators.selectors.report_page import draft_facts
from indicators.services import daily_reports as services
from indicators.views.opening import AddressedPage
from indicators.workflow.daily_reports import EDITABLE

#: What the person is told after a submission, by where it led.
SENT: dict[str, str] = {
    DailyReport.Status.SUBMITTED: "已提交，待本单位负责人审定",
    DailyReport.Status.REPORTED: "已报县营商办",
}


class DailyReports(AddressedPage):
    """The day of one's own department; for everybody else the list of reports."""

    permission = Permission.READ_CATALOGUE

    def get_template_names(self):
        return ["dispatch/own_day.html" if self.shows_own_day else "dispatch/report_list.html"]

    @cached_property
    def shows_own_day(self) -> bool:
        """Whether the page is the form's: for people who report, unless they ask for the list."""
        return self.request.user.can(Permission.REPORT) and self.request.GET.get("view") != "all"

    def page_context(self, now):
        return self.own_day_context(now) if self.shows_own_day else self.list_context(now)

    def own_day_context(self, now):
        """Return what the department's daily page shows."""
        user, times = self.request.user, dispatch_times()
        report_day = times.report_day(now)
        day = min(day_or_none(self.request.GET.get("date")) or report_day, report_day)
        day = times.calendar.workday_on_or_before(day)
        cards = own_day(user, day, now=now, times=times)
        return {
            "day": day,
            "report_day": report_day,
            "cards": cards,
            "cut_off": times.cut_off_of(day),
            "is_past_cut_off": now > times.cut_off_of(day),
            "can_report_all": sum(card.may_report_no_change for card in cards) > 1,
            "open_days": [row for row in open_days(user, now=now, times=times) if row.date != day],
            "approvals": awaiting_approval(user) if user.can(Permission.APPROVE_REPORTS) else [],
            "stale_values": stale_values(user, now=now),
            "owed": evidence_owed(user, now=now, times=times),
        }

    def list_context(self, now):
        """Return one page of the reports the user may see, filtered."""
        form = ReportListForm(self.request.GET or None, user=self.request.user)
        times = dispatch_times()
        rows = matching_reports(self.request.user, self.request.GET.dict())
        return {
            "form": form,
            "page": report_page(rows, number=self.request.GET.get("page"), times=times),
            "report_day": times.report_day(now),
        }


class DayDoor(PermissionDeclared):
    """Fetches the indicator of the address and one's report on it for the day of the address."""

    abstract = True
    permission = Permission.REPORT

    def dispatch(self, request, *args, **kwargs):
        self.check_permission(request)
        self.indicator = get_object_or_404(first_level_indicators(code=kwargs["code"]))
        self.place = {"day": kwargs["day"], "actor": request.user, "now": clock.now()}
        self.report = services.report_in_hand(self.indicator, **self.place)
        return super().dispatch(request, *args, **kwargs)


class ReportFormPage(DayDoor, FormPage):
    """The form of one report: saved right or wrong, submitted when it is right, and never lost."""

    permission = Permission.REPORT
    form_class = ReportForm
    template_name = "dispatch/report_form.html"

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=self.place["now"], url=request.path)
        if self.report.pk and self.report.status not in EDITABLE:
            return HttpResponseRedirect(self.report.get_absolute_url())
        return super().get(request, *args, **kwargs)

    @cached_property
    def leaves(self):
        """Return the leaves of the form."""
        day = self.kwargs["day"]
        return report_leaves([self.indicator.pk], on=day, except_report_id=self.report.pk)[self.indicator.pk]

    def get_initial(self):
        return ReportForm.initial_of(self.report, self.leaves)

    def get_form_kwargs(self):
        offered = list(reusable_evidence(self.request.user, self.indicator))
        if self.report.pk:
            offered += [row for row in self.report.evidence.all() if row not in offered]
        return super().get_form_kwargs() | {"day": self.kwargs["day"], "leaves": self.leaves, "evidence": offered}

    def get_context_data(self, **kwargs):
        facts = draft_facts(self.indicator, self.report, now=self.place["now"], times=dispatch_times())
        return super().get_context_data(indicator=self.indicator, report=self.report, facts=facts, **kwargs)

    def form_valid(self, form):
        version = form.cleaned_data["version"]
        if refusal := services.refusal_of(self.report, actor=self.request.user, version=version):
            return self.conflict(form, refusal)
        response = super().form_valid(form)
        wants_submission = self.request.POST.get("act") == "submit"
        return self.submit() if wants_submission and response.status_code < 400 else response

    def conflict(self, form, refusal):
        """Show what was typed beside what stands there now, so that nothing is lost."""
        current = ReportForm.initial_of(self.report, self.leaves)
        form = self.bound_again(version=self.report.version or 0)
        context = self.get_context_data(form=form, refusal=refusal, differences=form.differences_to(current))
        return self.render_to_response(context, status=409)

    def perform(self, form):
        content = form.content()
        content["evidence"] += services.hand_in_files(
            form.cleaned_data["upload"], self.indicator, actor=self.request.user, now=self.place["now"]
        )
        self.report = services.save_draft(self.indicator, **self.place, **content)
        return self.request.path

    def submit(self):
        """Submit the draft just saved, or show at each field what it still lacks."""
        if problems := services.problems_of(self.report):
            form = self.bound_again(version=self.report.version)
            form.add_problems(problems, list(self.report.values.values_list("indicator__code", flat=True)))
            return self.form_invalid(form)
        report = services.send_report(self.report, actor=self.request.user, now=self.place["now"])
        messages.success(self.request, f"{self.indicator.code} {SENT[report.status]}")
        return HttpResponseRedirect(f"{reverse('indicators:daily_reports')}?date={report.date.isoformat()}")

    def bound_again(self, *, version: int) -> ReportForm:
        """Return the form with everything typed, over ``version``, and with the evidence stored meanwhile."""
        data = self.request.POST.copy()
        data["version"] = str(version)
        if self.report.pk:
            stored = map(str, self.report.evidence.values_list("pk", flat=True))
            data.setlist("evidence", list(dict.fromkeys([*data.getlist("evidence"), *stored])))
        form = ReportForm(**self.get_form_kwargs() | {"data": data, "files": None})
        form.full_clean()
        return form


class DraftSave(ReportFormPage):
    """The draft kept while one types: htmx sends the form, the answer renews its version."""

    permission = Permission.REPORT
    http_method_names = ("post",)

    def form_valid(self, form):
        self.report = services.save_draft(
            self.indicator, **self.place, version=form.cleaned_data["version"], **form.content()
        )
        return render(self.request, "dispatch/_draft_saved.html", {"report": self.report})

    def form_invalid(self, form):
        sentences = [sentence for errors in form.errors.values() for sentence in errors]
        context = {"detail": "；".join(sentences), "errors": []}
        return render(self.request, "_components/alert.html", context, status=422)


class NoChangeToday(DayDoor, View):
    """今日无变化 for one indicator: one tap, without JavaScript."""

    permission = Permission.REPORT
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        services.report_no_change(self.indicator, **self.place)
        messages.success(request, f"{self.indicator.code} {self.indicator.name} 已报“今日无变化”")
        return HttpResponseRedirect(day_page(kwargs["day"]))


class NoChangeForAll(PermissionDeclared, View):
    """今日无变化 for all of one's own indicators; drafts that hold something are named and left alone."""

    permission = Permission.REPORT
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        now = clock.now()
        day = day_or_none(request.POST.get("date")) or dispatch_times().report_day(now)
        result = services.report_all_no_change(day=day, actor=request.user, now=now)
        if result.reported:
            messages.success(request, f"已报“今日无变化” {len(result.reported)} 项")
        untouched = [one for one in result.left if one.code == "holds_something"]
        if untouched:
            names = "；".join(f"{one.indicator.code} {one.indicator.name}：{one.reason}" for one in untouched)
            messages.warning(request, f"{len(untouched)} 项没有动。{names}")
        return HttpResponseRedirect(day_page(day))


def day_page(day: date) -> str:
    """Return the address of the daily page of ``day``."""
    return f"{reverse('indicators:daily_reports')}?date={day.isoformat()}"
