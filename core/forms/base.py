"""The base of every form: it knows the user, and scopes the choices it offers."""

from typing import Any

from django import forms


class ScopedForm(forms.Form):
    """A form whose model choices are cut down to what ``user`` may see.

    Args:
        user: the signed-in person.
    """

    # The stubs know a field's base class only, and doubt that a form was cleaned.
    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and hasattr(queryset, "visible_to"):
                field.queryset = queryset.visible_to(user)


class ReasonForm(ScopedForm):
    """An act that asks for nothing but a reason."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由"},
    )
