"""``/issues/<number>/form/?kind=``: the printed forms of an issue."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core import clock
from core.access import Permission
from core.attachments.downloads import bytes_response
from core.documents.package import DOCX
from core.views.base import ObjectDoor, View
from supervision.documents import issue_form
from supervision.models import Issue
from supervision.selectors.details import issues_for


class IssueForm(ObjectDoor, View):
    """One of the four forms as .docx; 409 while it is not earned."""

    permission = Permission.READ_ISSUES
    model = Issue

    def get_object(self):
        return get_object_or_404(issues_for(self.request.user), number=self.kwargs["number"])

    def get(self, request, *args, **kwargs) -> HttpResponse:
        kind = request.GET.get("kind", "")
        content, name = issue_form(self.object, kind, user=request.user, now=clock.now())
        return bytes_response(content, name, DOCX)
