"""受理回执 and 不予受理告知书 as the office prints them, and what both sides' papers share (domain §6)."""

from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from complaints.models import Complaint
from complaints.rules.complaints import is_office
from complaints.selectors.details import complaints_for
from complaints.selectors.public import progress_of
from complaints.services.public import issue_code
from core import clock
from core.access import Permission
from core.exceptions import InvalidTransition, NotAllowed
from core.settings_registry import setting
from core.views.base import ObjectDoor

TEMPLATES = {"receipt": "complaints/public_receipt.html", "refusal": "complaints/public_refusal.html"}


def qr_code(request: HttpRequest, complaint: Complaint) -> str:
    """Return a picture that leads to the look-up with the number filled in; the code is never in it."""
    address = request.build_absolute_uri(f"{reverse('complaints:public_progress')}?number={complaint.number}")
    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)


def paper(request: HttpRequest, complaint: Complaint, *, now: datetime, code: str = "") -> dict[str, Any]:
    """Return what the papers print; ``code`` only where it was issued in this very answer."""
    return {
        "complaint": complaint,
        "progress": progress_of(complaint),
        "picture": qr_code(request, complaint),
        "code": code,
        "decided_on": clock.local_date(complaint.entered_status_at),
        "today": clock.local_date(now),
        "office_phone": setting("site.office_phone"),
    }


class OfficePaper(ObjectDoor):
    """Fetches the complaint for a paper that only the office gives out."""

    abstract = True
    permission = Permission.READ_COMPLAINTS
    model = Complaint

    def get_object(self):
        return get_object_or_404(complaints_for(self.request.user), number=self.kwargs["number"])

    def check_permission(self, request):
        super().check_permission(request)
        if not is_office(request.user, self.object):
            raise NotAllowed("回执和告知书由县营商办打印")


@method_decorator(never_cache, name="dispatch")
class PrintedByOffice(OfficePaper, TemplateView):
    """``/complaints/<number>/receipt/`` and ``…/refusal/``: the complainant's own papers, whatever the channel."""

    permission = Permission.READ_COMPLAINTS

    def get_template_names(self):
        return [TEMPLATES[self.kwargs["document"]]]

    def get_context_data(self, **kwargs):
        if self.kwargs["document"] == "refusal" and self.object.status != Complaint.Status.REFUSED:
            raise InvalidTransition("只有不予受理的工单有告知书")
        shared = paper(self.request, self.object, now=clock.now())
        return super().get_context_data(is_office=True, **shared, **kwargs)


@method_decorator(never_cache, name="dispatch")
class IssueCode(OfficePaper, View):
    """``/complaints/<number>/code/``: a fresh look-up code, shown once, on the receipt it is handed over with."""

    permission = Permission.READ_COMPLAINTS
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        now = clock.now()
        complaint, code = issue_code(self.object, actor=request.user, now=now)
        context = paper(request, complaint, now=now, code=code) | {"is_office": True}
        return render(request, TEMPLATES["receipt"], context)
