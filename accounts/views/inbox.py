"""The inbox, and saved views."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.generic import View

from accounts import services
from accounts.forms.profile import SavedViewForm
from accounts.models import Message, SavedView
from accounts.selectors import inbox, unread_count
from core import clock
from core.access import ANY_USER
from core.exceptions import InvalidInput
from core.paging import CappedPaginator
from core.views import ActView, PageView
from core.views.base import ObjectDoor, PermissionDeclared, next_address


class Inbox(PageView):
    """``/inbox/``: unread first, then newest first."""

    permission = ANY_USER
    template_name = "accounts/inbox.html"

    def page_context(self, now):
        page = CappedPaginator(inbox(self.request.user)).get_page(self.request.GET.get("page"))
        return {"page": page, "unread": unread_count(self.request.user)}


class OpenMessage(ObjectDoor, View):
    """``/inbox/<id>/``: marks the message as read and leads to its row. Safe to repeat, so a plain link."""

    permission = ANY_USER
    model = Message
    http_method_names = ("get",)

    def get(self, request, pk):
        services.mark_read(user=request.user, now=clock.now(), message_id=self.object.pk)
        return HttpResponseRedirect(self.object.url or reverse("accounts:inbox"))


class ReadAll(PermissionDeclared, View):
    """全部已读."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request):
        count = services.mark_all_read(user=request.user, now=clock.now())
        messages.success(request, f"{count} 条消息已标为已读" if count else "没有未读消息")
        return HttpResponseRedirect(reverse("accounts:inbox"))


class SaveView(PermissionDeclared, View):
    """Keep the filters of a list under a name; back to that list."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request):
        form = SavedViewForm(request.POST, user=request.user)
        if not form.is_valid():
            raise InvalidInput(str(next(iter(form.errors.values()))[0]))
        services.save_view(actor=request.user, now=clock.now(), **form.cleaned_data)
        messages.success(request, "视图已保存")
        return HttpResponseRedirect(next_address(request, reverse("overview:home")))


class DeleteView(ActView):
    """Forget a saved view."""

    permission = ANY_USER
    model = SavedView
    act = staticmethod(services.delete_view)

    def post(self, request, *args, **kwargs):
        services.delete_view(self.object, actor=request.user, now=clock.now())
        messages.success(request, "视图已删除")
        return HttpResponseRedirect(next_address(request, reverse("overview:home")))
