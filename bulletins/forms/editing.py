"""What is typed on the page of a draft: words by section, reasons, the stamped scan."""

from collections.abc import Iterable
from typing import Any

from django import forms

from bulletins.models import Bulletin
from core.forms import ReasonForm, ScopedForm

LONGEST_TEXT = 20_000
HEAD = ("title", "opening")


class SectionField(forms.CharField):
    """The words of one section; ``version`` is that of the words the form was drawn with."""

    def __init__(self, *, version: int, **options: Any):
        self.version = version
        super().__init__(
            required=False,
            max_length=LONGEST_TEXT,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 9}),
            error_messages={"max_length": f"一段最多 {LONGEST_TEXT} 个字"},
            **options,
        )


class EditForm(ScopedForm):
    """Title, first paragraph, and one field for each of the sections named; ``{name}`` stands for a bound number.

    Args:
        bulletin: the draft.
        keys: of the sections to be edited, in any order.
    """

    title = forms.CharField(
        label="标题",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请填写标题", "max_length": "标题最多 200 个字"},
    )
    opening = forms.CharField(
        label="首段",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="留空则用“现将有关情况通报如下。”",
        error_messages={"max_length": "首段最多 1000 个字"},
    )

    def __init__(self, *args: Any, bulletin: Bulletin, keys: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.bulletin = bulletin
        if bulletin.kind != Bulletin.Kind.NOTICE:
            self.fields["opening"].help_text = "可以留空"
        wanted = set(keys)
        for section in bulletin.sections.all():
            if section.key in wanted:
                self.fields[section.key] = SectionField(
                    label=section.title, initial=section.text, version=section.version
                )

    def texts(self) -> dict[str, str]:
        """Return the words typed, by section."""
        return {name: value for name, value in self.cleaned_data.items() if name not in HEAD}


class LeaveOutForm(ScopedForm):
    """An overdue item not to be named, with the reason."""

    item_number = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(
        label="不列入的理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明不列入的理由", "max_length": "理由最多 500 个字"},
    )


class ScanForm(ScopedForm):
    """The stamped scan, a PDF."""

    file = forms.FileField(
        label="盖章扫描件",
        help_text="PDF 文件，不超过 20 MB；只能上传一次，不替换已固定的文件",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "请选择 PDF 文件", "empty": "这个文件是空的"},
    )


class CorrectionForm(ReasonForm):
    """Why an issued paper is corrected: the reason is printed."""

    reason = forms.CharField(
        label="更正理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会写进更正通报的首段，如“按期办结数有误”",
        error_messages={"required": "请写明更正理由", "max_length": "理由最多 500 个字"},
    )
