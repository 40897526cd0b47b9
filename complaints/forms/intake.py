"""Registration and correction of a complaint; ``cleaned_data`` holds the facts of ``services.intake``."""

from typing import Any

from django import forms

from complaints.forms.acts import FILES_HELP
from complaints.models import Complaint
from core import clock
from core.forms import ScopedForm, paragraph
from core.forms.files import FilesField
from core.models import DeadlineRule
from departments.models import Department
from departments.selectors import valid_departments
from indicators.selectors.expectation import first_level_indicators

MOMENT: dict[str, Any] = {
    # With seconds, so that a limit at 23:59:59 comes back as it stood.
    "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M:%S"),
    "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
}


def line(label: str, longest: int, **options) -> forms.CharField:
    """Return a text of one line that may be left out."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        error_messages={"max_length": f"{label}最多 {longest} 个字"},
        **options,
    )


class FactsForm(ScopedForm):
    """What is registered and may be corrected later."""

    type = forms.ChoiceField(
        label="诉求类型",
        choices=[("", "请选择"), *DeadlineRule.ComplaintType.choices],
        error_messages={"required": "请选择诉求类型"},
    )
    urgency = forms.ChoiceField(label="紧急程度", choices=DeadlineRule.Urgency.choices, initial="normal")
    grade = forms.ChoiceField(
        label="等级",
        choices=[("", "未定级"), *DeadlineRule.Grade.choices],
        required=False,
        help_text="只有营商环境投诉定级，派单前必须定级",
    )
    title = line("标题", 120, help_text="不填则取诉求内容前 30 个字")
    place = line("地点", 200)
    enterprise = line("企业", 120)
    indicator = forms.ModelChoiceField(
        label="涉及指标",
        queryset=first_level_indicators(),
        to_field_name="code",
        required=False,
        empty_label="不涉及或不清楚",
    )
    accused_department = forms.ModelChoiceField(
        label="被反映单位",
        queryset=Department.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="无",
        help_text="举报和营商环境投诉填写；被反映单位不能办理对自己的投诉",
    )
    caller_name = line("诉求人", 40)
    caller_phone = line("联系电话", 120, help_text="多个号码用分号隔开，加密保存")
    anonymous = forms.BooleanField(label="匿名", required=False, help_text="不保存姓名和电话，不回访")
    provincial_number = line("省平台案件号", 60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accused_department"].queryset = valid_departments(clock.today())


class IntakeForm(FactsForm):
    """A complaint to be registered."""

    regime = forms.ChoiceField(label="类别", choices=Complaint.Regime.choices, initial="hotline")
    channel = forms.ChoiceField(label="渠道", choices=Complaint.Channel.choices, initial="phone")
    content = paragraph("诉求内容", longest=10_000, rows=5)
    confidential = forms.NullBooleanField(
        label="保密",
        required=False,
        widget=forms.Select(choices=[("unknown", "按类型（举报保密）"), ("true", "保密"), ("false", "不保密")]),
    )
    received_at = forms.DateTimeField(
        label="受理时间",
        required=False,
        help_text="不填则为现在",
        error_messages={"invalid": "受理时间应写作 2026-11-23 10:00"},
        **MOMENT,
    )
    attachments = FilesField(label="附件", help_text=FILES_HELP)
    field_order = (
        *("regime", "channel", "type", "urgency", "grade", "content", "title", "place", "enterprise", "indicator"),
        *("accused_department", "caller_name", "caller_phone", "anonymous", "confidential", "received_at"),
        *("provincial_number", "attachments"),
    )

    @property
    def groups(self) -> list[tuple[str, list, list]]:
        """The fields under their headings, wide ones and those that stand two in a row, as a talk goes."""
        words = {
            "诉求": (("content", "title"), ("type", "urgency", "regime", "grade", "channel", "received_at")),
            "诉求人": ((), ("caller_name", "caller_phone", "confidential", "anonymous")),
            "涉及": ((), ("enterprise", "place", "indicator", "accused_department", "provincial_number")),
            "材料": (("attachments",), ()),
        }
        return [
            (word, [self[name] for name in wide], [self[name] for name in narrow])
            for word, (wide, narrow) in words.items()
        ]


class CorrectionForm(FactsForm):
    """A correction; an empty name or phone leaves the caller as it is."""

    title = forms.CharField(label="标题", max_length=120, error_messages={"required": "请填写标题"})
    confidential = forms.BooleanField(label="保密", required=False)
    relevance = forms.ChoiceField(label="是否涉营商", choices=Complaint.Relevance.choices)
    upstream_due_at = forms.DateTimeField(
        label="平台时限", required=False, error_messages={"invalid": "平台时限应写作 2026-11-30 17:30"}, **MOMENT
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A unit that has been closed since stays named.
        present = Department.objects.filter(code=self.initial.get("accused_department") or "")
        self.fields["accused_department"].queryset |= present.order_by("official_order", "pk")

    @staticmethod
    def initial_of(complaint: Complaint) -> dict[str, Any]:
        """Return what stands there now; name and phone never."""
        names = (
            *("type", "urgency", "grade", "title", "place", "enterprise", "anonymous", "confidential"),
            *("relevance", "provincial_number", "upstream_due_at"),
        )
        return {name: getattr(complaint, name) for name in names} | {
            "indicator": complaint.indicator and complaint.indicator.code,
            "accused_department": complaint.accused_department and complaint.accused_department.code,
        }

    def changes(self) -> dict[str, Any]:
        """Return the facts for the service: name and phone where something was typed, 保密 where it was changed."""
        as_it_stood = {name for name in ("caller_name", "caller_phone") if not self.cleaned_data[name]}
        as_it_stood |= {"confidential"} - set(self.changed_data)
        return {name: value for name, value in self.cleaned_data.items() if name not in as_it_stood}
