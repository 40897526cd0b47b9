"""What a person puts on record of the ladder."""

from django import forms

from core.forms import ScopedForm, paragraph
from core.ladder import BY_PERSON


class RungForm(ScopedForm):
    """Which rung, and what happened."""

    rung = forms.TypedChoiceField(
        label="事项",
        choices=[(int(rung), rung.label) for rung in BY_PERSON],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择事项"},
    )
    note = paragraph("说明", longest=1_000, help_text="时间、对象、依据和要求；不写诉求人姓名和电话")
