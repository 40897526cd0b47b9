"""What the page of statistics is asked: the period, the cut-off, and by what the rates are broken down."""

from datetime import datetime

from django import forms

from core.dates import Period, moment_from_query
from core.exceptions import InvalidInput
from core.forms.periods import PeriodForm
from core.rates import Window
from supervision.rules.rates import FIGURES
from supervision.selectors.statistics import SUSTAINED


class StatisticsForm(PeriodForm):
    """A GET form; ``cut_off`` comes with links of bulletins, as the API writes it, and is now otherwise."""

    by = forms.ChoiceField(
        label="分组",
        required=False,
        choices=[
            ("department", "按单位"),
            ("indicator", "按指标"),
            ("source", "按来源"),
            ("category", "按问题类型"),
            ("period", "按期间"),
        ],
    )
    cut_off = forms.CharField(label="截至", required=False, max_length=40, widget=forms.HiddenInput)

    def clean_cut_off(self) -> datetime:
        """Return the aware moment asked for."""
        try:
            return moment_from_query("cut_off", self.cleaned_data["cut_off"], self.now)
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.detail) from None

    @property
    def grouping(self) -> str:
        """By what the rates are broken down."""
        return self.cleaned_data.get("by") or "department"

    @property
    def as_at(self) -> datetime:
        """The cut-off; now while the question is wrong."""
        return self.cleaned_data.get("cut_off") or self.now

    def window(self, period: Period) -> Window:
        """Return the window of ``period`` as at the cut-off."""
        return Window.of(period, self.as_at)


class DrillDownForm(StatisticsForm):
    """The question of the statistics, and which of its numbers is asked about."""

    figure = forms.ChoiceField(choices=[*((figure.key, figure.label) for figure in FIGURES), (SUSTAINED, "长期坚持")])
    part = forms.ChoiceField(choices=[("numerator", "分子"), ("denominator", "分母")])
    code = forms.CharField(required=False, max_length=40)
