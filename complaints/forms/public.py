"""Forms of the public pages: short, with a trap for machines instead of a captcha."""

from typing import Any

from django import forms

from complaints.forms.acts import FILES_HELP
from complaints.models import HandlingRound
from complaints.services.public import ANSWERS
from core import clock
from core.forms import paragraph
from core.forms.files import FilesField
from departments.models import Department
from departments.selectors import valid_departments

MOST_FILES = 5


class UpToFiveFiles(FilesField):
    """The files of a visitor."""

    def clean(self, data, initial=None):
        files = super().clean(data, initial)
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多 {MOST_FILES} 个文件")
        return files


class PublicForm(forms.Form):
    """A form of somebody without an account; it takes ``user`` like every other, who is nobody."""

    # The stubs know a field's base class only, and doubt that a form was cleaned.
    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)


class PublicComplaintForm(PublicForm):
    """A complaint against the business environment. ``website`` is the trap: people do not see it."""

    content = paragraph("投诉内容", longest=5_000, rows=6, help_text="时间、地点、涉及单位、经过和诉求")
    title = forms.CharField(label="标题", max_length=120, required=False, help_text="不填则取内容前 30 个字")
    accused_department = forms.ModelChoiceField(
        label="被投诉单位",
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="不清楚或不在列表中",
    )
    enterprise = forms.CharField(label="企业名称", max_length=120, required=False)
    place = forms.CharField(label="地点", max_length=200, required=False)
    caller_name = forms.CharField(
        label="您的姓名", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    caller_phone = forms.CharField(
        label="联系电话",
        max_length=40,
        required=False,
        help_text="加密保存，只用于核实和回访",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    anonymous = forms.BooleanField(
        label="匿名投诉", required=False, help_text="不保存姓名和电话，不回访，凭查询码看结果"
    )
    attachments = UpToFiveFiles(label="附件", help_text=f"{FILES_HELP}，最多 {MOST_FILES} 个")
    consent = forms.BooleanField(
        label="我已阅读并同意上述说明，保证内容真实", error_messages={"required": "请阅读说明并勾选同意"}
    )
    website = forms.CharField(
        label="请留空", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accused_department"].queryset = valid_departments(clock.today())

    def clean_website(self) -> str:
        """Refuse what fills everything in."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError("这一栏请留空")
        return ""

    def facts(self) -> dict[str, Any]:
        """Return the facts for the service."""
        beside = {"attachments", "consent", "website"}
        return {name: value for name, value in self.cleaned_data.items() if name not in beside}


class LookUpForm(PublicForm):
    """Number and code."""

    number = forms.CharField(
        label="编号",
        max_length=40,
        help_text="如 YS20261123-0001",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        error_messages={"required": "请填写编号"},
    )
    code = forms.CharField(
        label="查询码",
        max_length=16,
        help_text="提交成功时显示的 8 位字母和数字",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        error_messages={"required": "请填写查询码"},
    )


class MaterialForm(PublicForm):
    """What is added later."""

    note = paragraph("补充说明", required=False, longest=2_000, rows=3)
    attachments = UpToFiveFiles(label="附件", help_text=f"{FILES_HELP}，最多 {MOST_FILES} 个")


class RatingForm(PublicForm):
    """Whether it is solved, and how satisfied they are."""

    solved = forms.ChoiceField(
        label="是否解决",
        choices=HandlingRound.Solved.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否解决"},
    )
    result = forms.ChoiceField(
        label="满意度",
        choices=[(answer.value, answer.label) for answer in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择满意度"},
    )
    note = paragraph("说明", required=False, longest=500, rows=3)
