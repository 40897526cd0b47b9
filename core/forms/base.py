"""The bases of every form: the user whose choices it offers, the row that is acted on, fields several forms have."""

from typing import Any

from django import forms


def paragraph(
    label: str, *, longest: int = 4_000, rows: int = 4, required: bool = True, **options: Any
) -> forms.CharField:
    """Return a text of several lines, at most ``longest`` characters; its sentences name it."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"请填写{label}", "max_length": f"{label}最多 {longest} 个字"},
        **options,
    )


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


class ActForm(ScopedForm):
    """An act that asks for nothing, and the base of those that ask.

    Args:
        row: what is acted on, None where the form does not depend on it.
    """

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any):
        self.row = row
        super().__init__(*args, **kwargs)


class ReasonForm(ActForm):
    """An act that asks for nothing but a reason."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由", "max_length": "理由最多 500 个字"},
    )


class MaybeReasonForm(ActForm):
    """An opinion that may be left out."""

    reason = paragraph("意见", required=False, longest=500, rows=3)
