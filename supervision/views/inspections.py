"""``/inspections/``: the list, one inspection with its findings, its files, and its drafts assigned at once."""

from typing import ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import ANY_USER, Permission
from core.attachments.downloads import as_attachment, attachment_response
from core.documents.package import DOCX
from core.forms.base import ScopedForm
from core.paging import CappedPaginator
from core.views.base import FormPage, ObjectDoor, PageView
from departments.models import Department
from supervision.documents import inspection_notice
from supervision.forms.inspections import InspectionFilterForm, InspectionForm
from supervision.models import Inspection
from supervision.rules.inspections import may_keep_inspections
from supervision.selectors.findings import counts_by_department, finding_rows, notices_of, with_words
from supervision.selectors.inspections import inspection_rows, plain_row, standing_counts, with_standing
from supervision.services.inspections import add_inspection, assign_findings, change_inspection, check_may_keep


class InspectionList(PageView):
    """Every inspection, the latest first."""

    permission = Permission.READ_INSPECTIONS
    template_name = "supervision/inspections.html"

    def page_context(self, now):
        user, today = self.request.user, clock.local_date(now)
        form = InspectionFilterForm(self.request.GET, user=user)
        rows = inspection_rows(user, self.request.GET.dict(), today=today)
        page = CappedPaginator(rows).get_page(self.request.GET.get("page"))
        page.object_list = [with_standing(row, today=today) for row in page.object_list]
        return {
            "form": form,
            "chips": [{"label": words, "remove_url": without(self.request, name)} for name, words in form.chips()],
            "clear_url": self.request.path,
            "page": page,
            "counts": standing_counts(user, today=today),
            "may_keep": may_keep_inspections(user),
        }


def without(request, name: str) -> str:
    """Return the address of the list without the filter ``name``."""
    parameters = request.GET.copy()
    parameters.pop(name, None)
    parameters.pop("page", None)
    return f"{request.path}?{parameters.urlencode()}"


class InspectionDoor(ObjectDoor):
    """Fetches an inspection through the user: to a department there is none (404)."""

    abstract = True
    permission = ANY_USER
    model = Inspection
    #: Whether only those who keep inspections (R1 R2 R6) may come in.
    is_for_keepers: ClassVar[bool] = False

    def get_object(self):
        rows = Inspection.objects.visible_to(self.request.user)
        rows = rows.select_related("plan", "report__attachment", "created_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def check_permission(self, request):
        super().check_permission(request)
        if self.is_for_keepers:
            check_may_keep(request.user)


class InspectionDetail(InspectionDoor, PageView):
    """One inspection: what it was, what it found, and what waits to be assigned."""

    template_name = "supervision/inspection.html"

    def page_context(self, now):
        inspection, user = self.object, self.request.user
        pages = {}
        for name, drafts in (("drafts", True), ("registered", False)):
            page = CappedPaginator(finding_rows(inspection, drafts=drafts)).get_page(
                self.request.GET.get("page" if not drafts else "drafts")
            )
            page.object_list = with_words(page.object_list)
            pages[name] = page
        return {
            "inspection": inspection,
            "row": plain_row(inspection, today=clock.local_date(now)),
            "team": list(inspection.team.select_related("department").order_by("department__official_order", "name")),
            "indicators": list(inspection.indicators.order_by("position", "id")),
            **pages,
            "counts": counts_by_department(inspection),
            "notices": notices_of(inspection),
            "may_keep": may_keep_inspections(user),
            "import_url": import_address(inspection) if may_keep_inspections(user) else "",
        }


def import_address(inspection: Inspection) -> str:
    """Return the import wizard with the findings of this inspection preset."""
    return f"{reverse('core:imports')}?kind=issues&inspection={inspection.pk}"


class NewInspection(FormPage):
    """A new inspection."""

    permission = Permission.KEEP_INSPECTIONS
    form_class = InspectionForm
    template_name = "supervision/inspection_form.html"
    success_message = "已登记检查批次"

    def get_initial(self):
        user = self.request.user
        return {"started_on": clock.today(), "team": [user.pk]}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title="登记检查批次", back_url=reverse("supervision:inspections"), submit="登记", **kwargs
        )

    def perform(self, form):
        inspection = add_inspection(form.facts(), actor=self.request.user, now=clock.now(), **form.beside())
        return inspection.get_absolute_url()


class EditInspection(InspectionDoor, FormPage):
    """The inspection amended; plan and report are added here."""

    is_for_keepers = True
    form_class = InspectionForm
    template_name = "supervision/inspection_form.html"
    success_message = "已保存"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"inspection": self.object}

    def get_initial(self):
        row = self.object
        names = ("kind", "title", "started_on", "ended_on", "places", "basis", "plan_approved_by", "plan_approved_on")
        return {name: getattr(row, name) for name in names} | {
            "team": list(row.team.values_list("pk", flat=True)),
            "indicators": list(row.indicators.values_list("pk", flat=True)),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            inspection=self.object,
            title="修改检查批次",
            back_url=self.object.get_absolute_url(),
            submit="保存",
            **kwargs,
        )

    def perform(self, form):
        now = clock.now()
        change_inspection(self.object, actor=self.request.user, now=now, **form.facts(), **form.beside())
        return self.object.get_absolute_url()


class AssignFindings(InspectionDoor, FormPage):
    """All drafts registered and assigned at once: first what would go to whom, then the act."""

    is_for_keepers = True
    form_class = ScopedForm
    template_name = "supervision/inspection_assign.html"

    def get_context_data(self, **kwargs):
        drafts = list(finding_rows(self.object, drafts=True))
        units: dict[str, list[dict]] = {}
        for draft in drafts:
            if draft["department__short_name"]:
                units.setdefault(draft["department__short_name"], []).append(draft)
        return super().get_context_data(
            inspection=self.object,
            drafts=drafts,
            units=units.items(),
            missing=[draft for draft in drafts if not draft["department__short_name"]],
            **kwargs,
        )

    def perform(self, form):
        assigned = assign_findings(self.object, actor=self.request.user, now=clock.now())
        units = len({issue.department_id for issue in assigned})
        self.success_message = f"已登记并交办 {len(assigned)} 个问题，向 {units} 个单位发整改通知书"
        return f"{self.object.get_absolute_url()}#notices"


class InspectionNotice(InspectionDoor, View):
    """The 整改通知书 of one department as .docx."""

    def get(self, request, *args, **kwargs):
        department = get_object_or_404(Department, code=kwargs["department"])
        content, name = inspection_notice(self.object, department, user=request.user, now=clock.now())
        return as_attachment(HttpResponse(content, content_type=DOCX), name)


class InspectionFile(InspectionDoor, View):
    """The plan or the report, as it was handed in."""

    def get(self, request, *args, **kwargs):
        report = self.object.report
        attachment = self.object.plan if kwargs["file"] == "plan" else report and report.attachment
        if attachment is None:
            raise Http404
        return attachment_response(attachment)
