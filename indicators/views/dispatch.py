"""``/dispatch/``: the board, the review queue, 催报, unlock, 较昨日变化, dispatch classes, 填报负担."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import Permission
from core.views.base import FormPage, PageView, PermissionDeclared
from core.views.exports import answer_export
from indicators.forms.dispatch import DecisionForm, UnlockForm
from indicators.models import DispatchClassProposal, Indicator
from indicators.selectors.board import CHOICES, dispatch_board
from indicators.selectors.burden import burden
from indicators.selectors.changes import changes_of_day
from indicators.selectors.completeness import completeness_now
from indicators.selectors.dispatch_records import class_lines
from indicators.selectors.expectation import dispatch_times, first_level_indicators
from indicators.selectors.own_day import awaiting_review, evidence_owed
from indicators.selectors.report_list import day_or_none
from indicators.selectors.unreported import standing_of_day
from indicators.services import reminders
from indicators.services.daily_reports import unlock_date
from indicators.services.dispatch_classes import decide_proposal
from indicators.views.opening import AddressedPage


def workday_of_query(text: str | None, now, times) -> date:
    """Return the working day a page of the board is asked for: never later than the report day."""
    report_day = times.report_day(now)
    return times.calendar.workday_on_or_before(min(day_or_none(text) or report_day, report_day))


class OfficePage(AddressedPage):
    """A page of the dispatch centre: all of them share the tabs."""

    abstract = True
    permission = Permission.SEE_DISPATCH_BOARD

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_review=self.request.user.can(Permission.REVIEW_REPORTS), **kwargs)


class DispatchBoard(OfficePage):
    """28 indicators x the last working days: who has reported, who is late, what waits for review."""

    permission = Permission.SEE_DISPATCH_BOARD
    template_name = "dispatch/board.html"

    def page_context(self, now):
        times = dispatch_times()
        day = workday_of_query(self.request.GET.get("date"), now, times)
        dimension = self.request.GET.get("dimension", "")
        dimension = dimension if dimension in Indicator.Dimension.values else ""
        choice, user = self.request.GET.get("state", ""), self.request.user
        board = dispatch_board(day, now=now, times=times, dimension=dimension)
        needs = (Permission.REVIEW_REPORTS, Permission.REMIND_DEPARTMENTS, Permission.UNLOCK_DATES)
        _, may_remind, may_unlock = may = tuple(map(user.can, needs))
        return {
            "board": board,
            "asked_for": (day, dimension, choice if choice in CHOICES else "", may),
            "rows": board.rows_in(choice),
            "choice": choice,
            "choices": [(code, word) for code, (word, _) in CHOICES.items()],
            "day": day,
            "report_day": times.report_day(now),
            "previous_day": times.calendar.previous_workday(day),
            "next_day": times.calendar.next_workday(day) if day < times.report_day(now) else None,
            "cut_off": times.cut_off_of(day),
            "is_past_cut_off": now > times.cut_off_of(day),
            "dimension": dimension,
            "dimensions": Indicator.Dimension.choices,
            "may_remind": may_remind,
            "may_unlock": may_unlock,
            "no_change_count": awaiting_review(user, day).filter(no_change=True).count(),
        }


class DispatchReview(OfficePage):
    """What waits for the office: one list, accepted singly or by selection."""

    permission = Permission.REVIEW_REPORTS
    template_name = "dispatch/review.html"

    def page_context(self, now):
        asked = day_or_none(self.request.GET.get("date"))
        rows = awaiting_review(self.request.user, asked)
        if self.request.GET.get("view") == "no_change":
            rows = rows.filter(no_change=True)
        return {
            "rows": rows,
            "day": asked,
            "view": self.request.GET.get("view", ""),
            "owed": evidence_owed(self.request.user, now=now, times=dispatch_times()),
        }


class Remind(PageView):
    """催报: whom it would reach, the text for the work group, and the button."""

    permission = Permission.REMIND_DEPARTMENTS
    template_name = "dispatch/remind.html"

    def page_context(self, now):
        times = dispatch_times()
        day = workday_of_query(self.request.GET.get("date"), now, times)
        codes = self.request.GET.getlist("department") or None
        standing = standing_of_day(day, now=now, times=times, department_codes=codes)
        return {
            "day": day,
            "standing": standing,
            "text": reminders.group_text(standing, now=now, times=times),
        }

    def post(self, request, *args, **kwargs):
        """Send the digests to the departments ticked."""
        now = clock.now()
        day = workday_of_query(request.POST.get("date"), now, dispatch_times())
        codes = request.POST.getlist("department") or None
        result = reminders.remind_departments(day, codes=codes, actor=request.user, now=now)
        if result.reminded:
            messages.success(request, f"已向{'、'.join(map(str, result.reminded))}发催报")
        for department, reason in result.skipped:
            messages.warning(request, f"{department}：{reason}")
        return HttpResponseRedirect(f"{reverse('indicators:dispatch')}?date={day.isoformat()}")


class Unlock(FormPage):
    """Open a closed (indicator, date) again."""

    permission = Permission.UNLOCK_DATES
    form_class = UnlockForm
    template_name = "dispatch/unlock.html"
    success_message = "已解锁，牵头单位已收到消息"

    def dispatch(self, request, *args, **kwargs):
        self.check_permission(request)
        self.indicator = get_object_or_404(first_level_indicators(code=kwargs["code"]))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {"until": dispatch_times().reopened_from(clock.now())}

    def get_context_data(self, **kwargs):
        return super().get_context_data(indicator=self.indicator, day=self.kwargs["day"], **kwargs)

    def perform(self, form):
        day = self.kwargs["day"]
        unlock_date(self.indicator, day=day, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return f"{reverse('indicators:dispatch')}?date={day.isoformat()}"


class DispatchChanges(OfficePage):
    """较昨日变化: values, scores, states, new asks."""

    permission = Permission.SEE_DISPATCH_BOARD
    template_name = "dispatch/changes.html"

    def page_context(self, now):
        times = dispatch_times()
        day = workday_of_query(self.request.GET.get("date"), now, times)
        return {
            "changes": changes_of_day(self.request.user, day, now=now, times=times),
            "previous_day": times.calendar.previous_workday(day),
            "next_day": times.calendar.next_workday(day) if day < times.report_day(now) else None,
        }


class DispatchCompleteness(OfficePage):
    """报送完整率 by department for a week or a month, and the burden of it. No ranking."""

    permission = Permission.SEE_DISPATCH_BOARD
    template_name = "dispatch/completeness.html"

    def page_context(self, now):
        times = dispatch_times()
        end = workday_of_query(self.request.GET.get("date"), now, times)
        month = self.request.GET.get("view") == "month"
        start = end.replace(day=1) if month else times.calendar.add_workdays(end, -4)
        return {
            "start": start,
            "end": end,
            "is_month": month,
            "result": completeness_now(start, end, now=now, times=times),
            "burden": burden(self.request.user, start, end),
        }


class DispatchClasses(OfficePage):
    """Dispatch classes in force, and this week's proposals for R2."""

    permission = Permission.SEE_DISPATCH_BOARD
    template_name = "dispatch/classes.html"

    def page_context(self, now):
        open_proposals = DispatchClassProposal.objects.filter(decision=DispatchClassProposal.Decision.OPEN)
        return {
            "proposals": open_proposals.select_related("indicator"),
            "lines": class_lines(clock.local_date(now)),
            "may_decide": self.request.user.can(Permission.CONFIRM_DISPATCH_CLASS),
        }


class DecideProposal(FormPage):
    """Confirm or decline a proposal with a reason."""

    permission = Permission.CONFIRM_DISPATCH_CLASS
    form_class = DecisionForm
    template_name = "dispatch/decide.html"
    success_message = "已处理"

    def dispatch(self, request, *args, **kwargs):
        self.check_permission(request)
        self.proposal = get_object_or_404(DispatchClassProposal.objects.select_related("indicator"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {"is_confirmed": "yes", "reason": "；".join(self.proposal.grounds)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(proposal=self.proposal, **kwargs)

    def perform(self, form):
        decide_proposal(self.proposal, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return reverse("indicators:dispatch_classes")


class ReportExport(PermissionDeclared, View):
    """The list of reports as .xlsx: what the list shows, with its filters."""

    permission = Permission.READ_CATALOGUE

    def get(self, request, *args, **kwargs):
        return answer_export(request, "daily_reports")
