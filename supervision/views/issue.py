"""``/issues/<number>/``: one issue."""

from django.shortcuts import get_object_or_404

from accounts.services import mark_read
from core import clock
from core.access import Permission
from core.views.base import ObjectDoor, PageView
from supervision.models import Issue
from supervision.selectors.details import issues_for
from supervision.workflow import ISSUE


class IssueDetail(ObjectDoor, PageView):
    """One issue: what was found, its rounds, its evidence, and what one may do."""

    permission = Permission.READ_ISSUES
    model = Issue
    template_name = "supervision/issue.html"

    def get_object(self):
        return get_object_or_404(issues_for(self.request.user), number=self.kwargs["number"])

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        return {"issue": self.object, "actions": ISSUE.available(self.object, self.request.user)}
