"""Fields that read figures and lists as people write them."""

from decimal import Decimal
from typing import Any

from django import forms

from indicators.rules.report_values import NotANumber, parse_number


class FigureField(forms.CharField):
    """A number typed by hand: full-width digits and thousands separators are taken, at most 4 decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=40, **{"required": True} | kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_number(text, is_yes_no=True)
        except NotANumber as problem:
            raise forms.ValidationError(problem.detail, code=problem.code) from None

    def prepare_value(self, value: Any) -> Any:
        """Show a stored figure without the zeros its column adds."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class LinesField(forms.CharField):
    """One entry a line, as a list."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class DayField(forms.DateField):
    """A day, chosen or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any):
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"], **kwargs)
