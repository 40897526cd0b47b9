"""``<row>/<act>/``: one page for each act of a table, made of what its app says of the act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404

from core import clock
from core.forms import ActForm
from core.views.base import ObjectDoor, TransitionView
from core.workflow import Workflow


@dataclass(frozen=True, slots=True)
class ActPage:
    """What the page of an act is made of.

    ``effect`` says what happens beside what is typed; a page without fields is its confirmation.
    """

    service: Callable
    form: type[ActForm] = ActForm
    effect: str = ""
    done: str = "已办理"

    @property
    def asks(self) -> bool:
        """Return whether anything is to be typed or chosen."""
        return bool(self.form.base_fields)


class TableAct(TransitionView):
    """The form of one act; refusals in the contract's order (404, 403, 412, 409) before it is even shown.

    Set ``model``, ``template_name``, ``workflow``, ``acts`` and ``row_name``; the address names the act.
    """

    abstract = True
    workflow: ClassVar[Workflow]
    #: The acts that have a page, by name.
    acts: ClassVar[Mapping[str, ActPage]]
    #: What the template calls the row.
    row_name: ClassVar[str]

    @property
    def name(self) -> str:
        """The act in the address."""
        return self.kwargs["act"]

    @property
    def page(self) -> ActPage:
        """Return what the act's page is made of; 404 for an unknown act."""
        if self.name not in self.acts:
            raise Http404("没有这一步")
        return self.acts[self.name]

    def check_permission(self, request):
        ObjectDoor.check_permission(self, request)
        if self.page:
            self.workflow.permit(self.name, self.object, actor=request.user)

    def check_version(self, request):
        super().check_version(request)
        self.workflow.check(self.name, self.object, actor=request.user)

    def get_form_class(self):
        return self.page.form

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"row": self.object}

    def effect(self) -> str:
        """Return what the act does beside what is typed, in a sentence; empty where nothing is to be said."""
        return self.page.effect

    def get_context_data(self, **kwargs):
        label = self.workflow.transitions[self.name].label
        shown = {self.row_name: self.object, "label": label, "effect": self.effect()}
        return super().get_context_data(**shown, **kwargs)

    def perform(self, form):
        made = self.page.service(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, self.page.done)
        return self.address_after(made)

    def address_after(self, made: Any) -> str:
        """Return where to go, given what the service returned: to the row acted on."""
        return self.success_address()
