"""``/complaints/<number>/escalations/``: the rungs a complaint has reached, and those a person puts on record."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from complaints.forms.escalations import RungForm
from complaints.models import Complaint
from complaints.selectors.details import complaints_for
from complaints.selectors.escalation import rungs_of
from complaints.services.escalation import check_may_record_rung, record_rung
from complaints.workflow import COMPLAINT
from core import clock
from core.access import Permission
from core.views.base import FormPage, ObjectDoor


class RecordRung(ObjectDoor, FormPage):
    """约谈 and 问责建议 (R2), below what the clock has recorded."""

    permission = Permission.READ_COMPLAINTS
    model = Complaint
    form_class = RungForm
    template_name = "complaints/escalations.html"
    success_message = "已记录"

    def get_object(self):
        return get_object_or_404(complaints_for(self.request.user), number=self.kwargs["number"])

    def check_permission(self, request):
        super().check_permission(request)
        check_may_record_rung(self.object, actor=request.user)

    def get_context_data(self, **kwargs):
        acts = {act.name for act in COMPLAINT.available(self.object, self.request.user)}
        return super().get_context_data(
            complaint=self.object, rungs=rungs_of(self.object), may_supervise="supervise" in acts, **kwargs
        )

    def perform(self, form):
        record_rung(self.object, actor=self.request.user, now=clock.now(), **form.cleaned_data)
        return reverse("complaints:detail", args=[self.object.number])
