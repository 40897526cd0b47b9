"""One's own password."""

from django.contrib.auth import update_session_auth_hash
from django.urls import reverse

from accounts.forms.sign_in import PasswordForm
from accounts.rules import must_change_password
from accounts.services import change_password, rename_session
from core import clock
from core.access import ANY_USER
from core.views import FormPage


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
