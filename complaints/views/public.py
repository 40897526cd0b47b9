"""Pages without an account: submit, look up, add material, answer, print (domain §6, Public page)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from complaints.forms.public import LookUpForm, MaterialForm, PublicComplaintForm, RatingForm
from complaints.models import Complaint
from complaints.selectors.public import complaint_by_code, complaint_proved, progress_of
from complaints.services.public import add_material, rate_publicly, submit_publicly
from complaints.views.printing import TEMPLATES, paper, qr_code
from core import clock
from core.access import ANY_USER
from core.exceptions import InvalidInput
from core.rate_limits import check_rate
from core.settings_registry import setting
from core.views.base import FormPage

#: Key in the session: the complaint this visitor has proved to be theirs, until the browser closes.
PROVED = "public_complaint"
WRONG = "编号或查询码不正确，请核对后再试"
HOUR, MINUTE = 3600, 60

everybody = method_decorator([login_not_required, never_cache], name="dispatch")


class PublicPage(FormPage):
    """A form of somebody without an account; nobody's role is asked."""

    abstract = True
    permission = ANY_USER

    def get_context_data(self, **kwargs):
        return super().get_context_data(office_phone=setting("site.office_phone"), **kwargs)


@everybody
class SubmitComplaint(PublicPage):
    """``/public/complaints/new/``: the answer itself shows number and code, because the code is kept nowhere."""

    permission = ANY_USER
    form_class = PublicComplaintForm
    template_name = "complaints/public_form.html"

    def form_valid(self, form):
        check_rate("public_form", self.request.META["REMOTE_ADDR"], most=10, seconds=HOUR)
        files = form.cleaned_data["attachments"]
        try:
            complaint, code = submit_publicly(form.facts(), now=clock.now(), attachments=files)
        except InvalidInput as error:
            self.explain(form, error)
            return self.form_invalid(form)
        context = {"complaint": complaint, "code": code, "picture": qr_code(self.request, complaint)}
        return render(self.request, "complaints/public_submitted.html", context)

    def explain(self, form, error: InvalidInput) -> None:
        """Show what was refused at its field; a refused file at the files."""
        for entry in error.errors or [{"field": "attachments", "detail": error.detail}]:
            form.add_error(entry["field"] if entry["field"] in form.fields else None, entry["detail"])


@everybody
class LookUp(PublicPage):
    """``/public/complaints/progress/``: wrong number and wrong code are answered alike."""

    permission = ANY_USER
    form_class = LookUpForm
    template_name = "complaints/public_progress.html"

    def get_initial(self):
        return {"number": self.request.GET.get("number", "")}

    def get(self, request, *args, **kwargs):
        if "number" not in request.GET and (complaint := complaint_proved(request.session.get(PROVED))):
            return self.show(complaint)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        check_rate("public_progress", request.META["REMOTE_ADDR"], most=30, seconds=MINUTE)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        complaint = complaint_by_code(form.cleaned_data["number"], form.cleaned_data["code"])
        if complaint is None:
            self.request.session.pop(PROVED, None)
            form.add_error(None, WRONG)
            return self.form_invalid(form)
        self.request.session[PROVED] = complaint.pk
        self.request.session.set_expiry(0)
        return self.show(complaint)

    def show(self, complaint: Complaint) -> HttpResponse:
        """Answer with the complaint's progress and the forms it allows now."""
        forms = {"material_form": MaterialForm(), "rating_form": RatingForm()}
        return self.render_to_response(
            self.get_context_data(form=LookUpForm(), progress=progress_of(complaint), **forms)
        )


class ProvedPage(PublicPage):
    """A form about the complaint looked up before; without one the visitor is sent to look it up."""

    abstract = True
    permission = ANY_USER
    template_name = "complaints/public_progress.html"
    form_name = ""
    complaint: Complaint

    def dispatch(self, request, *args, **kwargs):
        complaint = complaint_proved(request.session.get(PROVED))
        if complaint is None or request.method != "POST":
            return HttpResponseRedirect(reverse("complaints:public_progress"))
        self.complaint = complaint
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None)
        forms = {"material_form": MaterialForm(), "rating_form": RatingForm(), self.form_name: form}
        return super().get_context_data(form=LookUpForm(), progress=progress_of(self.complaint), **forms, **kwargs)


@everybody
class AddMaterial(ProvedPage):
    """More material while the complaint is open."""

    permission = ANY_USER
    form_class = MaterialForm
    form_name = "material_form"

    def perform(self, form):
        check_rate("public_material", self.request.META["REMOTE_ADDR"], most=10, seconds=HOUR)
        add_material(self.complaint, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, "已补充，承办单位会看到")
        return reverse("complaints:public_progress")


@everybody
class Rate(ProvedPage):
    """The complainant's own answer, once after each reply."""

    permission = ANY_USER
    form_class = RatingForm
    form_name = "rating_form"

    def perform(self, form):
        rate_publicly(self.complaint, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, "已收到您的评价，谢谢")
        return reverse("complaints:public_progress")


@everybody
class Printed(TemplateView):
    """受理回执 and 不予受理告知书 of the complaint looked up before."""

    def get_template_names(self):
        return [TEMPLATES[self.kwargs["document"]]]

    def get(self, request, *args, **kwargs):
        if complaint_proved(request.session.get(PROVED)) is None:
            return HttpResponseRedirect(reverse("complaints:public_progress"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        complaint = complaint_proved(self.request.session.get(PROVED))
        assert complaint is not None  # checked before
        if kwargs["document"] == "refusal" and not progress_of(complaint).is_refused:
            raise Http404("没有不予受理告知书")
        return super().get_context_data(**paper(self.request, complaint, now=clock.now()), **kwargs)
