"""Forms of coordination items and instructions."""

from django import forms

from accounts.models import User
from core.forms import ScopedForm
from indicators.forms.fields import DayField
from indicators.models import Indicator


class AssignForm(ScopedForm):
    """Who takes care of an item until when."""

    owner = forms.ModelChoiceField(
        label="承办人", queryset=User.objects.none(), empty_label="请选择", error_messages={"required": "请选择承办人"}
    )
    due_on = DayField(label="办理期限（选填）", required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people


class ReplyForm(ScopedForm):
    """The answer to an item."""

    reply = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明答复"},
    )


class InstructionForm(ScopedForm):
    """A county leader's instruction on an indicator."""

    indicator = forms.ModelChoiceField(
        label="指标",
        queryset=Indicator.objects.filter(level=1, indicator_set__active=True),
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择指标", "invalid_choice": "没有这项一级指标"},
    )
    text = forms.CharField(
        label="批示内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明批示内容"},
    )
    due_on = DayField(label="办理期限（选填）", required=False)
