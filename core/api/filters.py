"""Filters of lists that no library has the way api.md wants them."""

from datetime import UTC, date, datetime, time
from typing import Any

import django_filters
from django import forms

from core.dates import SHANGHAI

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


class ChoicesField(django_filters.fields.MultipleChoiceField):
    """Any of some words, each given by itself; ``status=`` with nothing behind it is no filter."""

    def to_python(self, value: Any) -> list[str]:
        """Return the words that were given."""
        return super().to_python([one for one in value or () if one not in self.empty_values])


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """A filter by one or more words of a fixed choice; an unknown word is 400."""

    field_class = ChoicesField


class MomentField(forms.Field):
    """A moment as ``2026-11-23T17:30:00+08:00``, or a day; without an offset it is Asia/Shanghai.

    Args:
        of_day: the time of day that a day alone means.
    """

    default_error_messages = {"invalid": "应写作 2026-11-23 或 2026-11-23T17:30:00+08:00"}
    widget = forms.TextInput

    def __init__(self, *args, of_day: time, **options):
        super().__init__(*args, **options)
        self.of_day = of_day

    def to_python(self, value: Any) -> datetime | None:
        """Return the aware moment; a plus sign that the client did not escape arrives as a space."""
        if value in self.empty_values:
            return None
        try:
            day, clock = date.fromisoformat((text := value.strip())[:10]), text[11:].replace(" ", "+")
            moment = datetime.combine(day, time.fromisoformat(clock) if clock else self.of_day)
            return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.default_error_messages["invalid"], code="invalid") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A filter by a moment; a day means its first moment for ``gte`` and its last for ``lte``, so that both take part."""

    field_class = MomentField

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.extra["of_day"] = time.max if self.lookup_expr == "lte" else time.min
