"""Forms of evidence and practice cases."""

from typing import Any

from django import forms

from core.forms import ScopedForm
from indicators.forms.fields import DayField
from indicators.models import Evidence, Indicator
from indicators.selectors.evidence import linkable_indicators
from indicators.services.cases import CaseText
from indicators.services.evidence import EvidenceFacts, Scope

ACCEPTED_FILES = ".pdf,.ofd,.doc,.docx,.wps,.xls,.xlsx,.et,.jpg,.jpeg,.png,.webp,.heic,.txt,.csv"


class LinkForm(ScopedForm):
    """What evidence speaks for: indicators one answers for, a line of the checklist, a period."""

    indicators = forms.ModelMultipleChoiceField(
        label="关联指标", queryset=Indicator.objects.none(), help_text="可选多项；同一材料不必重复上传"
    )
    checklist_item = forms.CharField(
        label="对应的佐证清单项", max_length=120, required=False, help_text="不填则按种类归入清单"
    )
    period_from = DayField(label="适用期间起", required=False)
    period_to = DayField(label="适用期间止", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["indicators"]
        field.queryset = linkable_indicators(self.user)
        field.widget.attrs["size"] = "8"

    def scope(self) -> Scope:
        """Return what the links speak for."""
        return Scope(**{name: self.cleaned_data[name] for name in ("checklist_item", "period_from", "period_to")})


class FactsForm(ScopedForm):
    """What is said about a piece of evidence, and the file itself."""

    title = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="种类", choices=Evidence.Kind)
    file = forms.FileField(
        label="文件",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}),
        help_text="单个文件不超过 20 MB。照片会去除拍摄地点等信息",
    )
    link = forms.URLField(label="或填写网址", max_length=500, required=False, assume_scheme="https")
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    issued_on = DayField(label="印发日期", required=False)

    def facts(self) -> EvidenceFacts:
        """Return what was typed as the service takes it."""
        names = ("title", "kind", "link", "document_number", "issued_on")
        return EvidenceFacts(**{name: self.cleaned_data[name] for name in names})


class EvidenceForm(FactsForm, LinkForm):
    """A new piece of evidence."""

    field_order = ("title", "kind", "file", "link", "indicators")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["indicators"].required = False


class CaseForm(ScopedForm):
    """A practice case: 背景, 做法, 成效."""

    title = forms.CharField(label="标题", max_length=120)
    background = forms.CharField(label="背景", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    measures = forms.CharField(label="做法", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    results = forms.CharField(label="成效", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def text(self) -> CaseText:
        """Return the words as the service takes them."""
        return CaseText(**{name: self.cleaned_data[name] for name in ("title", "background", "measures", "results")})


class NewCaseForm(CaseForm):
    """A new case on one of one's first-level indicators."""

    indicator = forms.ModelChoiceField(label="一级指标", queryset=Indicator.objects.none(), empty_label="请选择")
    field_order = ("indicator",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = linkable_indicators(self.user).filter(level=1)
