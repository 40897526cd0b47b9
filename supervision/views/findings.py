"""记录问题: findings of an inspection typed on a phone, on networks that break (ui.md §10).

Photos are sent one by one as they are chosen, so that saving is small and nothing is sent twice; without scripts
they come with the form, and those that are good are kept whatever else is wrong with it.
"""

from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import ANY_USER
from core.attachments.downloads import attachment_response
from core.exceptions import InvalidInput
from core.views.base import FormPage, ObjectDoor, put_errors_on_form
from supervision.forms.inspections import FindingForm, PhotoForm
from supervision.models import Issue
from supervision.selectors.findings import photo_for, photos_of, waiting_photos
from supervision.services.findings import (
    change_finding,
    check_is_draft,
    delete_finding,
    keep_photo,
    record_finding,
)
from supervision.services.inspections import check_may_keep
from supervision.views.inspections import InspectionDoor

#: Kept for the next finding of the same place.
CARRIED = ("department", "place", "indicator")


class FindingPage(FormPage):
    """The form of a finding with its photos; ``photos`` are those already sent that wait to be hung on it."""

    abstract = True
    form_class = FindingForm
    template_name = "supervision/finding.html"

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        form.full_clean()
        self.photos = waiting_photos(request.user, form.cleaned_data.get("kept", ()))
        for upload in request.FILES.getlist("photos"):
            try:
                self.photos.append(keep_photo(upload, actor=request.user, now=clock.now()))
            except InvalidInput as error:
                put_errors_on_form(form, error)
        return self.form_invalid(form) if form.errors else self.form_valid(form)

    def form_valid(self, form):
        response = super().form_valid(form)
        if self.request.htmx and isinstance(response, HttpResponseRedirect):
            # A redirect would be followed by the script and drawn into the form.
            return HttpResponse(status=204, headers={"HX-Redirect": response.url})
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(waiting=getattr(self, "photos", []), **kwargs)


class NewFinding(InspectionDoor, FindingPage):
    """A new finding; department, place and indicator of the one before are carried over."""

    is_for_keepers = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"inspection": self.object}

    def get_initial(self):
        return {name: self.request.GET.get(name, "") for name in CARRIED} | {"token": uuid4().hex}

    def get_context_data(self, **kwargs):
        return super().get_context_data(inspection=self.object, back_url=self.object.get_absolute_url(), **kwargs)

    def perform(self, form):
        issue = record_finding(
            self.object,
            form.facts(),
            actor=self.request.user,
            now=clock.now(),
            photos=self.photos,
            token=form.cleaned_data["token"],
        )
        if issue is None:
            messages.success(self.request, "这一条刚才已经保存，没有重复记录")
        else:
            messages.success(
                self.request, f"已保存 {issue.number}" + (f"，照片 {len(self.photos)} 张" if self.photos else "")
            )
        if self.request.POST.get("then") != "next":
            return self.object.get_absolute_url()
        carried = {name: self.request.POST.get(name, "") for name in CARRIED}
        query = urlencode({name: value for name, value in carried.items() if value})
        return f"{reverse('supervision:inspection_finding', args=[self.object.pk])}?{query}"


class FindingDoor(ObjectDoor):
    """Fetches a finding of the inspection in the address; both through the user (404)."""

    abstract = True
    permission = ANY_USER
    model = Issue

    def get_object(self):
        rows = Issue.objects.visible_to(self.request.user).select_related("inspection", "department", "indicator")
        # Who may not see the inspection does not reach the finding by it, even where the issue is theirs.
        seen = InspectionDoor.model.objects.visible_to(self.request.user)
        return get_object_or_404(rows, inspection=self.kwargs["pk"], inspection__in=seen, number=self.kwargs["number"])

    def check_permission(self, request):
        super().check_permission(request)
        check_may_keep(request.user)


class EditFinding(FindingDoor, FindingPage):
    """A draft amended: words, photos added and taken away."""

    def check_version(self, request):
        super().check_version(request)
        check_is_draft(self.object, "在这里修改")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"inspection": self.object.inspection, "finding": self.object}

    def get_initial(self):
        return FindingForm.initial_of(self.object)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            inspection=self.object.inspection,
            finding=self.object,
            hanging=photos_of(self.object),
            back_url=self.object.inspection.get_absolute_url(),
            **kwargs,
        )

    def perform(self, form):
        change_finding(
            self.object,
            form.facts(),
            actor=self.request.user,
            now=clock.now(),
            photos=self.photos,
            removed=form.cleaned_data["removed"],
        )
        messages.success(self.request, f"已保存 {self.object.number}")
        return self.object.inspection.get_absolute_url()


class DeleteFinding(FindingDoor, View):
    """A draft deleted."""

    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        number, back = self.object.number, self.object.inspection.get_absolute_url()
        delete_finding(self.object, actor=request.user, now=clock.now())
        messages.success(request, f"已删除草稿 {number}")
        return HttpResponseRedirect(back)


class KeepPhoto(InspectionDoor, FormPage):
    """One photo on its way to a finding; the answer is what the page's script shows."""

    is_for_keepers = True
    http_method_names = ("post",)
    form_class = PhotoForm

    def form_valid(self, form):
        try:
            photo = keep_photo(form.cleaned_data["photos"], actor=self.request.user, now=clock.now())
        except InvalidInput as error:
            put_errors_on_form(form, error)
            return self.form_invalid(form)
        return JsonResponse(
            {"id": photo.pk, "url": reverse("supervision:inspection_photo", args=[self.object.pk, photo.pk])}
        )

    def form_invalid(self, form):
        details = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"detail": "；".join(details)}, status=422)


class Photo(InspectionDoor, View):
    """A photo of a finding, or one's own that waits for one, shown in place."""

    def get(self, request, *args, **kwargs):
        photo = photo_for(request.user, self.object, kwargs["photo"])
        if photo is None or photo.attachment is None:
            raise Http404
        return attachment_response(photo.attachment, inline=True)
