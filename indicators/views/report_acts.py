"""One daily report: its page, the acts of its table, selections, evidence that follows (domain §4)."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from accounts.confirmation import require_recent_password
from core import clock
from core.access import ANY_USER, Permission
from core.forms import ReasonForm
from core.views.base import (
    ActView,
    FormPage,
    ObjectDoor,
    PermissionDeclared,
    TransitionView,
    next_address,
)
from indicators.forms.daily_reports import AttachForm
from indicators.forms.report_lists import SelectionForm
from indicators.models import DailyReport, Indicator
from indicators.selectors.expectation import dispatch_times, judge_closure
from indicators.selectors.own_day import reusable_evidence
from indicators.selectors.report_page import report_facts
from indicators.services import daily_reports as services
from indicators.views.opening import RowPage
from indicators.workflow.daily_reports import DAILY_REPORT


class ReportDoor(ObjectDoor):
    """Fetches a report through the user, with the fact whether its department may still write on it."""

    abstract = True
    model = DailyReport

    def get_object(self):
        return judge_closure(super().get_object(), now=clock.now())


class ReportDetail(ReportDoor, RowPage):
    """One report with its values, evidence, history, and what this person may do with it now."""

    permission = ANY_USER
    template_name = "dispatch/report_detail.html"

    def page_context(self, now):
        return report_facts(self.object, user=self.request.user, now=now, times=dispatch_times())


class ReportAct(ReportDoor, ActView):
    """A button on a report."""

    abstract = True


class SubmitReport(ReportAct):
    """草稿 → 待审定 or 已报."""

    act = staticmethod(services.submit_report)
    success_message = "已提交"


class ResubmitReport(ReportAct):
    """退回补正 → 待审定 or 已报."""

    act = staticmethod(services.resubmit_report)
    success_message = "已重新提交"


class ApproveReport(ReportAct):
    """待审定 → 已报, by the head's signature."""

    transition = (DAILY_REPORT, "approve")
    act = staticmethod(services.approve_report)
    success_message = "已审定，报县营商办"

    def check_permission(self, request):
        super().check_permission(request)
        require_recent_password(request, now=clock.now())


class WithdrawReport(ReportAct):
    """待审定 or 已报 → 草稿."""

    act = staticmethod(services.withdraw_report)
    success_message = "已撤回，改好后请再提交"


class AcceptReport(ReportAct):
    """已报 → 已采纳."""

    act = staticmethod(services.accept_report)
    success_message = "已采纳"


class ReasonedAct(ReportDoor, TransitionView):
    """An act on a report that needs a reason."""

    abstract = True
    form_class = ReasonForm
    template_name = "dispatch/report_reason.html"
    title = ""
    effect = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(report=self.object, title=self.title, effect=self.effect, **kwargs)


class SendBackReport(ReasonedAct):
    """待审定 → 草稿."""

    transition = (DAILY_REPORT, "send_back")
    act = staticmethod(services.send_back_report)
    title = "退回修改"
    effect = "报告回到草稿，填报员会收到您写的理由"
    success_message = "已退回修改"


class ReturnReport(ReasonedAct):
    """已报 → 退回补正."""

    transition = (DAILY_REPORT, "return")
    act = staticmethod(services.return_report)
    title = "退回补正"
    effect = "报告回到牵头单位，下一个工作日 17:30 前补正"
    success_message = "已退回补正"


class ReopenReport(ReasonedAct):
    """已采纳 → 退回补正."""

    transition = (DAILY_REPORT, "reopen")
    act = staticmethod(services.reopen_report)
    title = "重新打开"
    effect = "已采纳的数值在补正件采纳之前继续有效"
    success_message = "已重新打开"


class ApproveSelected(PermissionDeclared, View):
    """Approve a selection, with one signature; what fails is named."""

    permission = Permission.APPROVE_REPORTS
    http_method_names = ("post",)
    act = staticmethod(services.approve_reports)
    word = "审定"
    is_signature = True

    def check_permission(self, request):
        super().check_permission(request)
        if self.is_signature:
            require_recent_password(request, now=clock.now())

    def post(self, request, *args, **kwargs):
        form = SelectionForm(request.POST, user=request.user)
        rows = form.chosen().select_related("indicator", "department")
        result = self.act(rows, actor=request.user, now=clock.now())
        if result.done:
            messages.success(request, f"已{self.word} {len(result.done)} 项")
        for report, sentence in result.failed:
            messages.error(request, f"{report.indicator.code} 没有{self.word}：{sentence}")
        return HttpResponseRedirect(next_address(request, reverse("indicators:daily_reports")))


class AcceptSelected(ApproveSelected):
    """Accept a selection, e.g. all 今日无变化 of a day."""

    permission = Permission.REVIEW_REPORTS
    act = staticmethod(services.accept_reports)
    word = "采纳"
    is_signature = False


class ConfirmValue(PermissionDeclared, View):
    """核对数值: 「仍为 6 天」."""

    permission = Permission.REPORT
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        leaf = get_object_or_404(Indicator.objects.filter(indicator_set__active=True), code=kwargs["code"])
        services.confirm_value(leaf, actor=request.user, now=clock.now())
        messages.success(request, f"已核对 {leaf.name}")
        return HttpResponseRedirect(next_address(request, reverse("indicators:daily_reports")))


class AttachEvidence(ReportDoor, FormPage):
    """佐证待补: add evidence to a report that is out already."""

    permission = Permission.ADD_EVIDENCE
    form_class = AttachForm
    template_name = "dispatch/report_evidence.html"
    success_message = "佐证材料已补交"

    def get_form_kwargs(self):
        offered = list(reusable_evidence(self.request.user, self.object.indicator))
        return super().get_form_kwargs() | {"evidence": offered}

    def get_context_data(self, **kwargs):
        return super().get_context_data(report=self.object, **kwargs)

    def perform(self, form):
        now, actor = clock.now(), self.request.user
        files = form.cleaned_data["upload"]
        uploaded = services.hand_in_files(files, self.object.indicator, actor=actor, now=now)
        chosen = [row.pk for row in form.cleaned_data["evidence"]]
        services.attach_evidence(self.object, evidence=[*chosen, *uploaded], actor=actor, now=now)
        return self.object.get_absolute_url()
