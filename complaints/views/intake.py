"""``/complaints/new/`` and its hints, and the correction of what was registered."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from complaints.forms.intake import CorrectionForm, IntakeForm
from complaints.identities import phone_digest
from complaints.models import Complaint
from complaints.selectors.details import complaints_for
from complaints.selectors.similar import (
    Suggestion,
    similar_complaints,
    suggested_departments,
    suggested_indicator,
)
from complaints.selectors.supervision import Matter, relapses_of
from complaints.services.intake import (
    check_correctable,
    check_may_correct,
    correct_complaint,
    dialled_numbers,
    register_complaint,
)
from core import clock
from core.access import Permission
from core.clock import local_date
from core.views.base import FormPage, PageView, TransitionView
from departments.models import Department
from indicators.selectors.expectation import first_level_indicators


def matter_typed(typed, departments: Sequence[Suggestion], indicator: str) -> Matter:
    """Return what the complaint would be compared by: the indicator chosen or suggested, the departments suggested."""
    codes = [code for code in (typed.get("indicator", ""), indicator) if code]
    units = [one.code for one in departments]
    return Matter(
        typed.get("content", ""),
        departments=list(Department.objects.filter(code__in=units).values_list("pk", flat=True)),
        indicators=list(first_level_indicators().filter(code__in=codes).values_list("pk", flat=True)),
    )


def hints(user, typed, now) -> dict[str, Any]:
    """Return what is shown beside the form for what was ``typed`` so far: duplicates, departments, an indicator."""
    text, phones = typed.get("content", ""), dialled_numbers(typed.get("caller_phone", ""))
    departments, indicator = suggested_departments(user, text=text, now=now), suggested_indicator(text)
    return {
        "similar": similar_complaints(user, text=text, callers=[phone_digest(phone) for phone in phones], now=now),
        "departments": departments,
        "indicator": indicator,
        "relapses": relapses_of(matter_typed(typed, departments, indicator), user=user, on=local_date(now)),
        "is_asked": bool(text or phones),
    }


class RegisterComplaint(FormPage):
    """The intake form; 查重 shows the hints and keeps everything typed, with and without scripts."""

    permission = Permission.DISPATCH_COMPLAINTS
    form_class = IntakeForm
    template_name = "complaints/new.html"
    success_message = "已登记"

    def post(self, request, *args, **kwargs):
        if "check" in request.POST:
            form = IntakeForm(initial=request.POST.dict(), user=request.user)
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**hints(self.request.user, self.request.POST, clock.now()), **kwargs)

    def perform(self, form):
        facts = dict(form.cleaned_data)
        files = facts.pop("attachments")
        complaint = register_complaint(facts, actor=self.request.user, now=clock.now(), attachments=files)
        return complaint.get_absolute_url()


class IntakeHints(PageView):
    """The part beside the form while one types (htmx posts it, so that no phone stands in an address)."""

    permission = Permission.DISPATCH_COMPLAINTS
    template_name = "complaints/_hints.html"
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**kwargs))

    def page_context(self, now):
        return hints(self.request.user, self.request.POST, now)


class CorrectComplaint(TransitionView):
    """What was registered, corrected until the complaint is closed (R1 R2)."""

    permission = Permission.READ_COMPLAINTS
    model = Complaint
    form_class = CorrectionForm
    template_name = "complaints/correct.html"
    success_message = "已更正"

    def get_object(self):
        rows = complaints_for(self.request.user).select_related("indicator")
        return get_object_or_404(rows, number=self.kwargs["number"])

    def check_permission(self, request):
        super().check_permission(request)
        check_may_correct(self.object, actor=request.user)

    def check_version(self, request):
        super().check_version(request)
        check_correctable(self.object)

    def get_initial(self):
        return CorrectionForm.initial_of(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(complaint=self.object, **kwargs)

    def perform(self, form):
        correct_complaint(self.object, actor=self.request.user, now=clock.now(), **form.changes())
        return reverse("complaints:detail", args=[self.object.number])
