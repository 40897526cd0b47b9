"""The queue of account requests, and deciding on one: proposed by S1, approved by S2."""

from typing import Any, ClassVar

from django.urls import reverse

from accounts import services
from accounts.forms.administration import DecisionForm, RequestFilterForm
from accounts.models import AccountRequest
from accounts.selectors.administration import differences, requests_for
from accounts.services import requests as decisions
from accounts.workflow import ACCOUNT_REQUEST
from core.access import Permission
from core.forms import ReasonForm
from core.paging import CappedPaginator
from core.views import ActView, PageView, TransitionView
from core.views.base import ObjectDoor

#: Acts that ask nothing more, and what the browser asks before sending them.
SIMPLE_ACTS = {"withdraw": "撤回这个申请？"}


class RequestList(PageView):
    """``/requests/``: open ones unless another state is asked for."""

    permission = Permission.READ_ACCOUNT_REQUESTS
    template_name = "accounts/request_list.html"

    def page_context(self, now):
        form = RequestFilterForm(self.request.GET, user=self.request.user)
        status = form.cleaned_data["status"] if form.is_valid() else ""
        rows = requests_for(self.request.user, status=status)
        page = CappedPaginator(rows).get_page(self.request.GET.get("page"))
        return {"page": page, "status": status, "statuses": form.fields["status"].choices}


class RequestDoor(ObjectDoor):
    """One request, for system and security administrators; for everybody else it does not exist."""

    abstract = True
    permission = Permission.READ_ACCOUNT_REQUESTS
    model = AccountRequest


class RequestDetail(RequestDoor, PageView):
    """``/requests/<id>/``."""

    permission = Permission.READ_ACCOUNT_REQUESTS
    template_name = "accounts/request_detail.html"

    def page_context(self, now):
        row, user = self.object, self.request.user
        services.mark_read(user=user, now=now, url=row.get_absolute_url())
        actions = [
            {
                "label": act.label,
                "url": reverse(f"accounts:request_{act.name}", args=[row.pk]),
                "is_simple": act.name in SIMPLE_ACTS,
                "question": SIMPLE_ACTS.get(act.name, ""),
            }
            for act in ACCOUNT_REQUEST.available(row, user)
        ]
        return {"row": row, "differences": differences(row), "actions": actions}


class Decision(RequestDoor, TransitionView):
    """A decision with its form; refused before the form is looked at, in the contract's order."""

    abstract = True
    permission = Permission.READ_ACCOUNT_REQUESTS
    template_name = "accounts/request_decision.html"
    act_name: ClassVar[str] = ""
    act: ClassVar[Any] = None

    def check_version(self, request):
        ACCOUNT_REQUEST.permit(self.act_name, self.object, actor=request.user)
        super().check_version(request)
        ACCOUNT_REQUEST.check(self.act_name, self.object, actor=request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            row=self.object,
            differences=differences(self.object),
            label=ACCOUNT_REQUEST.transitions[self.act_name].label,
            **kwargs,
        )


class ApproveRequest(Decision):
    """S2 agrees, and the account changes."""

    permission = Permission.READ_ACCOUNT_REQUESTS
    act_name = "approve"
    form_class = DecisionForm
    act = staticmethod(decisions.approve_request)
    success_message = "已通过，账号变更已生效"


class RefuseRequest(Decision):
    """S2 disagrees, with a reason."""

    permission = Permission.READ_ACCOUNT_REQUESTS
    act_name = "refuse"
    form_class = ReasonForm
    act = staticmethod(decisions.refuse_request)
    success_message = "已退回申请人"


class WithdrawRequest(RequestDoor, ActView):
    """Whoever proposed it takes it back."""

    permission = Permission.READ_ACCOUNT_REQUESTS
    act = staticmethod(decisions.withdraw_request)
    success_message = "申请已撤回"
