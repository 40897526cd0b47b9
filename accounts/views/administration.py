"""The system administrator's pages: accounts, proposals, one-time passwords, tokens."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from accounts import services
from accounts.forms import administration as forms
from accounts.selectors import administration as selectors
from accounts.selectors.devices import has_second_factor
from accounts.services import requests as proposals
from accounts.services.second_factor import turn_off_second_factor
from core import clock
from core.access import Permission
from core.paging import CappedPaginator
from core.views import FormPage, PageView
from core.views.base import PermissionDeclared


class AccountList(PageView):
    """``/accounts/``."""

    permission = Permission.KEEP_ACCOUNTS
    template_name = "accounts/account_list.html"

    def page_context(self, now):
        form = forms.AccountFilterForm(self.request.GET, user=self.request.user)
        given = form.cleaned_data if form.is_valid() else {}
        department = given.get("department")
        filters = {name: given.get(name, "") for name in ("search", "role", "state")}
        rows = selectors.accounts(department=department.code if department else "", **filters)
        page = CappedPaginator(rows).get_page(self.request.GET.get("page"))
        return {"form": form, "page": page, "rows": selectors.account_lines(page.object_list)}


class AccountDoor(PermissionDeclared):
    """A page about one account: the permission first, so that nobody else learns which names exist."""

    abstract = True
    permission = Permission.KEEP_ACCOUNTS

    def dispatch(self, request, *args, **kwargs):
        self.check_permission(request)
        self.account = get_object_or_404(selectors.account_detail(), username=kwargs["username"])
        return super().dispatch(request, *args, **kwargs)

    def account_address(self) -> str:
        """Return the account's page."""
        return reverse("accounts:account", args=[self.account.username])


class AccountDetail(AccountDoor, PageView):
    """``/accounts/<username>/``."""

    permission = Permission.KEEP_ACCOUNTS
    template_name = "accounts/account_detail.html"

    def page_context(self, now):
        account, user = self.account, self.request.user
        return {
            "account": account,
            "roles": selectors.role_words(account.own_roles),
            "requests": selectors.requests_for(user).filter(username=account.username)[:20],
            "tokens": selectors.tokens_of_account(account, user),
            "has_second_factor": has_second_factor(account),
        }


class Proposal(AccountDoor, FormPage):
    """A change of an account that S2 must approve."""

    abstract = True
    permission = Permission.KEEP_ACCOUNTS
    template_name = "accounts/account_form.html"
    title: ClassVar[str] = ""
    act: ClassVar[Any] = None
    success_message = "申请已提交，等待安全管理员审批"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            account=self.account, title=self.title, submit="提交审批", back=self.account_address(), **kwargs
        )

    def perform(self, form):
        self.act(self.account, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return self.account_address()


class ProposeRoles(Proposal):
    """Which roles the person is to hold."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.RolesForm
    title = "变更角色"
    act = staticmethod(proposals.propose_roles)

    def get_initial(self):
        return {"roles": sorted(self.account.own_roles)}


class ProposeDepartment(Proposal):
    """Which unit the person is to belong to."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.DepartmentForm
    title = "调整单位"
    act = staticmethod(proposals.propose_department)

    def get_initial(self):
        return {"department": self.account.department_id}


class ProposeDisabling(Proposal):
    """Switch the account off."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.AccountReasonForm
    title = "停用账号"
    act = staticmethod(proposals.propose_disabling)


class ProposeEnabling(Proposal):
    """Switch the account on again."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.AccountReasonForm
    title = "启用账号"
    act = staticmethod(proposals.propose_enabling)


class ProposeAccount(FormPage):
    """``/accounts/new/``."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.NewAccountForm
    template_name = "accounts/account_form.html"
    success_message = "申请已提交，等待安全管理员审批"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title="新建账号", submit="提交审批", back=reverse("accounts:accounts"), **kwargs
        )

    def perform(self, form):
        given = dict(form.cleaned_data)
        reason = given.pop("reason")
        account = proposals.NewAccount(**given)
        request = proposals.propose_account(account, actor=self.request.user, now=clock.now(), reason=reason)
        return request.get_absolute_url()


class EditAccount(AccountDoor, FormPage):
    """Name, job title and phone need no approval."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.PersonForm
    template_name = "accounts/account_form.html"
    success_message = "资料已保存"

    def get_initial(self):
        return {"name": self.account.name, "job_title": self.account.job_title, "phone": self.account.phone}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            account=self.account, title="修改资料", submit="保存", back=self.account_address(), **kwargs
        )

    def perform(self, form):
        services.edit_person(self.account, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return self.account_address()


class OneTimePassword(AccountDoor, View):
    """Set a one-time password and show it, once: the answer to the POST is the only page that has it."""

    permission = Permission.KEEP_ACCOUNTS
    http_method_names = ("post",)

    def post(self, request, username):
        word = services.set_one_time_password(self.account, actor=request.user, now=clock.now())
        return shown_once(request, title="一次性密码", secret=word, back=self.account_address(), account=self.account)


class IssueToken(AccountDoor, FormPage):
    """A token for a service account, shown once."""

    permission = Permission.KEEP_ACCOUNTS
    form_class = forms.TokenForm
    template_name = "accounts/account_form.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            account=self.account, title="签发令牌", submit="签发", back=self.account_address(), **kwargs
        )

    def form_valid(self, form):
        self.text = ""
        answer = super().form_valid(form)
        if not self.text:
            return answer
        return shown_once(
            self.request, title="接口令牌", secret=self.text, back=self.account_address(), account=self.account
        )

    def perform(self, form):
        _, self.text = services.issue_token(self.account, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return self.account_address()


class TurnOffSecondFactor(AccountDoor, View):
    """Somebody lost the telephone; administrators set up another at the next log-in."""

    permission = Permission.KEEP_ACCOUNTS
    http_method_names = ("post",)

    def post(self, request, username):
        turn_off_second_factor(self.account, actor=request.user, now=clock.now())
        messages.success(request, "动态口令已关闭")
        return HttpResponseRedirect(self.account_address())


def shown_once(request, **context):
    """Return the page with a secret nobody will see again; neither browser nor proxy may keep it."""
    response = render(request, "accounts/shown_once.html", context)
    response["Cache-Control"] = "no-store"
    return response
