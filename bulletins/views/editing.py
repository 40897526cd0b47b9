"""What is done to a draft on its page: words, newer numbers, overdue items; and the stamped scan of an issued one."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from bulletins.forms.editing import HEAD, EditForm, LeaveOutForm, ScanForm
from bulletins.models import Bulletin
from bulletins.rules.bulletins import may_draft
from bulletins.services import editing
from bulletins.services.review import attach_stamped_scan
from bulletins.views.bulletin import BulletinDoor
from bulletins.views.page import EVERY, edit_form, page_of
from bulletins.views.refusals import SaysRefusals
from core import clock
from core.attachments.downloads import attachment_response
from core.exceptions import InvalidInput, NotAllowed
from core.views.base import ActView, TransitionView


class DraftDoor(BulletinDoor):
    """Refuses in the contract's order: 403 for who may not draft, 412, 409 for what is no draft any more."""

    abstract = True
    is_for_lead = False

    def check_permission(self, request):
        super().check_permission(request)
        check = editing.check_may_leave_out if self.is_for_lead else editing.check_may_draft
        check(self.object, actor=request.user)

    def check_version(self, request):
        super().check_version(request)
        editing.check_is_draft(self.object)


class EditBulletin(DraftDoor, TransitionView):
    """The words. An unknown ``{name}`` is said at its section; what was typed stays, also when others saved first."""

    template_name = "bulletins/detail.html"
    form_class = EditForm
    #: Whether somebody saved between drawing and sending the form.
    is_late = False

    def check_version(self, request):
        editing.check_is_draft(self.object)
        sent = request.POST.get("version")
        self.is_late = bool(sent) and sent != str(self.object.version)

    def get_form(self, form_class=None):
        data = self.request.POST if self.request.method == "POST" else None
        asked = self.request.GET.get("section", EVERY)
        return edit_form(self.object, user=self.request.user, asked=asked, data=data)

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if self.is_late and form.is_valid() and (differences := differences_of(self.object, form, request.POST)):
            context = self.get_context_data(form=form, differences=differences)
            return self.render_to_response(context, status=409)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or self.get_form()
        now, asked = clock.now(), self.request.GET.get("section", "")
        if not asked:
            keys = [name for name in form.fields if name not in HEAD]
            asked = keys[0] if len(keys) == 1 else EVERY
        page = page_of(self.object, user=self.request.user, now=now, asked=asked, form=form)
        return page | {"now": now, "today": clock.local_date(now)} | kwargs

    def perform(self, form):
        head = {"title": form.cleaned_data["title"], "opening": form.cleaned_data["opening"]}
        editing.edit_sections(self.object, form.texts(), actor=self.request.user, now=clock.now(), **head)
        messages.success(self.request, "已保存")
        keys = list(form.texts())
        where = f"?section={keys[0] if len(keys) == 1 else 'all'}#edit" if keys else ""
        return f"{self.object.get_absolute_url()}{where}"


def differences_of(bulletin: Bulletin, form: EditForm, sent: Mapping[str, str]) -> list[dict[str, str]]:
    """Return where the typed words differ from what may have been saved meanwhile: ``label``, ``mine``, ``theirs``.

    A section is compared only where it has another version than the form was drawn with.
    """
    sections = {section.key: section for section in bulletin.sections.all()}
    stored = {key: section.text for key, section in sections.items()}
    stored |= {"title": bulletin.title, "opening": bulletin.opening}
    return [
        {"label": form.fields[name].label, "mine": value, "theirs": stored[name]}
        for name, value in form.cleaned_data.items()
        if value.replace("\r\n", "\n").strip() != stored[name]
        and not (name in sections and sent.get(f"version_of_{name}") == str(sections[name].version))
    ]


class DraftButton(DraftDoor, ActView):
    """A button on the page of a draft; a refusal of its input is said on that page."""

    abstract = True
    anchor = ""

    def post(self, request, *args, **kwargs):
        try:
            self.perform(request.POST)
        except InvalidInput as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(f"{self.object.get_absolute_url()}{self.anchor}")

    def perform(self, sent) -> None:
        """Call the service with what was ``sent``."""
        raise NotImplementedError(f"{type(self).__name__} must call its service")

    def given(self) -> dict[str, Any]:
        """Return actor and moment for the service."""
        return {"actor": self.request.user, "now": clock.now()}


class AdoptNumbers(DraftButton):
    """采用新值: the whole group a number belongs to."""

    success_message = "已采用新值，同组的数字一并更新"
    anchor = "#sources"

    def perform(self, sent):
        editing.adopt_numbers(self.object, sent.getlist("group"), **self.given())


class KeepNumbers(DraftButton):
    """保留原值: the group stays as it is; the decision is logged."""

    success_message = "已保留原值"
    anchor = "#sources"

    def perform(self, sent):
        editing.keep_numbers(self.object, sent.getlist("group"), **self.given())


class RestoreSection(DraftButton):
    """A section's words as an earlier version had them, or, without a version, as the platform writes them."""

    success_message = "已恢复"

    def perform(self, sent):
        key, version = sent.get("section", ""), sent.get("version_of_section", "")
        self.anchor = f"?section={key}#edit"
        section = next((one for one in self.object.sections.all() if one.key == key), None)
        if section is None:
            raise InvalidInput.at("section", "没有这一段")
        if not version:
            editing.restore_generated(self.object, key, **self.given())
            return
        earlier = next((one for one in section.versions.all() if str(one.version) == version), None)
        if earlier is None:
            raise InvalidInput.at("version", "没有这一版")
        editing.edit_sections(self.object, {key: earlier.text}, **self.given())


class LeaveOut(DraftDoor, TransitionView):
    """不列入: an overdue item is not named, with a reason (R2)."""

    is_for_lead = True
    form_class = LeaveOutForm
    template_name = "bulletins/leave_out.html"
    success_message = "已不列入，第六段已重新取数"

    def get_initial(self):
        return {"item_number": self.request.GET.get("item", "")}

    def get_context_data(self, **kwargs):
        form = kwargs.get("form") or self.get_form()
        asked = form["item_number"].value()
        item = next((one for one in self.object.snapshot["tables"].get("named", []) if one["number"] == asked), None)
        return super().get_context_data(bulletin=self.object, item=item, **{**kwargs, "form": form})

    def perform(self, form):
        editing.leave_out(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#items"


class IncludeAgain(DraftButton):
    """An item left out is named again (R2)."""

    is_for_lead = True
    success_message = "已重新列入"
    anchor = "#items"

    def perform(self, sent):
        editing.include_again(self.object, sent.get("item_number", ""), **self.given())


class StampedScan(SaysRefusals, BulletinDoor, TransitionView):
    """GET gives the scan, where there is one; POST attaches it once (R1 R2)."""

    form_class = ScanForm
    template_name = "bulletins/scan.html"
    success_message = "已上传盖章扫描件"

    def check_permission(self, request):
        super().check_permission(request)
        if request.method == "POST" and not may_draft(request.user, self.object):
            raise NotAllowed("盖章扫描件由县营商办上传")

    def get(self, request, *args, **kwargs):
        if self.object.stamped_scan is not None:
            return attachment_response(self.object.stamped_scan, inline=True)
        if not may_draft(request.user, self.object) or self.object.status != Bulletin.Status.ISSUED:
            raise Http404("没有盖章扫描件")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(bulletin=self.object, **kwargs)

    def perform(self, form):
        attach_stamped_scan(self.object, upload=form.cleaned_data["file"], actor=self.request.user, now=clock.now())
        return reverse("bulletins:detail", args=[self.object.number]) + "#files"
