"""Logging in and out, and the page of a locked account."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.views.generic import View

from accounts.forms.sign_in import SignInForm
from accounts.middleware import DEVICE_COOKIE, ENDED_BECAUSE, device_of
from accounts.rules import DEVICE_LIFETIME
from accounts.services import begin_session, record_failed_sign_in, sign_out, trust_device
from core import clock
from core.access import ANY_USER
from core.views.base import PermissionDeclared

ENDED_SENTENCES = {"idle": "您有 30 分钟没有操作，已自动退出，请重新登录", "too_old": "登录已满 12 小时，请重新登录"}
LOCKED_SENTENCE = "账号已锁定。连续 5 次密码不正确，请 15 分钟后再试"
#: Public pages of a later part of the product: the links appear when the pages do.
PUBLIC_PAGES = (("complaints:public_form", "我要投诉"), ("complaints:public_progress", "进度查询"))


class SignIn(LoginView):
    """``/login/``. Only failed attempts count; the fifth locks account and address together for 15 minutes."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        ended = self.request.session.pop(ENDED_BECAUSE, None) if self.request.method == "GET" else None
        return super().get_context_data(
            **kwargs, ended=ENDED_SENTENCES.get(ended or "", ""), public_pages=public_pages(), tiles=TILES
        )

    def form_invalid(self, form):
        if form.cleaned_data.get("username") and form.cleaned_data.get("password"):
            record_failed_sign_in(form.cleaned_data["username"], now=clock.now())
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form):
        now, user, request = clock.now(), form.get_user(), self.request
        device, secret = device_of(request, user, now), ""
        label = browser_label(request.headers.get("User-Agent", ""))
        if device is None and form.cleaned_data["trust_device"] and user.may_trust_devices:
            device, secret = trust_device(actor=user, label=label, now=now)
        login(request, user)
        request.session.set_expiry(DEVICE_LIFETIME if device else timedelta(hours=settings.SESSION_ABSOLUTE_HOURS))
        begin_session(
            request.session, user=user, device=device, label=label, address=request.META["REMOTE_ADDR"], now=now
        )
        response = HttpResponseRedirect(self.get_success_url())
        if secret:
            set_device_cookie(response, secret)
        return response


class SignOut(PermissionDeclared, View):
    """``/logout/``: POST only, so that no link or picture logs anybody out."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request):
        sign_out(actor=request.user, session_key=request.session.session_key, now=clock.now())
        logout(request)
        return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))


#: The 28 tiles beside the form: a picture of the heat map, without figures.
TILES = [
    "top",
    "near",
    "near",
    "low",
    ".",
    "near",
    "near",
    ".",
    "top",
    "near",
    "top",
    ".",
    "near",
    "near",
    ".",
    "near",
    "near",
    "seal",
    ".",
    "top",
    "near",
    ".",
    ".",
    "near",
    "near",
    "low",
    ".",
    "near",
]


def public_pages() -> list[dict[str, str]]:
    """Return address and word of the pages open to everybody."""
    return [{"url": reverse(name), "label": label} for name, label in PUBLIC_PAGES]


def set_device_cookie(response: HttpResponse, secret: str) -> None:
    """Leave the device's secret in the browser for 30 days, out of reach of scripts."""
    response.set_cookie(
        DEVICE_COOKIE,
        secret,
        max_age=DEVICE_LIFETIME,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def browser_label(agent: str) -> str:
    """Return browser and system in two words for a person's own list, from the User-Agent header."""
    systems = (("Android", "安卓手机"), ("iPhone", "苹果手机"), ("Windows", "Windows 电脑"), ("Mac OS", "苹果电脑"))
    browsers = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
    system = next((word for key, word in systems if key in agent), "Linux 电脑" if "Linux" in agent else "其他设备")
    browser = next((word for key, word in browsers if key in agent), "浏览器")
    return f"{system} {browser}"


def locked_out(request: HttpRequest, original_response=None, credentials=None) -> HttpResponse:
    """Answer a caller whose account is locked for this address, for either door (settings AXES_LOCKOUT_CALLABLE)."""
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(
            {"code": "locked_out", "detail": LOCKED_SENTENCE, "errors": []}, status=429
        )
    else:
        response = render(request, "accounts/locked.html", {"public_pages": public_pages()}, status=429)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return response
