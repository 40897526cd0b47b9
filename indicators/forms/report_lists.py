"""Filters and selections of lists of reports."""

from typing import cast

from django import forms
from django.http import QueryDict

from core.forms import ScopedForm
from departments.models import Department
from indicators.forms.fields import DayField
from indicators.models import DailyReport

CALENDAR = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")


class ReportListForm(ScopedForm):
    """The filters of the list of reports, drawn as they stand in the address; the selector reads them."""

    from_day = DayField(label="从", required=False, widget=CALENDAR)
    to_day = DayField(label="到", required=False, widget=CALENDAR)
    department = forms.ModelChoiceField(
        label="单位", queryset=Department.objects.all(), to_field_name="code", required=False, empty_label="全部单位"
    )
    status = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *DailyReport.Status.choices], required=False)
    search = forms.CharField(label="指标或内容", required=False, max_length=60)


class SelectionForm(ScopedForm):
    """The rows ticked in a list; a row the person may not see is no row."""

    reports = forms.ModelMultipleChoiceField(
        queryset=DailyReport.objects.all(), required=False, error_messages={"invalid_choice": "有一项已不在您的列表中"}
    )

    def chosen(self):
        """Return the chosen rows among those the person may see."""
        ids = [value for value in cast(QueryDict, self.data).getlist("reports") if value.isdigit()]
        return self.fields["reports"].queryset.filter(pk__in=ids).order_by("date", "indicator__position")
