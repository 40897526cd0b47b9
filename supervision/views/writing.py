"""``/issues/new/`` with its hints, and ``/issues/<number>/edit/``."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import clock
from core.access import Permission
from core.exceptions import InvalidInput
from core.views.base import FormPage, PageView, TransitionView, put_errors_on_form
from supervision.forms.writing import IssueForm, NewIssueForm, SelfCheckForm
from supervision.models import Inspection, Issue
from supervision.rules.inspections import SOURCE_OF_KIND
from supervision.rules.issues import is_keeper
from supervision.selectors.details import issues_for
from supervision.selectors.findings import waiting_photos
from supervision.selectors.hints import alike, lead_of
from supervision.services.entry import enter_issue
from supervision.services.findings import keep_photo
from supervision.services.writing import check_editable, check_may_edit, edit_issue


def form_of(user) -> type[SelfCheckForm]:
    """Return the form ``user`` writes a new issue with: departments have fewer fields, theirs is a 自查."""
    return NewIssueForm if is_keeper(user, None) else SelfCheckForm


def hints(user, typed) -> dict[str, Any]:
    """Return what is shown beside the form for what was ``typed`` so far: who leads, and what reads alike."""
    form = form_of(user)(typed, user=user)
    form.full_clean()
    facts = {name: form.cleaned_data.get(name) for name in ("department", "indicator", "category")}
    if not is_keeper(user, None):
        facts["department"] = user.acting_for.department if user.acting_for else user.department
    text = form.cleaned_data.get("description", "")
    return {
        "lead": lead_of(facts["indicator"]),
        "department": facts["department"],
        "alike": alike(user, text=text, facts=facts, today=clock.today()),
        "is_asked": bool(text),
    }


class NewIssue(FormPage):
    """The form of a new issue; 查重 shows the hints and keeps everything typed, with and without scripts."""

    permission = Permission.WRITE_ISSUES
    template_name = "supervision/write.html"

    def get_form_class(self):
        return form_of(self.request.user)

    def get_initial(self):
        pk = self.request.GET.get("inspection", "")
        asked = Inspection.objects.visible_to(self.request.user).filter(pk=pk).first() if pk.isdecimal() else None
        named = {"inspection": asked.pk, "source": SOURCE_OF_KIND[Inspection.Kind(asked.kind)]} if asked else {}
        return {"token": uuid4().hex} | named

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        form.full_clean()
        self.keep_photos(form)
        if "check" in request.POST:
            # Unbound, so that nothing is complained about before it is sent.
            typed = {name: form[name].value() for name in form.fields}
            form = self.get_form_class()(initial=typed, user=request.user)
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_invalid(form) if form.errors else self.form_valid(form)

    def keep_photos(self, form) -> None:
        """Keep what was sent whatever else is wrong with the form, so that no photo has to be chosen again."""
        self.photos = []
        if "photos" not in form.fields:
            return
        self.photos = waiting_photos(self.request.user, form.cleaned_data.get("kept", ()))
        for upload in [*self.request.FILES.getlist("camera"), *self.request.FILES.getlist("photos")]:
            try:
                self.photos.append(keep_photo(upload, actor=self.request.user, now=clock.now()))
            except InvalidInput as error:
                put_errors_on_form(form, error)

    def get_context_data(self, **kwargs):
        shown = hints(self.request.user, self.request.POST) if self.request.method == "POST" else {}
        return super().get_context_data(**shown, photos=getattr(self, "photos", []), **kwargs)

    def perform(self, form):
        issue = enter_issue(
            form.facts(),
            assisting=form.cleaned_data.get("assisting", ()),
            photos=self.photos,
            register="register" in self.request.POST and is_keeper(self.request.user, None),
            token=form.cleaned_data["token"],
            actor=self.request.user,
            now=clock.now(),
        )
        if issue is None:
            messages.success(self.request, "这一条刚才已经保存，没有重复登记")
            return reverse("supervision:issues")
        word = "已登记，请交办" if issue.status == Issue.Status.REGISTERED else "已保存草稿"
        messages.success(
            self.request, f"{issue.number} {word}" + ("，与已办结的问题相似，标记为回潮" if issue.relapsed else "")
        )
        return issue.get_absolute_url()


class IssueHints(PageView):
    """The part beside the form while one types (htmx posts it, so that no text stands in an address)."""

    permission = Permission.WRITE_ISSUES
    template_name = "supervision/_hints.html"
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**kwargs))

    def page_context(self, now):
        return hints(self.request.user, self.request.POST)


class EditIssue(TransitionView):
    """What was written, edited until it is assigned (R1 R2 R6)."""

    permission = Permission.READ_ISSUES
    model = Issue
    form_class = IssueForm
    template_name = "supervision/write.html"
    success_message = "已保存"

    def get_object(self):
        return get_object_or_404(issues_for(self.request.user), number=self.kwargs["number"])

    def check_permission(self, request):
        super().check_permission(request)
        check_may_edit(self.object, actor=request.user)

    def check_version(self, request):
        super().check_version(request)
        check_editable(self.object)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"issue": self.object}

    def get_initial(self):
        return IssueForm.initial_of(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(issue=self.object, **kwargs)

    def perform(self, form):
        edit_issue(
            self.object,
            actor=self.request.user,
            now=clock.now(),
            assisting=form.cleaned_data["assisting"],
            **form.facts(),
        )
        return self.object.get_absolute_url()
