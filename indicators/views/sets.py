"""指标体系: the sets of each year, and official results that never mix with 自评分."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import Permission
from core.views import FormPage, PageView
from core.views.base import PermissionDeclared
from indicators.forms.catalogue import CopySetForm, NewIndicatorForm, OfficialResultForm, PrepareSetForm
from indicators.selectors.catalogue import all_sets, current_indicators, indicator_sets, official_scores
from indicators.selectors.score_readings import active_set
from indicators.services import sets
from indicators.services.indicators import NewIndicator, create_indicator
from indicators.services.observations import record_official_score
from indicators.views.catalogue import tabs_for


class SetList(PageView):
    """Every set with its counts, and the official results."""

    permission = Permission.KEEP_CATALOGUE
    template_name = "indicators/set_list.html"

    def page_context(self, now):
        return {
            "sets": indicator_sets(),
            "official": list(official_scores()),
            "tabs": tabs_for(self.request.user, "indicators:sets"),
        }


class SetAct(FormPage):
    """A form about sets."""

    abstract = True
    permission = Permission.KEEP_CATALOGUE
    template_name = "indicators/set_form.html"
    title = ""
    hint = ""

    def get_context_data(self, **kwargs):
        back_url = reverse("indicators:sets")
        return super().get_context_data(title=self.title, hint=self.hint, back_url=back_url, **kwargs)


class CopySet(SetAct):
    """Next year's set from the one in force."""

    title, form_class, success_message = "复制为下一年", CopySetForm, "新的指标体系已建立，尚未启用"
    hint = "复制现用体系的指标、标准值、责任分工和调度类别；到启用日期自动启用，数值按代码接续"

    def get_initial(self):
        year = clock.today().year + 1
        return {"year": year, "name": f"西平县{year}年营商环境指标体系", "activates_on": f"{year}-01-01"}

    def perform(self, form):
        source = get_object_or_404(all_sets(), active=True)
        sets.copy_set(source, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return reverse("indicators:sets")


class PrepareSet(SetAct):
    """Name, day of coming into use and expected first level of a set not yet in use."""

    title, form_class, success_message = "修改指标体系", PrepareSetForm, "指标体系已修改"

    def get_initial(self):
        row = get_object_or_404(all_sets(), pk=self.kwargs["pk"])
        return {name: getattr(row, name) for name in self.form_class.base_fields}

    def perform(self, form):
        row = get_object_or_404(all_sets(), pk=self.kwargs["pk"])
        sets.prepare_set(row, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return reverse("indicators:sets")


class AddIndicator(SetAct):
    """A new indicator of a set, in use or prepared."""

    title, form_class, success_message = "新增指标", NewIndicatorForm, "指标已新增"
    hint = "二级、三级指标的代码以上级代码开头，如 A08.6；一级指标增减后，请同时调整应有数"

    def perform(self, form):
        row = get_object_or_404(all_sets(), pk=self.kwargs["pk"])
        new = NewIndicator(**form.cleaned_data)
        return create_indicator(row, new, actor=self.request.user, now=clock.now()).get_absolute_url()


class ActivateSet(PermissionDeclared, View):
    """A prepared set comes into use now."""

    permission = Permission.KEEP_CATALOGUE
    http_method_names = ("post",)

    def post(self, request, pk):
        row = sets.activate_set(get_object_or_404(all_sets(), pk=pk), actor=request.user, now=clock.now())
        messages.success(request, f"已启用{row.name}")
        return HttpResponseRedirect(reverse("indicators:sets"))


class RecordOfficialResult(SetAct):
    """A result given by the province or city."""

    permission = Permission.CORRECT_VALUES
    title, form_class, success_message = "登记官方评价结果", OfficialResultForm, "官方评价结果已登记"
    hint = "官方得分和位次单独登记，不参与自评分"

    def get_initial(self):
        current = active_set()
        return {"year": current.year if current else clock.today().year}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"indicators": current_indicators().filter(level=1)}

    def perform(self, form):
        record_official_score(
            form.result(), indicator=form.cleaned_data["indicator"], actor=self.request.user, now=clock.now()
        )
        return reverse("indicators:sets")
