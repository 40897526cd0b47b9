"""Shapes of the forms about the platform itself."""

from django import forms

from core.forms import ScopedForm


class FeedbackForm(ScopedForm):
    """One text box."""

    text = forms.CharField(
        label="意见或建议",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="例如：哪个数字被重复要了、哪一步不好办。会送到县营商办各位的消息里，并附您的单位和姓名",
        error_messages={"required": "请写下意见或建议"},
    )
