"""One's own password: changing it, and typing it again before a signature."""

from django.contrib.auth import update_session_auth_hash
from django.urls import reverse

from accounts.confirmation import PasswordConfirmationRequired, confirm_password
from accounts.forms.sign_in import ConfirmationForm, PasswordForm
from accounts.rules import must_change_password
from accounts.services import change_password, rename_session
from core import clock
from core.access import ANY_USER
from core.exceptions import InvalidInput
from core.views import FormPage
from core.views.base import next_address


class Password(FormPage):
    """``/account/password/``: also where somebody is sent whose password is a one-time one or 90 days old."""

    permission = ANY_USER
    form_class = PasswordForm
    template_name = "accounts/password.html"
    success_message = "密码已修改，其他设备上的登录都已退出"

    def get_context_data(self, **kwargs):
        owed = must_change_password(self.request.user, clock.now())
        return super().get_context_data(is_owed=owed, **kwargs)

    def perform(self, form):
        request, old_key = self.request, self.request.session.session_key
        words = {name: form.cleaned_data[name] for name in ("current", "new")}
        person = change_password(request.user, actor=request.user, now=clock.now(), **words)
        update_session_auth_hash(request, person)
        request.session.save()
        rename_session(old_key, new_key=request.session.session_key)
        return reverse("overview:home")


class Confirm(FormPage):
    """``/account/confirm/``: the password again, before identities and signatures on a trusted device."""

    permission = ANY_USER
    form_class = ConfirmationForm
    template_name = "accounts/confirm.html"

    def get_initial(self):
        return {"next": self.request.GET.get("next", "")}

    def perform(self, form):
        try:
            confirm_password(self.request, form.cleaned_data["password"], now=clock.now())
        except PasswordConfirmationRequired as refused:
            raise InvalidInput.at("password", refused.detail, code=refused.code) from None
        return next_address(self.request, reverse("accounts:profile"))
