"""数据导入: upload, preview with every error at its row, mapping of unknown departments, result, undo."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.urls import reverse
from django.views.generic import View

from core import clock
from core.access import ANY_USER, Permission
from core.attachments.downloads import as_attachment
from core.forms.imports import MappingForm, UploadForm
from core.import_kinds import import_kind, kinds_for
from core.models import ImportBatch
from core.selectors.imports import acts_on, batches_for, undo_until
from core.services.imports import (
    commit_import,
    failed_rows_workbook,
    import_template,
    map_departments,
    undo_import,
    upload_import,
)
from core.spreadsheets.writing import XLSX
from core.views.base import ActView, FormPage, ObjectDoor, PageView, PermissionDeclared, TransitionView

PAGE_SIZE = 50
PROBLEMS_SHOWN = 200
"""So many errors and warnings stand on the page; the failed-rows workbook holds all errors."""


class Imports(FormPage):
    """Past imports, and the upload of the next one."""

    permission = Permission.OPEN_IMPORTS
    form_class = UploadForm
    template_name = "imports/list.html"

    def get_initial(self):
        return {"kind": self.request.GET.get("kind")}

    def get_context_data(self, **kwargs):
        page = Paginator(batches_for(self.request.user), PAGE_SIZE).get_page(self.request.GET.get("page"))
        for row in page.object_list:
            row["kind_label"] = import_kind(row["kind"]).label
            row["status_label"] = ImportBatch.Status(row["status"]).label
        options_text = (
            import_kind(self.request.GET["kind"]).describe_options(self.chosen_options())
            if self.chosen_options()
            else ""
        )
        return super().get_context_data(
            kinds=kinds_for(self.request.user), page=page, options_text=options_text, **kwargs
        )

    def chosen_options(self, kind_code: str | None = None) -> dict[str, str]:
        """Return the options in the address that the kind (that of the address by default) takes."""
        wanted = kind_code or self.request.GET.get("kind")
        names = next((kind.option_names for kind in kinds_for(self.request.user) if kind.code == wanted), ())
        return {name: self.request.GET[name] for name in names if self.request.GET.get(name)}

    def perform(self, form):
        batch = upload_import(
            form.cleaned_data["file"],
            kind_code=form.cleaned_data["kind"],
            options=self.chosen_options(form.cleaned_data["kind"]),
            actor=self.request.user,
            now=clock.now(),
        )
        return batch.get_absolute_url()


class ImportDetail(ObjectDoor, PageView):
    """One import: what was found or done, and the next step."""

    permission = ANY_USER
    model = ImportBatch
    template_name = "imports/detail.html"

    def page_context(self, now):
        batch, user = self.object, self.request.user
        is_open = batch.status == ImportBatch.Status.PREVIEWED
        acts = acts_on(batch, user, now)
        return {
            "batch": batch,
            "job": batch.job if batch.job and not batch.job.is_finished else None,
            "failed_job": batch.job if batch.job and batch.job.failure else None,
            "actions": [act_button(act, batch) for act in acts],
            "undo_until": undo_until(batch),
            "errors": batch.errors[:PROBLEMS_SHOWN],
            "warnings": batch.warnings[:PROBLEMS_SHOWN],
            "more": max(len(batch.errors), len(batch.warnings)) > PROBLEMS_SHOWN,
            "mapping_form": mapping_form(batch, user) if is_open and batch.unknown_departments else None,
        }


def act_button(act, batch: ImportBatch) -> dict:
    """Return a button with the question asked before; taking an import back is not the page's main act."""
    questions = {
        "commit": f"导入《{batch.file_name}》：新增 {batch.new} 条，更新 {batch.update} 条？",
        "undo": f"撤销《{batch.file_name}》的导入？新增的删除，更新的还原",
    }
    return {
        "label": act.label,
        "url": reverse(f"core:import_{act.name}", args=[batch.pk]),
        "question": questions[act.name],
        "css": "btn-danger-line" if act.name == "undo" else "btn-primary",
    }


def mapping_form(batch: ImportBatch, user, data=None) -> MappingForm:
    """Return the mapping step's form for ``batch``."""
    return MappingForm(data, user=user, batch=batch, kind=import_kind(batch.kind))


class MapDepartments(TransitionView):
    """The mapping step: the file is previewed again with the departments chosen."""

    model = ImportBatch
    template_name = "imports/mapping.html"
    success_message = "已按所选单位重新核对"

    def get_form(self, form_class=None):
        return mapping_form(self.object, self.request.user, self.request.POST or None)

    def perform(self, form):
        map_departments(self.object, department_mapping=form.mapping(), actor=self.request.user, now=clock.now())
        return self.object.get_absolute_url()


class CommitImport(ActView):
    """确认导入."""

    model = ImportBatch
    act = staticmethod(commit_import)
    success_message = "已提交导入，结果见本页"


class UndoImport(ActView):
    """撤销导入."""

    model = ImportBatch
    act = staticmethod(undo_import)
    success_message = "已提交撤销，结果见本页"


class FailedRows(ObjectDoor, View):
    """The faulty rows with the reason beside each, ready to be corrected and uploaded."""

    model = ImportBatch

    def get(self, request, *args, **kwargs):
        file = failed_rows_workbook(self.object, actor=request.user, now=clock.now())
        return as_attachment(FileResponse(file, content_type=XLSX), f"未导入的行_{self.object.pk}.xlsx")


class ImportTemplate(PermissionDeclared, View):
    """The workbook to fill in."""

    permission = Permission.OPEN_IMPORTS

    def get(self, request, kind, *args, **kwargs):
        chosen = next((offered for offered in kinds_for(request.user) if offered.code == kind), None)
        if chosen is None:
            raise Http404
        file = import_template(chosen, actor=request.user, now=clock.now())
        return as_attachment(FileResponse(file, content_type=XLSX), f"{chosen.label}导入模板.xlsx")
