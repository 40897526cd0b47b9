"""What is judged on every request of a signed-in browser: limits of the log-in, deputy, debts before work.

Order (settings ``MIDDLEWARE``): limits first, because an ended log-in acts for nobody; then the deputy;
then the log-in itself; the debts (code, new password) last, when the view is known.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from accounts.confirmation import FIELD, FILES_LOST, PasswordConfirmationRequired
from accounts.digests import digest_of
from accounts.models import User
from accounts.rules import SessionEnd, must_change_password, session_end
from accounts.selectors.devices import valid_device
from accounts.services.deputies import ACTING_FOR
from accounts.services.sessions import AWAITING, CODE, SEEN, STARTED, keep_session
from core import clock

DEVICE_COOKIE = "trusted_device"
#: Read once by the log-in page: why the person finds themselves there again.
ENDED_BECAUSE = "ended_because"

#: Pages that stay open to somebody who owes a code or a new password.
_OPEN_IN_DEBT = frozenset({"accounts:login", "accounts:logout", "accounts:code", "accounts:enrolment"})


class SessionLimitsMiddleware:
    """End a log-in after 30 idle minutes or 12 hours; a trusted device lasts its 30 days instead.

    The device is looked up only when the ordinary limit has passed, so usually this costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.judge(request, clock.now())
        return self.get_response(request)

    def judge(self, request: Any, now: datetime) -> None:
        """Keep the session alive at ``now``, or end it and leave the reason for the log-in page."""
        end: SessionEnd | None = SessionEnd.TOO_OLD  # a session without marks was not opened by a log-in
        if request.session.get(SEEN):
            end = session_end(
                started_at=datetime.fromisoformat(request.session[STARTED]),
                seen_at=datetime.fromisoformat(request.session[SEEN]),
                now=now,
                idle=timedelta(minutes=settings.SESSION_IDLE_MINUTES),
                absolute=timedelta(hours=settings.SESSION_ABSOLUTE_HOURS),
            )
        if end is None or device_of(request, request.user, now):
            keep_session(request.session, now=now)
            return
        logout(request)
        request.session[ENDED_BECAUSE] = end.value


def device_of(request: HttpRequest, user: User, now: datetime):
    """Return the trusted device of ``user`` that this browser proves to be by its cookie, None otherwise."""
    secret = request.COOKIES.get(DEVICE_COOKIE)
    return valid_device(digest_of(secret), user=user, now=now) if secret else None


class ActingUserMiddleware:
    """Let a deputy work in the absent person's roles while the dates say so, judged anew on each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (absent_id := request.session.get(ACTING_FOR)):
            absent = User.objects.filter(pk=absent_id).first()
            if absent and request.user.may_act_for(absent, clock.today()):
                request.user.acting_for = absent
            else:
                del request.session[ACTING_FOR]
        return self.get_response(request)


class LogInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's, and for htmx the whole page goes to the log-in instead of a part of it."""

    def handle_no_permission(self, request: HttpRequest, view_func) -> Any:
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = QueryDict(mutable=True)
        back["next"] = f"{page.path}?{page.query}" if page.query else page.path or "/"
        return HttpResponse(status=204, headers={"HX-Redirect": f"{reverse('accounts:login')}?{back.urlencode()}"})


class PasswordConfirmationMiddleware(MiddlewareMixin):
    """Ask for the password in between, and come back with what was typed (``accounts.confirmation``).

    A page is asked for at its own address again; a form is kept on the step-up page, which sends it once more
    with the password. htmx gets the sentence as an alert, from ``core.middleware``.
    """

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PasswordConfirmationRequired) or request.htmx:
            return None
        if request.method != "POST":
            back = QueryDict(mutable=True)
            back["next"] = request.get_full_path()
            return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{back.urlencode()}")
        ours = {"csrfmiddlewaretoken", FIELD}
        kept = [(name, value) for name, values in request.POST.lists() if name not in ours for value in values]
        if request.FILES:
            kept.append((FILES_LOST, "1"))
        wrong = exception.detail if FIELD in request.POST else ""
        context = {"kept": kept, "wrong": wrong, "has_files": bool(request.FILES), "field": FIELD}
        return render(request, "accounts/confirm_again.html", context, status=403)


class PasswordChangeMiddleware(MiddlewareMixin):
    """Before anything else: the code of the second factor, then a new password where one is due.

    Pages send the person there; the API answers 403 with the reason. Public pages stay public.
    """

    def process_view(self, request: Any, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        owed = self.owed(request)
        is_api = request.path.startswith("/api/")
        is_public = not is_api and not getattr(view, "login_required", True)
        if owed is None or is_public or request.resolver_match.view_name in {*_OPEN_IN_DEBT, owed[0]}:
            return None
        page, code, sentence = owed
        if is_api:
            return JsonResponse({"code": code, "detail": sentence, "errors": []}, status=403)
        return HttpResponseRedirect(reverse(page))

    def owed(self, request: Any) -> tuple[str, str, str] | None:
        """Return the page that settles what is owed, its code and sentence; None when nothing is."""
        if awaiting := request.session.get(AWAITING):
            page = "accounts:code" if awaiting == CODE else "accounts:enrolment"
            return page, "second_factor_required", "请先输入动态口令"
        if must_change_password(request.user, clock.now()):
            return "accounts:password", "password_change_required", "请先在网页上修改密码"
        return None
