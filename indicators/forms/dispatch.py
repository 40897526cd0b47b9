"""The office's forms: unlock, proposals of dispatch classes."""

from django import forms

from core.dates import SHANGHAI
from core.forms import ReasonForm


class UnlockForm(ReasonForm):
    """Open a closed date again, with a reason and an end."""

    until = forms.DateTimeField(
        label="开放至",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"required": "请选择开放到何时", "invalid": "时间应写作 2026-11-26 17:30"},
    )
    field_order = ("until", "reason")

    def clean_until(self):
        """Read the time as Asia/Shanghai whatever zone is active."""
        until = self.cleaned_data["until"]
        return until.replace(tzinfo=SHANGHAI)


class DecisionForm(ReasonForm):
    """Confirm or decline a proposed dispatch class, with a reason."""

    is_confirmed = forms.TypedChoiceField(
        label="处理", choices=[("yes", "确认"), ("no", "不调整")], coerce=lambda word: word == "yes"
    )
