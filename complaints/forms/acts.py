"""What each act asks for on its page; ``cleaned_data`` holds the keywords of its service."""

from collections.abc import Sequence
from typing import Any

from django import forms

from complaints.models import CallBack, Complaint, HandlingRound
from complaints.selectors.similar import Suggestion
from core import clock
from core.forms import ActForm, MaybeReasonForm, ReasonForm, paragraph
from core.forms.files import FilesField
from departments.models import Department
from departments.selectors import valid_departments
from supervision.models import Issue

FILES_HELP = "单个文件不超过 20 MB，可选多个"


def due_day(label: str, *, required: bool) -> forms.DateField:
    """Return a day, chosen or typed."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}", "invalid": f"{label}应写作 2026-11-23"},
    )


class RefusalForm(MaybeReasonForm):
    """Agreeing to refuse; regime business asks for the province's approval as well."""

    approval_number = forms.CharField(label="省级批准文号", required=False, max_length=60)
    approval_on = forms.DateField(
        label="批准日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "批准日期应写作 2026-11-23"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.row.regime != Complaint.Regime.BUSINESS:
            del self.fields["approval_number"], self.fields["approval_on"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        number, on = self.cleaned_data.pop("approval_number", ""), self.cleaned_data.pop("approval_on", None)
        if number or on:
            self.cleaned_data["provincial_approval"] = {"number": number, "on": on}
        return self.cleaned_data


class DuplicateForm(ActForm):
    """Which complaint stays."""

    duplicate_of = forms.ModelChoiceField(
        label="并入的工单编号",
        queryset=Complaint.objects.all(),
        to_field_name="number",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写并入的工单编号", "invalid_choice": "没有这个编号的工单"},
    )


class TransferForm(ReasonForm):
    """To whom, and why."""

    to = forms.CharField(label="移交单位", max_length=120, error_messages={"required": "请填写移交单位"})
    field_order = ("to", "reason")


class UnitsForm(ActForm):
    """Offers the units that exist today, the accused one left out."""

    def offered(self):
        """Return the units that may handle the complaint."""
        units = valid_departments(clock.today())
        return units.exclude(pk=self.row.accused_department_id) if self.row.accused_department_id else units


def units(label: str, *, required: bool) -> forms.ModelMultipleChoiceField:
    """Return a choice of several units, by code."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=Department.objects.all(),
        to_field_name="code",
        required=required,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="可选多个",
        error_messages={"required": f"请选择{label}", "invalid_choice": "没有这个单位"},
    )


class DispatchForm(UnitsForm):
    """Who leads, with those the content suggests, and who helps; R2 may choose the accused unit with a reason."""

    department = forms.ModelChoiceField(
        label="主办单位",
        queryset=Department.objects.all(),
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择主办单位", "invalid_choice": "没有这个单位"},
    )
    assisting = units("协办单位", required=False)
    override_reason = paragraph(
        "改由被反映单位办理的理由", required=False, longest=500, rows=2, help_text="仅在选择被反映单位时填写"
    )

    def __init__(self, *args, may_override: bool = False, suggested: Sequence[Suggestion] = (), **kwargs):
        super().__init__(*args, **kwargs)
        offered = valid_departments(clock.today()) if may_override else self.offered()
        self.fields["department"].queryset = offered
        accused = self.row.accused_department
        reasons = [f"{one.name}（{one.reason}）" for one in suggested if accused is None or one.code != accused.code]
        if reasons:
            self.fields["department"].help_text = f"建议：{'、'.join(reasons)}"
        self.fields["assisting"].queryset = self.offered()
        if not (may_override and self.row.accused_department_id):
            del self.fields["override_reason"]


class AssistingForm(UnitsForm):
    """Further units that help."""

    assisting = units("协办单位", required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assisting"].queryset = self.offered().exclude(pk=self.row.department_id)


class NoteForm(ActForm):
    """A note with files."""

    note = paragraph("内容")
    attachments = FilesField(label="附件", help_text=FILES_HELP)


class ExtensionForm(ActForm):
    """How many working days more, and why."""

    workdays = forms.IntegerField(
        label="延长工作日数",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写延长工作日数", "invalid": "延长工作日数应为整数"},
    )
    reason = paragraph("理由", longest=500, rows=3)


class GrantForm(ReasonForm):
    """Why and until when the lead department may see who complained."""

    until = forms.DateTimeField(
        label="有效期至",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        help_text="最长 30 天",
        error_messages={"required": "请填写有效期", "invalid": "有效期应写作 2026-11-30 17:30"},
    )


class SubmitForm(ActForm):
    """The result: what stays inside, what goes out, and whether it is solved."""

    public_reply = paragraph("公开答复", rows=6, help_text="给诉求人看，不写手机号、身份证号、车牌号和内部情况")
    inner_report = paragraph("内部办理报告", rows=6, help_text="只在系统内可见")
    is_solved = forms.TypedChoiceField(
        label="诉求是否已解决",
        choices=[("yes", "已解决"), ("no", "未解决")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择诉求是否已解决"},
    )
    attachments = FilesField(label="附件", help_text=FILES_HELP)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = self.row.current_round
        if current is not None and current.public_reply:
            self.initial.update(public_reply=current.public_reply, inner_report=current.inner_report)


class CallBackForm(ActForm):
    """What the complainant answered."""

    result = forms.ChoiceField(
        label="回访结果",
        choices=CallBack.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择回访结果"},
    )
    solved = forms.ChoiceField(
        label="诉求人说是否解决", choices=[("", "按满意度"), *HandlingRound.Solved.choices], required=False
    )
    note = paragraph("说明", required=False, longest=1_000, rows=3)


class SuperviseForm(ActForm):
    """What the department must do, and by when it answers."""

    requirement = paragraph("督办要求", longest=1_000, help_text="印在督办单上，不写诉求人姓名和电话")
    due_on = due_day("回复时限", required=True)


class RaiseIssueForm(ActForm):
    """What is to be rectified, and by when."""

    requirement = paragraph("整改要求", longest=1_000, help_text="不写诉求人姓名和电话")
    limit_kind = forms.ChoiceField(label="整改时限类型", choices=Issue.LimitKind.choices, initial="deadline")
    due_on = due_day("整改时限", required=False)


class RevealForm(ActForm):
    """What the identity is needed for."""

    purpose = forms.CharField(
        label="查看用途", max_length=200, error_messages={"required": "请写明查看用途"}, help_text="将记入审计日志"
    )
