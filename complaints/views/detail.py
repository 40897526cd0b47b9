"""``/complaints/<number>/``: one complaint."""

from complaints.models import Complaint
from core.access import Permission
from core.views.base import ObjectDoor, PageView


class ComplaintDetail(ObjectDoor, PageView):
    """One complaint with its timeline."""

    permission = Permission.READ_COMPLAINTS
    model = Complaint
    lookup_field = "number"
    template_name = "complaints/detail.html"

    def page_context(self, now):
        return {"complaint": self.object}
