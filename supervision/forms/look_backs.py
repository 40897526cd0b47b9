"""Filters of 回头看."""

from typing import Any

from django import forms

from core import clock
from core.forms.base import ScopedForm
from departments.models import Department
from departments.selectors import valid_departments
from supervision.forms.inspections import chips_of, dress
from supervision.selectors.look_backs import KINDS


class LookBackFilterForm(ScopedForm):
    """The filters as a GET form; the fields are named like those of ``selectors.look_backs.look_back_rows``."""

    search = forms.CharField(label="编号、标题", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部类别"), *KINDS.items()], required=False)
    department = forms.ModelChoiceField(
        label="牵头单位",
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="全部单位",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = valid_departments(clock.today())
        dress(self)

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        return chips_of(self)
