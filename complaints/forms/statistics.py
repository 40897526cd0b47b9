"""What the page of statistics is asked: the period, the definition, and by what the figures are broken down."""

from django import forms

from complaints.rules.rates import FIGURES, Definition
from core.forms.periods import PeriodForm


class StatisticsForm(PeriodForm):
    """The period, by what the figures are broken down, and what 按期办结率 divides by."""

    by = forms.ChoiceField(
        label="分组",
        required=False,
        choices=[("department", "按单位"), ("type", "按诉求类型"), ("indicator", "按指标"), ("period", "按期间")],
    )
    definition = forms.ChoiceField(
        label="按期办结率口径",
        required=False,
        choices=[(Definition.DUE, "应办结口径"), (Definition.CLOSED, "已办结口径")],
    )

    @property
    def grouping(self) -> str:
        """By what the figures are broken down."""
        return self.cleaned_data.get("by") or "department"

    @property
    def chosen_definition(self) -> Definition:
        """What 按期办结率 divides by."""
        return Definition(self.cleaned_data.get("definition") or Definition.DUE)


class DrillDownForm(StatisticsForm):
    """The question of the statistics, and which of its numbers is asked about."""

    figure = forms.ChoiceField(choices=[(figure.key, figure.label) for figure in FIGURES])
    part = forms.ChoiceField(choices=[("numerator", "分子"), ("denominator", "分母")])
    code = forms.CharField(required=False, max_length=20)
