"""What went out by e-mail and group robots, and sending again what failed."""

from django.core.paginator import Paginator

from accounts.models import OutboxMessage
from accounts.selectors.outbox import outbox_for
from accounts.services import resend
from core.access import Permission
from core.views import ActView, PageView

PAGE_SIZE = 50


class Outbox(PageView):
    """``/outbox/``: the messages of the channels beyond the inbox, newest first."""

    permission = Permission.REMIND_DEPARTMENTS
    template_name = "accounts/outbox.html"

    def page_context(self, now):
        state = self.request.GET.get("state", "")
        page = Paginator(outbox_for(self.request.user, state), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"page": page, "state": state, "states": [("", "全部"), *OutboxMessage.State.choices]}


class Resend(ActView):
    """``/outbox/<id>/resend/``."""

    permission = Permission.REMIND_DEPARTMENTS
    model = OutboxMessage
    act = staticmethod(resend)
    success_message = "已重新排队"
