"""The first page: 工作台, 总览 or console, by role (ui.md §5)."""

from core.access import ANY_USER
from core.views import PageView


class Home(PageView):
    """``/``: what this person opens first."""

    permission = ANY_USER
    template_name = "overview/workbench.html"
