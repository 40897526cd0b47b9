"""我的: one's own data, deputy, devices, log-ins and tokens."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.views.generic import View

from accounts import services
from accounts.forms.profile import ContactForm, DeputyForm
from accounts.models import ApiToken, BrowserSession, TrustedDevice
from accounts.rules import deputy_stands_on
from accounts.selectors.devices import devices_of, has_second_factor, sessions_of, tokens_of
from accounts.selectors.people import absent_people
from core import clock
from core.access import ANY_USER
from core.views import ActView, FormPage, PageView
from core.views.base import PermissionDeclared, next_address

PROFILE = reverse_lazy("accounts:profile")


class Profile(PageView):
    """``/account/``."""

    permission = ANY_USER
    template_name = "accounts/profile.html"

    def page_context(self, now):
        user, today = self.request.user, clock.local_date(now)
        return {
            "person": user,
            "deputy_is_acting": deputy_stands_on(user, today),
            "absent_people": absent_people(user, today),
            "devices": devices_of(user, now),
            "sessions": sessions_of(user),
            "session_key": self.request.session.session_key,
            "tokens": tokens_of(user, now),
            "has_second_factor": has_second_factor(user),
        }


class Contact(FormPage):
    """Phone and job title."""

    permission = ANY_USER
    form_class = ContactForm
    template_name = "accounts/contact.html"
    success_message = "资料已保存"

    def get_initial(self):
        user = self.request.user
        return {"phone": user.phone, "job_title": user.job_title, "email": user.email}

    def perform(self, form):
        user = self.request.user
        services.edit_person(user, actor=user, now=clock.now(), **form.cleaned_data)
        return PROFILE


class Deputy(FormPage):
    """``/account/deputy/``: who stands in, and until when."""

    permission = ANY_USER
    form_class = DeputyForm
    template_name = "accounts/deputy.html"
    success_message = "代理人已设置"

    def get_initial(self):
        user = self.request.user
        return {"deputy": user.deputy_id, "valid_from": user.deputy_from, "valid_until": user.deputy_until}

    def get_context_data(self, **kwargs):
        return super().get_context_data(person=self.request.user, **kwargs)

    def perform(self, form):
        user = self.request.user
        services.appoint_deputy(user, actor=user, now=clock.now(), **form.cleaned_data)
        return PROFILE


class OwnAct(PermissionDeclared, View):
    """A button on one's own page that concerns no row: POST only, then back to the page."""

    abstract = True
    permission = ANY_USER
    http_method_names = ("post",)
    success_message = "已办理"

    def perform(self, request) -> None:
        """Call the service."""
        raise NotImplementedError(f"{type(self).__name__} must call its service")

    def post(self, request, *args, **kwargs):
        self.perform(request)
        messages.success(request, self.success_message)
        return HttpResponseRedirect(PROFILE)


class DismissDeputy(OwnAct):
    """End the deputy's office at once."""

    permission = ANY_USER
    success_message = "代理已取消"

    def perform(self, request):
        services.dismiss_deputy(request.user, actor=request.user, now=clock.now())


class StartActing(PermissionDeclared, View):
    """Work in an absent person's roles from here on."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request, username):
        now = clock.now()
        absent = get_object_or_404(absent_people(request.user, clock.local_date(now)), username=username)
        services.start_acting(request.session, absent, actor=request.user, now=now)
        messages.success(request, f"现在代{absent.name}办理，记录会同时写明两人姓名")
        return HttpResponseRedirect(reverse("overview:home"))


class StopActing(OwnAct):
    """Work in one's own roles again."""

    permission = ANY_USER
    success_message = "已回到本人身份"

    def perform(self, request):
        services.stop_acting(request.session, actor=request.user, now=clock.now())


class OpenFeed(PermissionDeclared, View):
    """Make the address under which a telephone's calendar subscribes to one's deadlines; shown once."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        token, text = services.open_feed_token(actor=request.user, now=clock.now())
        address = f"{reverse('overview:deadlines')}?{urlencode({'token': text})}"
        context = {"address": request.build_absolute_uri(address), "expires_at": token.expires_at, "back": PROFILE}
        response = render(request, "accounts/calendar_address.html", context)
        response["Cache-Control"] = "no-store"
        return response


class OwnRowAct(ActView):
    """A button beside one of one's own rows; back to the page afterwards."""

    abstract = True
    permission = ANY_USER

    def post(self, request, *args, **kwargs):
        type(self).act(self.object, actor=request.user, now=clock.now())
        if not request.session.exists(request.session.session_key):
            logout(request)  # it was the log-in in hand: nothing may try to save it again
        messages.success(request, self.success_message)
        return HttpResponseRedirect(next_address(request, str(PROFILE)))


class RevokeDevice(OwnRowAct):
    """Trust a device no longer."""

    permission = ANY_USER
    model = TrustedDevice
    act = staticmethod(services.revoke_device)
    success_message = "已不再信任该设备，其上的登录已退出"


class EndSession(OwnRowAct):
    """End one log-in of one's own."""

    permission = ANY_USER
    model = BrowserSession
    act = staticmethod(services.end_session)
    success_message = "该处的登录已退出"


class RevokeToken(OwnRowAct):
    """Revoke a token: one's own, or any as the system administrator."""

    permission = ANY_USER
    model = ApiToken
    act = staticmethod(services.revoke_token)
    success_message = "令牌已吊销"
