"""Filters and selections of the worklist."""

from typing import Any

from django import forms
from django.http import QueryDict

from complaints.models import Complaint
from core.forms.base import ScopedForm
from core.models import DeadlineRule
from departments.selectors import unit_choices
from indicators.selectors.choices import first_level_choices

DAY: dict[str, Any] = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}


class WorklistForm(ScopedForm):
    """The filters as a GET form; the fields are named like those of ``selectors.worklist.narrowed``."""

    search = forms.CharField(label="编号、企业、关键字", required=False, max_length=60)
    status = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *Complaint.Status.choices], required=False)
    type = forms.ChoiceField(
        label="诉求类型", choices=[("", "全部类型"), *DeadlineRule.ComplaintType.choices], required=False
    )
    regime = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *Complaint.Regime.choices], required=False)
    department = forms.ChoiceField(
        label="承办单位", choices=lambda: [("", "全部单位"), *unit_choices()], required=False
    )
    indicator = forms.ChoiceField(
        label="涉及指标", choices=lambda: [("", "全部指标"), *first_level_choices()], required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(label="受理自", **DAY)
        self.fields["to"] = forms.DateField(label="受理至", **DAY)
        if not self.user.sees_all_departments:
            del self.fields["department"]
        for field in self.fields.values():
            css = "form-select" if hasattr(field, "choices") else "form-control"
            field.widget.attrs |= {"class": css, "aria-label": field.label, "placeholder": field.label}

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        self.full_clean()
        chips = []
        for name, value in self.cleaned_data.items():
            if value:
                words = dict(getattr(self.fields[name], "choices", ())).get(value, value)
                chips.append((name, f"{self.fields[name].label}：{words}"))
        return chips


class SelectionForm(ScopedForm):
    """The rows ticked in the list; a row the person may not see is no row."""

    complaints = forms.ModelMultipleChoiceField(
        queryset=Complaint.objects.all(),
        to_field_name="number",
        required=False,
        error_messages={"invalid_choice": "有一件已不在您的列表中"},
    )

    data: QueryDict

    def chosen(self):
        """Return the chosen rows among those the person may see, the soonest due first."""
        rows = self.fields["complaints"].queryset.filter(number__in=self.data.getlist("complaints"))
        return rows.select_related("department", "current_round__extension").order_by("clock_due_at", "id")
