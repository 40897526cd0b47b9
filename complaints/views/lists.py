"""``/complaints/``: the worklist, its export, and acts on a selection."""

from collections.abc import Callable
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from accounts.selectors import saved_views
from complaints.forms.worklist import SelectionForm, WorklistForm
from complaints.selectors.worklist import VIEWS, view_counts, worklist_page
from complaints.services.bulk import BulkResult, mark_irrelevant, remind_complaints
from core import clock
from core.access import Permission
from core.exceptions import InvalidInput
from core.selectors.calendar import work_calendar
from core.views.base import PageView, PermissionDeclared, next_address
from core.views.exports import answer_export


class ComplaintList(PageView):
    """The complaints the user may see: running clocks first, filters and views in the address."""

    permission = Permission.READ_COMPLAINTS
    template_name = "complaints/list.html"

    def page_context(self, now):
        user, asked, calendar = self.request.user, self.request.GET.dict(), work_calendar()
        form = WorklistForm(self.request.GET, user=user)
        counts = view_counts(user, now=now, calendar=calendar)
        return {
            "form": form,
            "chips": [{"label": words, "remove_url": self.without(name)} for name, words in form.chips()],
            "clear_url": f"{self.request.path}?view={asked.get('view', '')}",
            "views": [
                {"code": view.code, "label": view.label, "count": counts.get(view.code)} for view in VIEWS.values()
            ],
            "view": asked.get("view", ""),
            "counts": counts,
            "page": worklist_page(asked, user=user, number=asked.get("page"), now=now, calendar=calendar),
            "saved_views": saved_views(user, "complaints:list"),
            "saved_page": "complaints:list",
            "may_register": user.can(Permission.DISPATCH_COMPLAINTS),
            "has_import": user.can(Permission.DISPATCH_COMPLAINTS),
        }

    def without(self, name: str) -> str:
        """Return the address of the list without the filter ``name``."""
        parameters = self.request.GET.copy()
        parameters.pop(name, None)
        parameters.pop("page", None)
        return f"{self.request.path}?{parameters.urlencode()}"


class ComplaintListExport(PermissionDeclared, View):
    """The list as .xlsx under the filters of the address, masked."""

    permission = Permission.READ_COMPLAINTS

    def get(self, request, *args, **kwargs):
        return answer_export(request, "complaints")


class SelectionAct(PermissionDeclared, View):
    """An act on the rows ticked: first a page that names what would happen, then the act."""

    abstract = True
    http_method_names = ("post",)
    template_name = ""
    perform: ClassVar[Callable[..., BulkResult]]
    done = ""

    def post(self, request, *args, **kwargs):
        chosen = list(SelectionForm(request.POST, user=request.user).chosen())
        back = next_address(request, reverse("complaints:list"))
        if not chosen:
            raise InvalidInput.at("complaints", "请先选择工单", code="required")
        if "confirmed" not in request.POST:
            units = list(dict.fromkeys(row.department.short_name for row in chosen if row.department))
            context = {"complaints": chosen, "units": units, "back": back}
            return render(request, self.template_name, context)
        result = self.perform(chosen, actor=request.user, now=clock.now())
        if result.done:
            messages.success(request, f"{self.done} {len(result.done)} 件")
        for number, reason in result.left:
            messages.warning(request, f"{number}：{reason}")
        return HttpResponseRedirect(back)


class RemindSelected(SelectionAct):
    """催办 for the rows ticked."""

    permission = Permission.DISPATCH_COMPLAINTS
    template_name = "complaints/remind.html"
    perform = staticmethod(remind_complaints)
    done = "已催办"


class MarkIrrelevant(SelectionAct):
    """不涉营商 for the rows ticked."""

    permission = Permission.DISPATCH_COMPLAINTS
    template_name = "complaints/irrelevant.html"
    perform = staticmethod(mark_irrelevant)
    done = "已判为不涉营商"
