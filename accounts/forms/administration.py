"""Forms of the administrators' console. They judge shape; what an account may be is judged by the services."""

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import AccountRequest, ApiToken
from accounts.roles import Role
from core.forms import ScopedForm
from core.settings_registry import SETTINGS, SettingSpec
from departments.models import Department

REASON = {"required": "请写明事由"}


class UnitChoice(forms.ModelChoiceField):
    """A unit by its short name, in the official order."""

    def label_from_instance(self, department):
        return department.short_name


def unit_field(**kwargs) -> UnitChoice:
    """Return the choice of a unit; empty means none."""
    return UnitChoice(
        label="单位",
        queryset=Department.objects.all(),
        required=False,
        empty_label="无单位",
        error_messages={"invalid_choice": "没有这个单位"},
        **kwargs,
    )


def roles_field() -> forms.MultipleChoiceField:
    """Return the choice of roles."""
    return forms.MultipleChoiceField(
        label="角色",
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="管理员互不兼任，也不兼任业务角色",
        error_messages={"required": "请至少选择一个角色", "invalid_choice": "没有这个角色"},
    )


def reason_field() -> forms.CharField:
    """Return the reason that the one who decides will read."""
    return forms.CharField(
        label="事由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), error_messages=REASON
    )


class AccountFilterForm(ScopedForm):
    """What the list of accounts is narrowed by."""

    search = forms.CharField(label="登录名或姓名", max_length=40, required=False)
    department = forms.ModelChoiceField(
        label="单位", queryset=Department.objects.all(), to_field_name="code", required=False, empty_label="全部单位"
    )
    role = forms.ChoiceField(label="角色", choices=[("", "全部角色"), *Role.choices], required=False)
    state = forms.ChoiceField(
        label="状态",
        choices=[("", "全部状态"), ("active", "启用"), ("disabled", "停用"), ("service", "接口账号")],
        required=False,
    )


class NewAccountForm(ScopedForm):
    """A new account, proposed."""

    username = forms.CharField(
        label="登录名",
        max_length=40,
        help_text="小写字母开头，如 zjj_reporter",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        error_messages={"required": "请填写登录名"},
    )
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名"})
    department = unit_field()
    job_title = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.CharField(label="电话", max_length=30, required=False)
    roles = roles_field()
    is_service = forms.BooleanField(
        label="接口账号", help_text="供程序调用接口，不能登录网页，由系统管理员签发令牌", required=False
    )
    reason = reason_field()


class RolesForm(ScopedForm):
    """Which roles somebody is to hold."""

    roles = roles_field()
    reason = reason_field()


class DepartmentForm(ScopedForm):
    """Which unit somebody is to belong to."""

    department = unit_field()
    reason = reason_field()


class AccountReasonForm(ScopedForm):
    """A change that needs nothing but its reason."""

    reason = reason_field()


class DecisionForm(ScopedForm):
    """An approval, with or without a word."""

    note = forms.CharField(label="审批意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PersonForm(ScopedForm):
    """Name and how to reach a person."""

    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名"})
    job_title = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.CharField(label="电话", max_length=30, required=False)


class TokenForm(ScopedForm):
    """A new token of a service account."""

    name = forms.CharField(
        label="用途", max_length=80, help_text="如 市级平台每晚取数", error_messages={"required": "请写明用途"}
    )
    scope = forms.ChoiceField(label="范围", choices=ApiToken.Scope.choices, widget=forms.RadioSelect, initial="read")
    days = forms.IntegerField(
        label="有效期（天）",
        initial=180,
        error_messages={"required": "请填写有效期", "invalid": "有效期应是整数天"},
    )
    allowed_addresses = forms.CharField(
        label="允许的地址",
        required=False,
        help_text="每行一个地址或网段，如 10.1.2.0/24；不填则不限",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_allowed_addresses(self):
        return self.cleaned_data["allowed_addresses"].split()


class RequestFilterForm(ScopedForm):
    """Which requests are listed."""

    status = forms.ChoiceField(choices=[("", "全部"), *AccountRequest.Status.choices], required=False)


class AuditFilterForm(ScopedForm):
    """What the audit log is narrowed by."""

    actor = forms.CharField(label="操作人", max_length=40, required=False)
    action = forms.CharField(label="操作", max_length=60, required=False)
    target = forms.CharField(label="对象", max_length=80, required=False)
    since = forms.DateField(
        label="从",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期应写成 2026-10-12"},
    )
    until = forms.DateField(
        label="到",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期应写成 2026-10-12"},
    )


SETTING_GROUPS = {
    "daily": "日调度",
    "score": "得分",
    "light": "亮灯",
    "accounts": "账号",
    "site": "站点",
    "imports": "导入",
    "complaints": "投诉",
    "issues": "问题",
    "bulletins": "通报",
}


class SettingsForm(ScopedForm):
    """Every setting of the registry as a field of its kind; dots are kept out of the field names."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        for spec in SETTINGS.values():
            self.fields[field_name(spec.name)] = setting_field(spec)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under the heading of their settings' first word, in the registry's order."""
        grouped: dict[str, list[forms.BoundField]] = {}
        for name in SETTINGS:
            title = SETTING_GROUPS.get(name.partition(".")[0], "其他")
            grouped.setdefault(title, []).append(self[field_name(name)])
        return list(grouped.items())

    def given(self) -> dict[str, object]:
        """Return the cleaned values by the settings' own names."""
        return {name: self.cleaned_data[field_name(name)] for name in SETTINGS}


def field_name(setting_name: str) -> str:
    """Return the form field of a setting: ``daily.cut_off`` is ``daily__cut_off``."""
    return setting_name.replace(".", "__")


def setting_field(spec: SettingSpec) -> forms.Field:
    """Return the field that asks for a setting of ``spec``'s kind."""
    label = f"{spec.label}（{spec.unit}）" if spec.unit else spec.label
    shared: dict[str, Any] = {"label": label, "help_text": spec.help}
    if isinstance(spec.default, bool):
        return forms.ChoiceField(choices=[("true", "是"), ("false", "否")], **shared)
    if isinstance(spec.default, time):
        wrong = {"required": "请填写时间", "invalid": "时间应写成 17:30"}
        return forms.TimeField(
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), error_messages=wrong, **shared
        )
    if isinstance(spec.default, int):
        wrong = {"required": "请填写整数", "invalid": "应是整数", "min_value": "不能小于 0"}
        return forms.IntegerField(min_value=0, error_messages=wrong, **shared)
    if isinstance(spec.default, Decimal):
        return forms.DecimalField(error_messages={"required": "请填写数值", "invalid": "应是数值"}, **shared)
    return forms.CharField(max_length=200, required=False, **shared)
