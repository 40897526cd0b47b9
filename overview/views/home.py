"""The first page: 工作台, 总览 or console, by role (ui.md §5)."""

from datetime import timedelta

from django.http import HttpResponseRedirect
from django.urls import reverse

from core.access import ANY_USER, Permission
from core.clock import local_date
from core.selectors.calendar import missing_year_warning, work_calendar
from core.views import PageView
from indicators.selectors.burden import burden
from indicators.selectors.changes import changes_of_day
from indicators.selectors.expectation import dispatch_times
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
            "warning": self.calendar_warning(calendar, today),
            "groups": groups,
            "total": sum(len(group.rows) for group in groups),
            "messages_unread": workbench.unread_messages(user),
            "burden": burden(user, today - timedelta(days=today.weekday()), today),
            "acts": workbench.first_acts(user),
            "sees_changes": user.sees_all_departments,
        }

    def calendar_warning(self, calendar, today):
        """Return what those should know who watch due dates but do not keep the calendar: keepers have a to-do."""
        user = self.request.user
        watches = user.sees_all_departments and not user.can(Permission.KEEP_CALENDAR)
        return missing_year_warning(calendar, today) if watches else ""


class RecentChanges(PageView):
    """较昨日变化 for the workbench, fetched after the page: two score sheets are dearer than the whole page."""

    permission = Permission.READ_ALL_DEPARTMENTS
    template_name = "overview/_changes.html"

    def page_context(self, now):
        times = dispatch_times()
        day = times.calendar.workday_on_or_before(local_date(now))
        return {"changes": changes_of_day(self.request.user, day, now=now, times=times)}


class Home(PageView):
    """``/``: leads to what this person opens first, without a detour where the page is ours."""

    permission = ANY_USER

    def get(self, request, *args, **kwargs):
        name = home_name(request.user.roles)
        if name == "accounts:console":
            return HttpResponseRedirect(reverse(name))
        page = Dashboard if name == "overview:dashboard" else Workbench
        return page.as_view()(request)
