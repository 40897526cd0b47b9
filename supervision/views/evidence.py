"""``/issues/<number>/evidence/…``: the files of an issue, shown to whoever sees the issue, and their withdrawal."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.generic import View

from core import clock
from core.access import Permission
from core.attachments.downloads import attachment_response
from core.exceptions import NotAllowed, RuleViolation
from core.views.base import ObjectDoor, TransitionView
from supervision.forms.acts import WithdrawEvidenceForm
from supervision.models import IssueEvidence
from supervision.rules.evidence import is_photo, may_withdraw_evidence, withdrawal_refusal
from supervision.selectors.details import issues_for
from supervision.services.evidence import last_asked, withdraw_evidence


class IssueEvidenceDoor(ObjectDoor):
    """Fetches one piece of an issue that the user sees; what was withdrawn has left the pages."""

    abstract = True
    permission = Permission.READ_ISSUES
    model = IssueEvidence

    def get_object(self):
        issue = get_object_or_404(issues_for(self.request.user), number=self.kwargs["number"])
        items = issue.evidence.filter(withdrawn_at=None).select_related("evidence__attachment")
        item = get_object_or_404(items, pk=self.kwargs["pk"])
        item.issue = issue
        return item


class IssueFile(IssueEvidenceDoor, View):
    """The bytes: photos that were drawn anew may be shown in place, every other file is only ever saved."""

    permission = Permission.READ_ISSUES

    def get(self, request, *args, **kwargs):
        attachment = self.object.evidence.attachment
        if attachment is None:
            raise Http404("这份佐证是网址，没有文件")
        return attachment_response(attachment, inline=is_photo(attachment))


class WithdrawEvidence(IssueEvidenceDoor, TransitionView):
    """The uploader takes a wrong piece back, until clearance is asked."""

    permission = Permission.READ_ISSUES
    form_class = WithdrawEvidenceForm
    template_name = "supervision/withdraw_evidence.html"

    def check_permission(self, request):
        super().check_permission(request)
        if not may_withdraw_evidence(request.user, self.object):
            raise NotAllowed("您可以查看，但这份佐证由上传人撤回")

    def check_version(self, request):
        if refusal := withdrawal_refusal(self.object, last_asked=last_asked(self.object.issue)):
            raise RuleViolation(refusal, code="evidence_closed")

    def get_context_data(self, **kwargs):
        return super().get_context_data(item=self.object, issue=self.object.issue, **kwargs)

    def perform(self, form):
        withdraw_evidence(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, "已撤回")
        return self.object.issue.get_absolute_url()
