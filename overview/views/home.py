"""The first page: 工作台, 总览 or console, by role (ui.md §5)."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from core.access import ANY_USER, Permission
from core.clock import local_date
from core.selectors.calendar import missing_year_warning, work_calendar
from core.views import PageView
from overview.navigation import home_name
from overview.selectors import workbench
from overview.views.dashboard import Dashboard


class Workbench(PageView):
    """What waits for this person, what changed since yesterday, what reporting costs."""

    permission = Permission.READ_CATALOGUE
    template_name = "overview/workbench.html"

    def page_context(self, now):
        user, calendar, today = self.request.user, work_calendar(), local_date(now)
        groups = workbench.grouped_to_dos(user, now=now, calendar=calendar)
        return {
            "greeting": workbench.greeting(now),
            "ahead": workbench.days_ahead(calendar, today),
            "warning": missing_year_warning(calendar, today) if user.sees_all_departments else "",
            "groups": groups,
            "total": sum(len(group.rows) for group in groups),
            "messages_unread": workbench.unread_messages(user),
        }


class Home(PageView):
    """``/``: leads to what this person opens first, without a detour where the page is ours."""

    permission = ANY_USER

    def get(self, request, *args, **kwargs):
        name = home_name(request.user.roles)
        if name == "accounts:console":
            return HttpResponseRedirect(reverse(name))
        page = Dashboard if name == "overview:dashboard" else Workbench
        return page.as_view()(request)
