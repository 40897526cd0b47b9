"""总览: how the county stands, where it is weak, why the score moved, who has not reported."""

from core.access import Permission
from core.views import PageView


class Dashboard(PageView):
    """``/dashboard/`` for every business role: results of the whole county, no rows of a department."""

    permission = Permission.READ_CATALOGUE
    template_name = "overview/dashboard.html"
