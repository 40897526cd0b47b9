"""典型案例: the case bank, writing, judging."""

from typing import ClassVar

from django.urls import reverse

from core import clock
from core.access import Permission
from core.forms import ReasonForm
from core.views import ActView, FormPage, PageView, TransitionView
from indicators.forms.evidence import CaseForm, NewCaseForm
from indicators.models import PracticeCase
from indicators.rules.evidence import can_add_evidence, can_amend
from indicators.selectors.evidence import case_rows
from indicators.services import cases as services
from indicators.views.catalogue import tabs_for
from indicators.views.opening import RowPage
from indicators.views.paging import page_of
from indicators.workflow.cases import PRACTICE_CASE

S = PracticeCase.Status
#: Acts of the table -> where their form or button is, and whether it is a mere button.
PAGES = {
    "submit": ("indicators:case_submit", True),
    "withdraw": ("indicators:case_withdraw", True),
    "publish": ("indicators:case_publish", True),
    "return": ("indicators:case_return", False),
}


class CaseList(PageView):
    """Published cases, and those of one's own still on their way."""

    permission = Permission.READ_CATALOGUE
    template_name = "indicators/case_list.html"

    def page_context(self, now):
        asked = {name: self.request.GET.get(name, "").strip() for name in ("status", "indicator", "search")}
        labels = dict(S.choices)
        page = page_of(self.request, case_rows(self.request.user, **asked))
        page.object_list = [row | {"status_label": labels[row["status"]]} for row in page.object_list]
        return {
            "page": page,
            "asked": asked,
            "statuses": S.choices,
            "add_url": reverse("indicators:case_add") if can_add_evidence(self.request.user) else "",
            "tabs": tabs_for(self.request.user, "indicators:cases"),
        }


class AddCase(FormPage):
    """A new case, as a draft."""

    permission = Permission.ADD_EVIDENCE
    form_class = NewCaseForm
    template_name = "indicators/case_form.html"
    success_message = "案例已存为草稿，写好后请提交"

    def perform(self, form):
        case = services.write_case(
            form.text(), indicator=form.cleaned_data["indicator"], actor=self.request.user, now=clock.now()
        )
        return case.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(title="撰写典型案例", back_url=reverse("indicators:cases"), **kwargs)


class CaseDetail(RowPage):
    """One case with what may be done."""

    model, permission = PracticeCase, Permission.READ_CATALOGUE
    template_name = "indicators/case_detail.html"

    def page_context(self, now):
        user, case = self.request.user, self.object
        actions = [
            {"label": act.label, "url": reverse(name, args=[case.pk]), "is_simple": is_simple}
            for act in PRACTICE_CASE.available(case, user)
            for name, is_simple in [PAGES[act.name]]
        ]
        if can_amend(user, case) and case.status in services.EDITABLE_STATES:
            actions.append({"label": "修改", "url": reverse("indicators:case_edit", args=[case.pk])})
        return {"case": case, "actions": actions}


class CaseAct(TransitionView):
    """A form about one case."""

    abstract = True
    model, permission = PracticeCase, Permission.READ_CATALOGUE
    template_name = "indicators/case_form.html"
    title: ClassVar[str] = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=self.title, case=self.object, back_url=self.object.get_absolute_url(), **kwargs
        )


class EditCase(CaseAct):
    """Its department changes the words of a draft or returned case."""

    title, form_class, success_message = "修改案例", CaseForm, "案例已修改"
    permission = Permission.ADD_EVIDENCE

    def get_initial(self):
        return {name: getattr(self.object, name) for name in ("title", "background", "measures", "results")}

    def perform(self, form):
        services.edit_case(self.object, form.text(), actor=self.request.user, now=clock.now())
        return self.success_address()


class ReturnCase(CaseAct):
    """R1 R2 send it back with a reason."""

    title, form_class, success_message = "退回补正", ReasonForm, "案例已退回"
    transition = (PRACTICE_CASE, "return")
    act = staticmethod(services.return_case)


class CaseButton(ActView):
    """A button about one case."""

    abstract = True
    model, permission = PracticeCase, Permission.READ_CATALOGUE


class SubmitCase(CaseButton):
    """Its department hands it in."""

    act = staticmethod(services.submit_case)
    success_message = "案例已提交，待营商办审核"


class WithdrawCase(CaseButton):
    """Its department takes it back."""

    act = staticmethod(services.withdraw_case)
    success_message = "案例已撤回"


class PublishCase(CaseButton):
    """R1 R2 publish it to everybody."""

    act = staticmethod(services.publish_case)
    success_message = "案例已采用"
