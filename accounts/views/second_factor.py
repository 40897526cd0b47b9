"""The code after the password, and setting the second factor up."""

import base64

import segno
from django.http import HttpResponseRedirect
from django.urls import reverse_lazy
from django.views.generic import View

from accounts.forms.sign_in import CodeForm
from accounts.services import second_factor
from core import clock
from core.access import ANY_USER
from core.views import FormPage
from core.views.base import PermissionDeclared

HOME = reverse_lazy("overview:home")


class Code(FormPage):
    """``/login/code/``: the six digits that a log-in still owes."""

    permission = ANY_USER
    form_class = CodeForm
    template_name = "accounts/code.html"

    def perform(self, form):
        second_factor.pass_second_factor(self.request.session, actor=self.request.user, code=form.cleaned_data["code"])
        return HOME


class Enrolment(FormPage):
    """``/login/second-factor/``: scan the picture, give one code; administrators must, others may."""

    permission = ANY_USER
    form_class = CodeForm
    template_name = "accounts/enrolment.html"
    success_message = "动态口令已启用，下次登录时需要手机上的数字"

    def get_context_data(self, **kwargs):
        device = second_factor.prepare_second_factor(actor=self.request.user)
        picture = segno.make(second_factor.enrolment_address(device), error="m")
        return super().get_context_data(
            picture=picture.svg_data_uri(scale=5, border=2), key=base64.b32encode(device.bin_key).decode(), **kwargs
        )

    def perform(self, form):
        second_factor.confirm_second_factor(
            self.request.session, actor=self.request.user, code=form.cleaned_data["code"], now=clock.now()
        )
        return HOME


class TurnOff(PermissionDeclared, View):
    """Do without the second factor again; POST only."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request):
        second_factor.turn_off_second_factor(request.user, actor=request.user, now=clock.now())
        return HttpResponseRedirect(reverse_lazy("accounts:profile"))
