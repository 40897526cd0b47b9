"""What the office does on an indicator's page: one form, one act."""

from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from accounts.roles import Role
from accounts.selectors import people_with_role
from core import clock
from core.access import Permission
from core.forms import ReasonForm
from core.views import FormPage
from core.views.base import PermissionDeclared, next_address
from departments.selectors import valid_departments
from indicators.forms import catalogue as forms
from indicators.models import Measure
from indicators.selectors.catalogue import assignments_of, measures_of, standards_of
from indicators.selectors.evidence import evidence_to_offer
from indicators.services import assignments, indicators, measures, observations, standards
from indicators.services.indicators import EDITABLE
from indicators.views.indicator import IndicatorDoor


class IndicatorAct(IndicatorDoor, FormPage):
    """A form about one indicator. Subclasses set ``title``, ``permission``, ``form_class`` and ``act``."""

    abstract = True
    permission = Permission.KEEP_CATALOGUE
    template_name = "indicators/act.html"
    title: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    def act(self, form) -> None:
        """Call the service."""
        raise NotImplementedError(f"{type(self).__name__} must call its service")

    def perform(self, form):
        self.act(form)
        return next_address(self.request, self.object.get_absolute_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=self.title,
            hint=self.hint,
            indicator=self.object,
            back_url=self.object.get_absolute_url(),
            **kwargs,
        )


class IndicatorButton(IndicatorDoor, View):
    """A button about one indicator: POST only."""

    abstract = True
    http_method_names = ("post",)
    permission = Permission.KEEP_CATALOGUE
    done: ClassVar[str] = "已办理"

    def act(self) -> None:
        """Call the service."""
        raise NotImplementedError(f"{type(self).__name__} must call its service")

    def post(self, request, *args, **kwargs):
        self.act()
        messages.success(request, self.done)
        return HttpResponseRedirect(next_address(request, self.object.get_absolute_url()))


class AddStandard(IndicatorAct):
    """A new dated standard."""

    title, form_class, success_message = "登记标准值", forms.StandardForm, "标准值已登记"
    hint = "标准值只增不改：从生效日期起用新的，以前的仍留作历史"

    def get_initial(self):
        return {
            "effective_from": clock.today(),
            "unit": self.object.unit,
            "kind": self.request.GET.get("kind", "frontier"),
        }

    def act(self, form):
        standards.add_standard(
            self.object,
            form.yardstick(),
            checked=form.cleaned_data["checked"],
            actor=self.request.user,
            now=clock.now(),
        )


class CheckStandard(IndicatorButton):
    """The office has looked a standard's source up."""

    done = "已记为今日核对"

    def act(self):
        standard = get_object_or_404(standards_of(self.object), pk=self.kwargs["standard"])
        standards.check_standard(standard, actor=self.request.user, now=clock.now())


class TakeBaseline(IndicatorButton):
    """以基期作最差值 for one leaf."""

    done = "已以基期作最差值，标注为自定"

    def act(self):
        standards.take_baseline_as_worst(self.object, actor=self.request.user, now=clock.now())


class Assign(IndicatorAct):
    """Another lead, or a further assisting department."""

    title, form_class, success_message = "调整责任分工", forms.AssignmentForm, "责任分工已调整"
    hint = "指定新的牵头单位即为移交，原牵头单位的职责到当日为止，历史保留"

    def get_initial(self):
        return {"valid_from": clock.today(), "role": "assist"}

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["department"].queryset = valid_departments(clock.today())
        return form

    def act(self, form):
        assignments.assign_department(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)


class AssignmentDoor(IndicatorDoor):
    """Adds the running duty named in the address."""

    abstract = True

    def get_assignment(self):
        """Return the duty among the running ones of this indicator."""
        return get_object_or_404(assignments_of(self.object), pk=self.kwargs["assignment"])


class ChangePeople(AssignmentDoor, IndicatorAct):
    """The people of a running duty."""

    title, form_class, success_message = "调整责任人", forms.PeopleForm, "责任人已调整"
    hint = "从今天起生效，以前的责任人仍留在历史里"

    def get_initial(self):
        assignment = self.get_assignment()
        return {name: getattr(assignment, name) for name in assignments.PEOPLE}

    def get_form_kwargs(self):
        department = self.get_assignment().department
        people = people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=department)
        return super().get_form_kwargs() | {"people": people}

    def act(self, form):
        assignments.change_people(self.get_assignment(), actor=self.request.user, now=clock.now(), **form.cleaned_data)


class EndAssignment(AssignmentDoor, IndicatorButton):
    """An assisting duty ends today."""

    done = "配合职责已结束"

    def act(self):
        assignments.end_assignment(self.get_assignment(), actor=self.request.user, now=clock.now())


class AddMeasure(IndicatorAct):
    """A new line of the work plan."""

    title, form_class, success_message = "登记措施", forms.MeasureForm, "措施已登记"

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["department"].queryset = valid_departments(clock.today())
        return form

    def act(self, form):
        measures.add_measure(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)


class MeasureDoor(IndicatorDoor):
    """Adds the measure named in the address."""

    abstract = True

    def get_measure(self) -> Measure:
        """Return the measure among those of this indicator."""
        return get_object_or_404(measures_of(self.object), pk=self.kwargs["measure"])


class NoteMeasure(MeasureDoor, IndicatorAct):
    """A note of progress; the service knows who may write it."""

    permission = Permission.READ_CATALOGUE
    title, form_class, success_message = "填写措施进展", forms.MeasureNoteForm, "进展已记录"

    def act(self, form):
        measures.note_measure(
            self.get_measure(), text=form.cleaned_data["text"], actor=self.request.user, now=clock.now()
        )


class SetMeasureState(MeasureDoor, IndicatorButton):
    """A measure is done, dropped, or goes on."""

    done = "措施状态已变更"

    def act(self):
        measures.set_measure_state(
            self.get_measure(), state=self.kwargs["state"], actor=self.request.user, now=clock.now()
        )


class CorrectValue(IndicatorAct):
    """A value entered by the office, with reason and evidence."""

    permission = Permission.CORRECT_VALUES
    title, form_class, success_message = "更正数值", forms.CorrectionForm, "数值已更正"
    hint = "数据日期不晚于现有数值的，取代现有数值；晚于的，作为新的数值"

    def get_initial(self):
        return {"as_of": clock.today()}

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["evidence"].queryset = evidence_to_offer(self.request.user, self.object)
        return form

    def act(self, form):
        data = form.cleaned_data | {"evidence": list(form.cleaned_data["evidence"])}
        observations.correct_value(self.object, actor=self.request.user, now=clock.now(), **data)


class EditIndicator(IndicatorAct):
    """Words and figures of an indicator."""

    title, form_class, success_message = "修改指标", forms.IndicatorForm, "指标已修改"

    def get_initial(self):
        return {name: getattr(self.object, name) for name in EDITABLE}

    def act(self, form):
        indicators.edit_indicator(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)


class RemoveIndicator(IndicatorDoor, View):
    """Out of a set that is not yet in use."""

    permission = Permission.KEEP_CATALOGUE
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        year = self.object.indicator_set.year
        indicators.remove_indicator(self.object, actor=request.user, now=clock.now())
        messages.success(request, f"已从{year}年体系中删除")
        return HttpResponseRedirect(f"{reverse('indicators:list')}?set={year}")


class SetApplicable(IndicatorAct):
    """Out of scores and coverage, or back in."""

    title, form_class, success_message = "调整是否适用", ReasonForm, "已调整"
    hint = "不适用的指标及其下级退出得分和覆盖率，页面上仍列出"

    def act(self, form):
        indicators.set_applicable(
            self.object,
            applicable=not self.object.applicable,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            now=clock.now(),
        )


class ProposeConstraint(IndicatorAct):
    """An objective constraint put forward."""

    title, form_class, success_message = "提出客观制约", forms.ConstraintForm, "已提出，待营商办审核批准"
    hint = "批准后不列入短板清单，仍显示得分；到期自动恢复"

    def get_initial(self):
        return {"reason": self.object.constraint_reason, "expires_on": self.object.constraint_expires_on}

    def act(self, form):
        indicators.propose_constraint(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)


class ApproveConstraint(IndicatorButton):
    """R2 approves the constraint put forward."""

    permission = Permission.APPROVE_CONSTRAINTS
    done = "客观制约已批准"

    def act(self):
        indicators.approve_constraint(self.object, actor=self.request.user, now=clock.now())


class LiftConstraint(IndicatorAct):
    """R2 refuses or ends a constraint."""

    permission = Permission.APPROVE_CONSTRAINTS
    title, form_class, success_message = "解除客观制约", ReasonForm, "客观制约已解除"

    def act(self, form):
        indicators.lift_constraint(
            self.object, reason=form.cleaned_data["reason"], actor=self.request.user, now=clock.now()
        )


class TakeAllBaselines(PermissionDeclared, View):
    """以基期作最差值 for every leaf that lacks a worst value."""

    permission = Permission.KEEP_CATALOGUE
    http_method_names = ("post",)

    def post(self, request):
        added = standards.take_all_baselines_as_worst(actor=request.user, now=clock.now())
        messages.success(request, f"已为 {len(added)} 项指标以基期作最差值，标注为自定")
        return HttpResponseRedirect(reverse("indicators:setup"))
