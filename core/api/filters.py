"""Filters of lists that no library has the way api.md wants them."""

from typing import Any

import django_filters
from django import forms

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class TruthField(forms.Field):
    """``true`` or ``false`` (also ``1``, ``0``, any case); nothing given is None."""

    default_error_messages = {"invalid": "应为 true 或 false"}
    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:
        """Return the truth of ``value``; any other word is refused, never taken for no filter at all."""
        if value in self.empty_values:
            return None
        try:
            return _TRUTH[str(value).strip().lower()]
        except KeyError:
            raise forms.ValidationError(self.default_error_messages["invalid"], code="invalid") from None


class BooleanFilter(django_filters.BooleanFilter):
    """A filter by yes or no that answers 400 to anything else: Django's own field would answer every row."""

    field_class = TruthField
