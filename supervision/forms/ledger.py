"""Filters, columns and selections of the ledger."""

from typing import Any

from django import forms
from django.http import QueryDict

from core.access import Permission
from core.clock import local_date
from core.forms.base import ScopedForm
from departments.selectors import unit_choices
from indicators.selectors.choices import first_level_choices
from supervision.models import Inspection, Issue
from supervision.selectors.details import issues_for

YEARS_OFFERED = 5


def choice_field(label: str, choices, every: str) -> forms.ChoiceField:
    """Return a filter over fixed choices; ``every`` names what is meant without one."""
    return forms.ChoiceField(label=label, choices=[("", every), *choices], required=False)


def hidden_day(label: str) -> forms.DateField:
    """Return a filter by day that addresses carry and a chip shows; the bar has no room for it."""
    return forms.DateField(label=label, required=False, widget=forms.HiddenInput)


class LedgerForm(ScopedForm):
    """The filters as a GET form; the fields are named like those of ``selectors.ledger.narrowed``."""

    #: Those that open by 更多条件: the bar stays one line, and on a telephone the first row is seen.
    FURTHER = ("category", "status", "limit_kind", "year")

    search = forms.CharField(label="编号或关键字", required=False, max_length=60)
    source = choice_field("来源", Issue.Source.choices, "全部来源")
    indicator = forms.ChoiceField(
        label="涉及指标", choices=lambda: [("", "全部指标"), *first_level_choices()], required=False
    )
    department = forms.ChoiceField(
        label="牵头单位", choices=lambda: [("", "全部单位"), *unit_choices()], required=False
    )
    severity = choice_field("程度", Issue.Severity.choices, "全部程度")
    category = choice_field("类型", Issue.Category.choices, "全部类型")
    status = choice_field("状态", Issue.Status.choices, "全部状态")
    limit_kind = choice_field("时限类型", Issue.LimitKind.choices, "全部时限类型")
    year = forms.ChoiceField(label="年度", required=False)
    inspection = forms.ModelChoiceField(
        label="检查批次", queryset=Inspection.objects.none(), required=False, widget=forms.HiddenInput
    )
    overdue = forms.BooleanField(label="逾期", required=False, widget=forms.HiddenInput)
    nearly_due = forms.BooleanField(label="临期", required=False, widget=forms.HiddenInput)
    registered_from = hidden_day("登记自")
    registered_to = hidden_day("登记至")
    cleared_from = hidden_day("销号自")
    cleared_to = hidden_day("销号至")

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        this_year = local_date(now).year
        years = [(f"{this_year - back}", f"{this_year - back}年") for back in range(YEARS_OFFERED)]
        self.fields["year"].choices = [("", "全部年度"), *years]
        self.fields["inspection"].queryset = Inspection.objects.visible_to(self.user)
        if not self.user.sees_all_departments:
            del self.fields["department"]
        if not self.user.can(Permission.READ_INSPECTIONS):
            del self.fields["inspection"]
        for field in self.fields.values():
            css = "form-select" if hasattr(field, "choices") else "form-control"
            if not field.widget.is_hidden:
                field.widget.attrs |= {"class": css, "aria-label": field.label, "placeholder": field.label}

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The fields that stand in the bar."""
        return [bound for bound in self.visible_fields() if bound.name not in self.FURTHER]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """Those behind 更多条件."""
        return [self[name] for name in self.FURTHER]

    @property
    def further_in_force(self) -> int:
        """How many of those narrow the list now."""
        return sum(bool(bound.value()) for bound in self.further_fields)

    def chips(self) -> list[tuple[str, str]]:
        """Return name and words of each filter in force."""
        self.full_clean()
        chips = []
        for name, value in self.cleaned_data.items():
            label = self.fields[name].label
            if value is True:
                chips.append((name, label))
            elif value:
                words = dict(getattr(self.fields[name], "choices", ())).get(value, value)
                chips.append((name, f"{label}：{words}"))
        return chips


class SelectionForm(ScopedForm):
    """The rows ticked in the ledger; a row the person may not see is no row."""

    data: QueryDict

    @property
    def numbers(self) -> list[str]:
        """The numbers ticked."""
        return self.data.getlist("issues")

    def chosen(self) -> Any:
        """Return the issues ticked among those the person may see, the soonest due first."""
        return issues_for(self.user).filter(number__in=self.numbers).order_by("clock_due_on", "id")
