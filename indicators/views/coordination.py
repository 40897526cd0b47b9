"""``/coordination/`` and ``/instructions/``: what was asked and instructed, with owner, due date and reply."""

from django.core.paginator import Paginator
from django.urls import reverse
from django.views.generic import View

from accounts.selectors import people_with_permission
from core import clock
from core.access import ANY_USER, Permission
from core.forms import ReasonForm
from core.views.base import ActView, FormPage, PageView, PermissionDeclared, TransitionView
from core.views.exports import answer_export
from indicators.forms.coordination import AssignForm, InstructionForm, ReplyForm
from indicators.models import CoordinationItem
from indicators.selectors.coordination import VIEWS, listed_items, matching_items
from indicators.services import coordination as services
from indicators.views.opening import RowPage
from indicators.workflow.coordination import COORDINATION


class CoordinationList(PageView):
    """Asks of departments and instructions of leaders, with owner, due date and reply."""

    permission = Permission.READ_CATALOGUE
    template_name = "dispatch/coordination_list.html"

    def page_context(self, now):
        view = self.request.GET.get("view", "")
        view = view if view in VIEWS else ""
        return {
            "page": Paginator(matching_items(self.request.user, view), 50).get_page(self.request.GET.get("page")),
            "view": view,
            "views": [(code, word) for code, (word, _) in VIEWS.items()],
            "sees_board": self.request.user.can(Permission.SEE_DISPATCH_BOARD),
            "may_review": self.request.user.can(Permission.REVIEW_REPORTS),
        }


class ExportItems(PermissionDeclared, View):
    """The list as .xlsx, in the view it is in."""

    permission = Permission.READ_CATALOGUE

    def get(self, request, *args, **kwargs):
        return answer_export(request, "coordination")


class CoordinationDetail(RowPage):
    """One item, and what this person may do with it."""

    permission = ANY_USER
    model = CoordinationItem
    template_name = "dispatch/coordination_detail.html"

    def page_context(self, now):
        simple = {"close"}
        actions = [
            {
                "name": act.name,
                "label": act.label,
                "url": reverse(f"indicators:coordination_{act.name}", args=[self.object.pk]),
                "is_simple": act.name in simple,
            }
            for act in COORDINATION.available(self.object, self.request.user)
        ]
        return {"item": self.object, "actions": actions}


class CoordinationAct(TransitionView):
    """An act on an item that asks for something."""

    abstract = True
    model = CoordinationItem
    template_name = "dispatch/coordination_act.html"
    title = ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(item=self.object, title=self.title, **kwargs)


class AssignItem(CoordinationAct):
    """Give an item its owner and due date."""

    permission = Permission.KEEP_COORDINATION
    form_class = AssignForm
    act = staticmethod(services.assign_item)
    title = "交办"
    success_message = "已交办，承办人已收到消息"

    def get_form_kwargs(self):
        people = people_with_permission(Permission.READ_CATALOGUE).select_related("department")
        return super().get_form_kwargs() | {"people": people}

    def get_initial(self):
        return {"owner": self.object.owner_id, "due_on": self.object.due_on}


class ReplyItem(CoordinationAct):
    """Answer an item."""

    permission = Permission.READ_CATALOGUE
    transition = (COORDINATION, "reply")
    form_class = ReplyForm
    act = staticmethod(services.reply_item)
    title = "答复"
    success_message = "已答复"


class ReopenItem(CoordinationAct):
    """Take an item up again."""

    permission = Permission.READ_CATALOGUE
    transition = (COORDINATION, "reopen")
    form_class = ReasonForm
    act = staticmethod(services.reopen_item)
    title = "重新办理"
    success_message = "已重新办理"


class CloseItem(ActView):
    """Close an item."""

    permission = Permission.READ_CATALOGUE
    model = CoordinationItem
    act = staticmethod(services.close_item)
    success_message = "已办结"


class Instructions(FormPage):
    """我的批示: the leader's own instructions with what became of them, and a form for the next one."""

    permission = Permission.WRITE_INSTRUCTIONS
    form_class = InstructionForm
    template_name = "dispatch/instructions.html"
    success_message = "批示已交县营商办办理"

    def get_context_data(self, **kwargs):
        own = listed_items(self.request.user).filter(
            origin=CoordinationItem.Origin.INSTRUCTION, asked_by=self.request.user
        )
        return super().get_context_data(rows=own, **kwargs)

    def get_initial(self):
        return {"indicator": self.request.GET.get("indicator", "")}

    def perform(self, form):
        data = dict(form.cleaned_data)
        services.write_instruction(data.pop("indicator"), actor=self.request.user, now=clock.now(), **data)
        return reverse("indicators:instructions")
