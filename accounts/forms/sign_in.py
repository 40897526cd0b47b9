"""The forms of the log-in pages and of one's own password."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from core.forms import ScopedForm


class SignInForm(AuthenticationForm):
    """Account and password; the failure says how many tries are left before the lock-out."""

    username = forms.CharField(
        label="账号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写账号"},
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码"},
    )
    trust_device = forms.BooleanField(
        label="30 天内信任这台设备", help_text="仅限本人使用的手机或电脑，部门人员可用", required=False
    )

    def get_invalid_login_error(self):
        failures = getattr(self.request, "axes_failures_since_start", None) or 0
        left = max(settings.AXES_FAILURE_LIMIT - failures, 0)
        return ValidationError(f"账号或密码不正确。还可再试 {left} 次，之后锁定 15 分钟。", code="invalid_login")


class CodeForm(ScopedForm):
    """Six digits of the authenticator on the telephone."""

    code = forms.CharField(
        label="动态口令",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "请填写手机上的 6 位动态口令"},
    )

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())


class ConfirmationForm(ScopedForm):
    """The password of whoever is logged in, and where to go then."""

    password = forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码"},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class PasswordForm(ScopedForm):
    """The password in force, and the new one twice. The rules are judged by the service."""

    current = forms.CharField(
        label="当前密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写当前密码"},
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        help_text="至少 10 位，含大写、小写、数字、符号中的三类；不含姓名；不用最近 5 次的密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请填写新密码"},
    )
    repeated = forms.CharField(
        label="再输一遍新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请再输一遍新密码"},
    )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("new") and data.get("repeated") and data["new"] != data["repeated"]:
            self.add_error("repeated", "两次输入的新密码不一致")
        return data
