"""大屏: results on a wall, refreshed in place."""

from django.conf import settings

from core.access import Permission
from core.selectors.calendar import work_calendar
from core.views import PageView
from indicators.selectors.scores_in_force import scores_in_force
from overview.selectors import dashboard, screen

MOST_WEAK_SPOTS = 4


class Screen(PageView):
    """``/screen/`` for those who read all departments; 1920×1080 (ui.md §14). The poll takes its part of this page."""

    permission = Permission.READ_ALL_DEPARTMENTS
    template_name = "overview/screen.html"

    def page_context(self, now):
        user = self.request.user
        sheet = scores_in_force(now)
        return {
            "sheet": sheet,
            "rows": [row for row in sheet.first_level() if row.applicable],
            "summary": dashboard.summary_of(sheet),
            "lights": screen.light_counts(sheet),
            "weak": sheet.weak_spots()[:MOST_WEAK_SPOTS],
            "reporting": dashboard.reporting_of_day(user, now=now),
            "closing": screen.closing_rate(user, now=now),
            "issues": screen.issue_counts(user, now=now),
            "urged": screen.urged(user, now=now, calendar=work_calendar()),
            "is_demo": settings.DEMO,
        }
