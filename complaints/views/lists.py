"""``/complaints/``: the worklist."""

from core.access import Permission
from core.views.base import PageView


class ComplaintList(PageView):
    """The complaints the user may see."""

    permission = Permission.READ_COMPLAINTS
    template_name = "complaints/list.html"
