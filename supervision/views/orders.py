"""``/supervision/``: 督办中心, one order with its reply, its acts, its print and its evidence."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.selectors import saved_views
from accounts.services import mark_read
from accounts.signed_acts import SignedTableAct
from core import clock
from core.access import Permission
from core.attachments.downloads import attachment_response, bytes_response
from core.documents.package import DOCX
from core.forms import ReasonForm
from core.selectors.calendar import work_calendar
from core.views.acts import ActPage
from core.views.base import ObjectDoor, PageView, View
from supervision.documents import order_document
from supervision.forms import orders as forms
from supervision.models import SupervisionOrder
from supervision.rules.orders import is_order_signature, is_supervisor
from supervision.selectors.orders import VIEWS, events_of, narrowed, order_page, order_row, orders_for, view_counts
from supervision.selectors.proposals import proposals_for
from supervision.selectors.records import COLUMNS, narrowed_records, record_rows
from supervision.services import orders
from supervision.views.inspections import without
from supervision.workflow import ORDER

NEWEST_RECORDS = 5
#: The one that is most likely meant is the primary button.
FIRST = frozenset({"reply", "sign_reply", "close"})
#: Events drawn with a diamond.
ALERTS = frozenset({"return_reply", "send_back"})


class OrderList(PageView):
    """What presses now: what the ladder proposes to press, orders by what is owed, the newest records.

    Departments see their own orders and records under the title 督办事项.
    """

    permission = Permission.READ_ISSUES
    template_name = "supervision/orders.html"

    def page_context(self, now):
        user, asked, today = self.request.user, self.request.GET.dict(), clock.local_date(now)
        form = forms.OrderFilterForm(self.request.GET, user=user)
        counts = view_counts(user, today=today)
        rows = narrowed(asked, user=user, today=today)
        records = narrowed_records({}, user=user).values(*COLUMNS)[:NEWEST_RECORDS]
        return {
            "title": "督办中心" if user.sees_all_departments else "督办事项",
            "form": form,
            "chips": [{"label": words, "remove_url": without(self.request, name)} for name, words in form.chips()],
            "clear_url": f"{self.request.path}?view={asked.get('view', '')}",
            "views": [{"code": one.code, "label": one.label, "count": counts[one.code]} for one in VIEWS.values()],
            "view": asked.get("view", ""),
            "counts": counts,
            "page": order_page(rows, user=user, number=asked.get("page"), now=now, calendar=work_calendar()),
            "proposals": proposals_for(user, now) if is_supervisor(user, None) else None,
            "records": record_rows(records),
            "may_record": is_supervisor(user, None),
            "saved_views": saved_views(user, "supervision:orders"),
            "saved_page": "supervision:orders",
        }


class OrderDoor(ObjectDoor):
    """Fetches the order through the user."""

    abstract = True
    permission = Permission.READ_ISSUES
    model = SupervisionOrder

    def get_object(self):
        return get_object_or_404(orders_for(self.request.user), pk=self.kwargs["pk"])


class OrderDetail(OrderDoor, PageView):
    """One order: what is asked, the reply with what proves it, and what one may do."""

    template_name = "supervision/order.html"

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        order, user = self.object, self.request.user
        return {
            "order": order,
            "row": order_row(order, user=user, now=now, calendar=work_calendar()),
            "actions": sorted(
                (self.button(act) for act in ORDER.available(order, user)), key=lambda one: one["name"] not in FIRST
            ),
            "evidence": order.evidence.select_related("attachment").order_by("added_at", "id"),
            "history": [
                {
                    "at": one.at,
                    "by": one.names,
                    "text": f"{one.label}：{one.text}" if one.text else one.label,
                    "is_main": True,
                    "is_alert": one.kind in ALERTS,
                }
                for one in events_of(order)
            ],
            "may_record": is_supervisor(user, order),
            "records": order.accountability_records.select_related("department"),
        }

    def button(self, act) -> dict:
        """Return a button: a form sent at once where nothing is asked, else the way to the act's page."""
        address = reverse("supervision:order_act", args=[self.object.pk, act.name])
        return {"name": act.name, "label": act.label, "url": address, "is_simple": not ACTS[act.name].asks}


ACTS = {
    "reply": ActPage(
        orders.reply_with_files, forms.ReplyForm, "填报员的回复由负责人签发；负责人的回复直接报出", "已回复"
    ),
    "sign_reply": ActPage(orders.sign_reply, effect="签发后报督办单位", done="已签发回复"),
    "return_reply": ActPage(orders.return_reply, ReasonForm, "退回填报员修改", "已退回修改"),
    "send_back": ActPage(orders.send_back_reply, ReasonForm, "退回承办单位重报，回复时限不变", "已退回"),
    "close": ActPage(orders.close_order, forms.CloseForm, "督办了结，承办单位会收到消息", "已了结"),
}


class OrderAct(OrderDoor, SignedTableAct):
    """The form of one act on an order."""

    template_name = "supervision/order_act.html"
    workflow, acts, row_name = ORDER, ACTS, "order"

    def is_signature(self):
        return is_order_signature(self.name, self.request.user, self.object)

    def get_initial(self):
        return {"text": self.object.reply} if self.name == "reply" else {}


class OrderDocument(OrderDoor, View):
    """The order or letter as .docx."""

    def get(self, request, *args, **kwargs) -> HttpResponse:
        content, name = order_document(self.object, user=request.user, now=clock.now())
        return bytes_response(content, name, DOCX)


class OrderFile(OrderDoor, View):
    """The bytes of a file that came with the reply: seen with the order."""

    def get(self, request, *args, **kwargs):
        evidence = get_object_or_404(self.object.evidence.select_related("attachment"), pk=self.kwargs["evidence"])
        if evidence.attachment is None:
            raise Http404("这份材料是网址，没有文件")
        return attachment_response(evidence.attachment, inline=True)
