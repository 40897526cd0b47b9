"""Page bases. A view without a declared permission is an error at import (architecture §6)."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView, TemplateView, View

from core import clock
from core.access import ANY_USER, Permission
from core.exceptions import DomainError, InvalidInput, NotAllowed, PreconditionFailed
from core.workflow import Workflow


class PermissionDeclared(View):
    """Demands that each concrete view declares ``permission`` and checks it before anything else."""

    # With a ``user`` who is an ``accounts.User``, unknown down here, and ``htmx``.
    request: Any
    permission: ClassVar[Permission | str | None] = None
    abstract: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.abstract = cls.__dict__.get("abstract", False)
        if not cls.abstract and cls.permission is None:
            raise TypeError(f"{cls.__name__} must declare permission = Permission.… or ANY_USER")

    def check_permission(self, request) -> None:
        """Raise NotAllowed unless the signed-in person holds the declared permission."""
        if self.permission != ANY_USER and not request.user.can(self.permission):
            raise NotAllowed("您的角色不能打开这个页面。如需办理，请联系县营商办或本单位负责人")

    def dispatch(self, request, *args, **kwargs):
        self.check_permission(request)
        return super().dispatch(request, *args, **kwargs)


def may_open(user, address: str) -> bool:
    """Return whether ``user`` holds the permission of the page at ``address``; a row on it is judged by the page."""
    try:
        view = getattr(resolve(urlsplit(address).path).func, "view_class", None)
    except Resolver404:
        return False
    permission = getattr(view, "permission", None)
    return permission in (None, ANY_USER) or user.can(permission)


class PageView(PermissionDeclared, TemplateView):
    """A page that only reads. Override ``page_context(now)``."""

    abstract = True

    def page_context(self, now) -> dict[str, Any]:
        """Return the template's context as of ``now``."""
        return {}

    def get_context_data(self, **kwargs):
        now = clock.now()
        return super().get_context_data(now=now, today=clock.local_date(now), **self.page_context(now), **kwargs)


class FormPage(PermissionDeclared, FormView):
    """A form that calls one service. Domain errors of the input appear at their fields, with status 422."""

    abstract = True
    success_message = ""

    def perform(self, form):
        """Call the service with ``form.cleaned_data``; return the URL to go to."""
        raise NotImplementedError(f"{type(self).__name__} must call its service")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs):
        now = clock.now()
        return super().get_context_data(now=now, today=clock.local_date(now), **kwargs)

    def form_valid(self, form):
        try:
            url = self.perform(form)
        except InvalidInput as error:
            put_errors_on_form(form, error)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(url)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def put_errors_on_form(form, error: DomainError) -> None:
    """Show ``error`` where it belongs: each entry at its field, the rest above the form."""
    if not error.errors:
        form.add_error(None, error.detail)
    for entry in error.errors:
        form.add_error(entry["field"] if entry["field"] in form.fields else None, entry["detail"])


class ObjectDoor(PermissionDeclared):
    """Fetches ``self.object`` through the user before anything else: invisible rows are 404."""

    abstract = True
    permission = ANY_USER
    model: ClassVar[Any] = None
    lookup_field = "pk"
    #: The workflow and the name of the act this door is for: a person who may not do it gets 403 at once,
    #: and not an empty form, or a complaint about one.
    transition: ClassVar[tuple[Workflow, str] | None] = None

    def get_object(self):
        """Return the row named in the address, among those the user may see."""
        rows = self.model.objects.visible_to(self.request.user)
        return get_object_or_404(rows, **{self.lookup_field: self.kwargs[self.lookup_field]})

    def check_permission(self, request) -> None:
        super().check_permission(request)
        if self.transition:
            workflow, name = self.transition
            workflow.permit(name, self.object, actor=request.user)

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.check_permission(request)  # 404, 403, then 409: the order of api.md holds for pages too
        self.check_version(request)
        return super().dispatch(request, *args, **kwargs)

    def check_version(self, request) -> None:
        """Raise PreconditionFailed when the form was drawn from an older version of the row."""
        sent = request.POST.get("version") if request.method == "POST" else None
        stored = getattr(self.object, "version", None)
        if sent and stored is not None and sent != str(stored):
            raise PreconditionFailed("您打开页面之后有人改动了这一条，请刷新后再办", code="version_conflict")


class TransitionView(ObjectDoor, FormPage):
    """One form, one act. Set ``model``, ``form_class``, ``template_name`` and ``act``."""

    abstract = True
    act: ClassVar[Any] = None

    def perform(self, form):
        self.act(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return self.success_address()

    def success_address(self) -> str:
        """Return where to go after the act; the row's own page unless overridden."""
        return next_address(self.request, self.object.get_absolute_url())


class ActView(ObjectDoor, View):
    """A button: POST only, no input but the reason where the service asks for one."""

    abstract = True
    http_method_names = ("post",)
    act: ClassVar[Any] = None
    success_message = "已办理"

    def post(self, request, *args, **kwargs) -> HttpResponse:
        self.act(self.object, actor=request.user, now=clock.now(), **self.act_input(request))
        messages.success(request, self.success_message)
        return HttpResponseRedirect(next_address(request, self.object.get_absolute_url()))

    def act_input(self, request) -> dict[str, Any]:
        """Return the keyword arguments of the service taken from the form."""
        return {}


def next_address(request: HttpRequest, default: str) -> str:
    """Return the posted ``next`` when it stays on this site, else ``default``."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if address and safe else default
