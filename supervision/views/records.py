"""``/supervision/records/``: accountability records, their list, a new one, one of them."""

from core import clock
from core.access import Permission
from core.paging import CappedPaginator
from core.views.base import FormPage, ObjectDoor, PageView
from supervision.forms.orders import RecordFilterForm, RecordForm
from supervision.models import AccountabilityRecord
from supervision.rules.orders import is_supervisor
from supervision.selectors.records import COLUMNS, narrowed_records, record_row, record_rows
from supervision.services.records import RecordFacts, keep_record
from supervision.views.inspections import without


class RecordList(PageView):
    """The records the user may see, the newest first; departments see their own."""

    permission = Permission.READ_ISSUES
    template_name = "supervision/records.html"

    def page_context(self, now):
        user, asked = self.request.user, self.request.GET.dict()
        form = RecordFilterForm(self.request.GET, user=user)
        page = CappedPaginator(narrowed_records(asked, user=user).values(*COLUMNS)).get_page(asked.get("page"))
        page.object_list = record_rows(page.object_list)
        return {
            "form": form,
            "chips": [{"label": words, "remove_url": without(self.request, name)} for name, words in form.chips()],
            "clear_url": self.request.path,
            "page": page,
            "may_record": is_supervisor(user, None),
        }


class KeepRecord(FormPage):
    """A new record (R2 R6); the address may name ``department``, ``subject`` and ``kind``."""

    permission = Permission.SUPERVISE
    form_class = RecordForm
    template_name = "supervision/record_new.html"
    success_message = "已登记"

    def get_initial(self):
        asked = self.request.GET
        named = {name: asked[name] for name in ("department", "subject", "kind") if asked.get(name)}
        return {"on": clock.today()} | named

    def perform(self, form):
        record = keep_record(RecordFacts(**form.cleaned_data), actor=self.request.user, now=clock.now())
        return record.get_absolute_url()


class RecordDetail(ObjectDoor, PageView):
    """One record."""

    permission = Permission.READ_ISSUES
    model = AccountabilityRecord
    template_name = "supervision/record.html"

    def page_context(self, now):
        return {"record": self.object, "row": record_row(self.object)}
