"""``/issues/``: the ledger in its three lists, its export, and acts on a selection."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from accounts.selectors import saved_views
from core import clock
from core.access import Permission
from core.exceptions import InvalidInput
from core.paging import CappedPaginator
from core.selectors.calendar import work_calendar
from core.views.base import PageView, PermissionDeclared, next_address
from core.views.exports import answer_export
from supervision.forms.ledger import LedgerForm, SelectionForm
from supervision.models import Issue
from supervision.selectors import ledger
from supervision.selectors.ledger_columns import ROW_COLUMNS, LedgerReader, columns_for, page_columns
from supervision.services.bulk import BulkResult, assign_selected, assignable, remind_issues

SAVED_PAGE = "supervision:issues"


class IssueLedger(PageView):
    """The issues the user may see: running clocks first; list, view, filters and columns in the address."""

    permission = Permission.READ_ISSUES
    template_name = "supervision/ledger.html"

    def page_context(self, now):
        user, asked, calendar = self.request.user, self.request.GET.dict(), work_calendar()
        list_code = asked["list"] if asked.get("list") in ledger.LISTS else next(iter(ledger.LISTS))
        columns = page_columns(user, list_code=list_code, chosen=self.request.GET.getlist("columns"))
        form = LedgerForm(self.request.GET, user=user, now=now)
        rows = ledger.ordered(asked, ROW_COLUMNS, user=user, now=now, calendar=calendar)
        page = CappedPaginator(rows).get_page(asked.get("page"))
        reader = LedgerReader(user, columns, now=now, calendar=calendar)
        page.object_list = reader.read(page.object_list)
        counts = ledger.view_counts(user, now=now, calendar=calendar)
        is_department = not user.sees_all_departments
        return {
            "title": "问题整改" if is_department else "问题台账",
            "head": ledger.year_to_date(user, now=now),
            "lists": [(code, label, note) for code, (label, note) in ledger.LISTS.items()],
            "list": list_code,
            "list_label": ledger.LISTS[list_code][0],
            "views": [(view.code, view.label, counts.get(view.code)) for view in ledger.views_for(user)],
            "view": asked.get("view", ""),
            "counts": counts,
            "form": form,
            "chips": [{"label": words, "remove_url": self.without(name)} for name, words in form.chips()],
            "clear_url": self.cleared_url(),
            "hidden": self.kept_by_filters(),
            "shown_parameters": self.kept_by_columns(),
            "columns": columns,
            "offered_columns": [column for column in columns_for(user) if column.code not in {"number", "description"}],
            "column_codes": {column.code for column in columns},
            "ordering": asked.get("ordering", ""),
            "page": page,
            "saved_views": saved_views(user, SAVED_PAGE),
            "saved_page": SAVED_PAGE,
            "may_keep": user.can(Permission.KEEP_ISSUES),
            "may_write": user.can(Permission.WRITE_ISSUES),
            "reads_inspections": user.can(Permission.READ_INSPECTIONS),
        }

    def without(self, name: str) -> str:
        """Return the address of the list without the filter ``name``."""
        parameters = self.request.GET.copy()
        parameters.pop(name, None)
        parameters.pop("page", None)
        return f"{self.request.path}?{parameters.urlencode()}"

    def cleared_url(self) -> str:
        """Return the address of the list without filters, in the same list, columns and order."""
        parameters = self.request.GET.copy()
        for name in [name for name in parameters if name not in {"list", "columns", "ordering", "view"}]:
            del parameters[name]
        return f"{self.request.path}?{parameters.urlencode()}"

    def kept_by_filters(self) -> list[tuple[str, str]]:
        """Return what the filter form carries along unseen: list, view, columns, order."""
        return [
            (name, value)
            for name in ("list", "view", "ordering", "columns")
            for value in self.request.GET.getlist(name)
            if value
        ]

    def kept_by_columns(self) -> list[tuple[str, str]]:
        """Return what the choice of columns carries along unseen: everything else of the address."""
        lists = self.request.GET.lists()
        return [(name, value) for name, values in lists for value in values if name not in ("columns", "page")]


class IssueLedgerExport(PermissionDeclared, View):
    """The ledger as .xlsx: under the filters of the address, or by POST the rows ticked."""

    permission = Permission.READ_ISSUES

    def get(self, request, *args, **kwargs):
        return answer_export(request, "issues")

    def post(self, request, *args, **kwargs):
        numbers = SelectionForm(request.POST, user=request.user).numbers
        if not numbers:
            raise InvalidInput.at("issues", "请先选择问题", code="required")
        shape = {name: request.POST.getlist(name) for name in ("list", "columns") if request.POST.getlist(name)}
        return answer_export(request, "issues", shape | {"issues": numbers})


class SelectionAct(PermissionDeclared, View):
    """An act on the rows ticked: first a page that names what would happen, then the act."""

    abstract = True
    permission = Permission.KEEP_ISSUES
    http_method_names = ("post",)
    template_name = ""
    perform: ClassVar[Callable[..., BulkResult]]
    done = ""

    def post(self, request, *args, **kwargs):
        chosen = list(SelectionForm(request.POST, user=request.user).chosen())
        back = next_address(request, reverse("supervision:issues"))
        if not chosen:
            raise InvalidInput.at("issues", "请先选择问题", code="required")
        if "confirmed" not in request.POST:
            return render(request, self.template_name, self.shown(chosen) | {"issues": chosen, "back": back})
        result = self.perform(chosen, actor=request.user, now=clock.now())
        if result.done:
            messages.success(request, f"{self.done} {len(result.done)} 个")
        for number, reason in result.left:
            messages.warning(request, f"{number}：{reason}")
        return HttpResponseRedirect(back)

    def shown(self, chosen: list[Issue]) -> dict[str, Any]:
        """Return what the page of confirmation names besides the rows."""
        return {}


class RemindSelected(SelectionAct):
    """催办 for the rows ticked."""

    template_name = "supervision/remind.html"
    perform = staticmethod(remind_issues)
    done = "已催办"

    def shown(self, chosen):
        return {"units": list(dict.fromkeys(issue.department.short_name for issue in chosen if issue.department))}


class AssignSelected(SelectionAct):
    """交办 for the rows ticked that wait to be assigned: one 整改通知书 a department."""

    template_name = "supervision/assign_selected.html"
    perform = staticmethod(assign_selected)
    done = "已交办"

    def shown(self, chosen):
        good, left = assignable(chosen)
        by_unit: dict[str, list[Issue]] = {}
        for issue in good:
            assert issue.department is not None  # assignable() leaves out those without
            by_unit.setdefault(issue.department.short_name, []).append(issue)
        return {"by_unit": list(by_unit.items()), "left": left}
