"""总览: how the county stands, where it is weak, why the score moved, who has not reported."""

from core.access import Permission
from core.clock import local_date
from core.settings_registry import settings_in_force
from core.views import PageView
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.scores_in_force import scores_in_force
from overview.navigation import address
from overview.selectors import dashboard

SPARK_WEEKS = 8


class Dashboard(PageView):
    """``/dashboard/`` for every business role: results of the whole county, of reporting what one may see."""

    permission = Permission.READ_CATALOGUE
    template_name = "overview/dashboard.html"

    def page_context(self, now):
        user, today = self.request.user, local_date(now)
        sheet = scores_in_force(now, weeks=SPARK_WEEKS)
        owed = dashboard.codes_without_evidence(today, times=dispatch_times())
        return {
            "sheet": sheet,
            "summary": dashboard.summary_of(sheet),
            "dimensions": dashboard.tiles_by_dimension(sheet),
            "levels": self.light_levels(),
            "weak": dashboard.weak_spots(sheet, without_evidence=owed),
            "causes": dashboard.causes_of(sheet),
            "constrained": dashboard.constrained(sheet),
            "without_score": sheet.without_score(),
            "reporting": dashboard.reporting_of_day(user, now=now),
            "board_url": address("indicators:dispatch") if user.can(Permission.SEE_DISPATCH_BOARD) else "",
        }

    def light_levels(self):
        """Return the least scores of 领先, 接近 and 有差距 in force, for the legend."""
        values = settings_in_force("light.ok", "light.near", "light.behind")
        return {name.removeprefix("light."): value for name, value in values.items()}
