"""What the preview of a hotline file asks besides units: which orders are 不涉营商."""

from django import forms

from complaints.models import Complaint
from core.forms import ScopedForm
from core.models import DeadlineRule


class RelevanceForm(ScopedForm):
    """``cleaned_data`` holds the keywords of ``decide_relevance``."""

    types = forms.MultipleChoiceField(
        label="这些诉求类型记为不涉营商",
        required=False,
        choices=DeadlineRule.ComplaintType.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label="内容含这些词的记为不涉营商", required=False, max_length=200, help_text="多个词用空格分开，如：噪声 停电"
    )
    otherwise = forms.ChoiceField(
        label="其余工单",
        choices=[choice for choice in Complaint.Relevance.choices if choice[0] != Complaint.Relevance.NO],
    )

    def clean_words(self) -> list[str]:
        """Return the words, each once."""
        return list(dict.fromkeys(self.cleaned_data["words"].replace("\u3000", " ").split()))
