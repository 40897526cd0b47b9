"""Shapes of what is typed about units and the leading group; what it means, the services judge."""

import re

from django import forms

from core.forms import ScopedForm
from departments.models import Department, LeadingGroupMember
from departments.selectors import departments_in_order
from departments.services.leading_group import Member
from departments.services.units import NewDepartment

_SEPARATORS = re.compile(r"[;；、,，\n]")


def _text(label: str, longest: int, **options) -> forms.CharField:
    messages = {"required": f"请填写{label}", "max_length": f"{label}最多 {longest} 个字"}
    return forms.CharField(label=label, max_length=longest, error_messages=messages, **options)


def _day(label: str, **options) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}", "invalid": f"{label}应写作 2026-11-23"},
        **options,
    )


def _place(label: str, **options) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": f"请填写{label}", "invalid": f"{label}应为整数"},
        **options,
    )


class AliasesField(forms.CharField):
    """Other names of a unit, separated by semicolons, commas or lines; cleaned to a list."""

    def __init__(self, **kwargs):
        super().__init__(
            label="别名",
            required=False,
            help_text="导入文件里可能出现的叫法，用分号隔开",
            widget=forms.Textarea(attrs={"rows": 2}),
            **kwargs,
        )

    def prepare_value(self, value):
        return "；".join(value) if isinstance(value, list) else value

    def clean(self, value):
        return [part.strip() for part in _SEPARATORS.split(super().clean(value)) if part.strip()]


class DepartmentForm(ScopedForm):
    """A new unit."""

    code = _text("代码", 20, help_text="小写字母和数字，建好后不再改")
    name = _text("全称", 80)
    short_name = _text("简称", 40)
    kind = forms.ChoiceField(label="类别", choices=Department.Kind.choices)
    aliases = AliasesField()
    office_phone = _text("办公电话", 30, required=False)
    valid_from = _day("设立日期", required=False)

    def unit(self) -> NewDepartment:
        """Return what the service creates the unit from."""
        return NewDepartment(**self.cleaned_data | {"aliases": tuple(self.cleaned_data["aliases"])})


class DepartmentDetailsForm(ScopedForm):
    """Kind, aliases and landline of a unit."""

    kind = forms.ChoiceField(label="类别", choices=Department.Kind.choices)
    aliases = AliasesField()
    office_phone = _text("办公电话", 30, required=False)


class RenameForm(ScopedForm):
    """A new name from a day on."""

    name = _text("新全称", 80)
    short_name = _text("新简称", 40)
    on = _day("自何日起")
    purpose = _text("依据", 200, required=False)


class CloseForm(ScopedForm):
    """The last day of a unit, and who takes its place."""

    on = _day("撤销日期")
    successor = forms.ModelChoiceField(
        label="承接单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="没有承接单位",
        error_messages={"invalid_choice": "没有这个单位"},
    )
    purpose = _text("依据", 200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = departments_in_order().filter(valid_to=None)


class MoveForm(ScopedForm):
    """A new place in the official order."""

    official_order = _place("排到第几位")


class HeadApprovalForm(ScopedForm):
    """Whether the head approves daily reports."""

    head_approval = forms.BooleanField(
        label="日调度须负责人审定",
        required=False,
        help_text="关闭后，填报员提交即为已报，不再等负责人审定",
    )


class MemberForm(ScopedForm):
    """What the leading group's list says about a person."""

    name = _text("姓名", 40)
    job_title = _text("职务", 80)
    position = forms.ChoiceField(label="组内职务", choices=LeadingGroupMember.Position.choices)
    fields_in_charge = _text("分管领域", 500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    department = forms.ModelChoiceField(
        label="单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="不属于某个单位",
        error_messages={"invalid_choice": "没有这个单位"},
    )
    official_order = _place("排序", required=False, initial=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_in_order().filter(valid_to=None)

    def member(self) -> Member:
        """Return what the service puts on the list."""
        values = {name: self.cleaned_data[name] for name in Member.__slots__}
        return Member(**values | {"official_order": values["official_order"] or 0})


class NewMemberForm(MemberForm):
    """A person and the first day of the term."""

    valid_from = _day("任职开始")


class EndMemberForm(ScopedForm):
    """The last day of a term."""

    valid_to = _day("任职结束")
