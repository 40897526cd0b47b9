"""Shapes of the import wizard."""

from django import forms

from core.forms.base import ScopedForm
from core.import_kinds import ImportKind, kinds_for
from core.models import ImportBatch
from core.selectors.imports import suggested_mapping


class UploadForm(ScopedForm):
    """What is imported, and the file."""

    kind = forms.ChoiceField(label="类别", error_messages={"required": "请选择类别", "invalid_choice": "请选择类别"})
    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        help_text="支持 .xlsx .xls .csv，最多 5,000 行、10 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请选择文件", "invalid": "请选择文件"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds_for(self.user)]


class MappingForm(ScopedForm):
    """For each department name nobody knows: which department it means, or none.

    Args:
        batch: the previewed import.
        kind: its kind, which knows the departments.
    """

    def __init__(self, *args, batch: ImportBatch, kind: ImportKind, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = list(batch.unknown_departments)
        choices = [("", "不对应（这些行不导入）"), *kind.department_choices()]
        suggested = suggested_mapping(batch)
        for number, name in enumerate(self.names):
            self.fields[f"department_{number}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=suggested.get(name, "")
            )

    def mapping(self) -> dict[str, str]:
        """Return the names with the codes chosen."""
        return {name: self.cleaned_data[f"department_{number}"] for number, name in enumerate(self.names)}
