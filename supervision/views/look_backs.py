"""``/issues/look-backs/``: what is to be looked at again, with the acts on the row."""

from core import clock
from core.access import Permission
from core.paging import CappedPaginator
from core.selectors.calendar import work_calendar
from core.views.base import PageView
from supervision.forms.look_backs import LookBackFilterForm
from supervision.selectors.look_backs import VIEWS, judged, look_back_rows, view_counts
from supervision.views.inspections import without


class LookBacks(PageView):
    """Open look-backs of cleared issues and reviews of sustained ones, the soonest first."""

    permission = Permission.VERIFY_ISSUES
    template_name = "supervision/look_backs.html"

    def page_context(self, now):
        user, today, asked = self.request.user, clock.local_date(now), self.request.GET.dict()
        form = LookBackFilterForm(self.request.GET, user=user)
        page = CappedPaginator(look_back_rows(user, asked, today=today)).get_page(asked.get("page"))
        page.object_list = judged(page.object_list, user=user, today=today, calendar=work_calendar())
        counts = view_counts(user, today=today)
        return {
            "form": form,
            "chips": [{"label": words, "remove_url": without(self.request, name)} for name, words in form.chips()],
            "clear_url": self.request.path,
            "views": [{"code": code, "label": label, "count": counts[code]} for code, label in VIEWS.items()],
            "view": asked.get("view", ""),
            "page": page,
        }
