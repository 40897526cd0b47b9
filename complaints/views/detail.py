"""``/complaints/<number>/``: one complaint."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.services import mark_read
from complaints.models import Complaint
from complaints.rules.complaints import is_office, is_office_lead, may_supervise
from complaints.selectors.business_clocks import province_clocks
from complaints.selectors.details import complaints_for, plain_row, rounds_of, timeline_of, warnings_of
from complaints.selectors.page import explanation_of, history_of, steps_of
from complaints.selectors.similar import similar_complaints
from complaints.selectors.supervision import is_proposed, issue_of, orders_on, relapses_of_complaint
from complaints.selectors.times import time_light
from complaints.views.acts import ACTS
from complaints.workflow import COMPLAINT
from core import clock
from core.access import Permission
from core.selectors.calendar import work_calendar
from core.views.base import ObjectDoor, PageView

#: Acts beside the main way: small buttons.
ASIDE = frozenset(
    {
        *("mark_duplicate", "withdraw", "add_assisting", "suspend", "withdraw_complaint", "grant_identity"),
        *("note", "pull_here", "transfer", "supervise", "raise_issue"),
    }
)
#: The one that is most likely meant comes first and is the primary button.
FIRST = ("agree_extension", "confirm_extension", "submit", "assist_reply")


#: Where there is nothing to confirm the receipt of any more.
WITHOUT_RECEIPT = frozenset({Complaint.Status.REFUSED, Complaint.Status.MERGED, Complaint.Status.TRANSFERRED})


def papers_of(complaint: Complaint) -> list[dict[str, str]]:
    """Return the papers the office hands the complainant in this state: each ``label`` and ``url``."""
    refused = complaint.status == Complaint.Status.REFUSED
    offered = [("refusal", "告知书", refused), ("receipt", "回执", complaint.status not in WITHOUT_RECEIPT)]
    return [
        {"label": label, "url": reverse(f"complaints:{name}", args=[complaint.number])}
        for name, label, is_there in offered
        if is_there
    ]


class ComplaintDetail(ObjectDoor, PageView):
    """One complaint: its way, why it is due when it is, report and reply, rounds, history, and what one may do."""

    permission = Permission.READ_COMPLAINTS
    model = Complaint
    template_name = "complaints/detail.html"

    def get_object(self):
        rows = complaints_for(self.request.user).select_related("indicator", "duplicate_of", "registered_by")
        return get_object_or_404(rows, number=self.kwargs["number"])

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        complaint, user, calendar = self.object, self.request.user, work_calendar()
        row, rounds = plain_row(complaint, user=user, now=now, calendar=calendar), rounds_of(complaint)
        acts = [act for act in COMPLAINT.available(complaint, user) if act.name in ACTS]
        return {
            "complaint": complaint,
            "row": row,
            "warnings": warnings_of(row, rounds),
            "time": time_light(row, now=now, calendar=calendar),
            "is_upstream_late": bool(complaint.is_open and (due := complaint.upstream_due_at) and due < now),
            "actions": sorted(
                (self.button(act) for act in acts if act.name not in ASIDE), key=lambda one: one["name"] not in FIRST
            ),
            "asides": [self.button(act) for act in acts if act.name in ASIDE],
            "may_record_rung": is_office_lead(user, complaint) and complaint.is_open and bool(rounds),
            "may_reveal": "reveal" in row["actions"],
            "papers": papers_of(complaint) if is_office(user, complaint) else [],
            "clocks": province_clocks(complaint, now=now, calendar=calendar),
            "may_correct": is_office(user, complaint) and complaint.is_open,
            "steps": steps_of(complaint),
            "explanation": explanation_of(complaint.current_round, calendar=calendar, now=now),
            "rounds": rounds,
            "current": rounds[-1] if rounds and complaint.current_round_id else None,
            "callbacks": complaint.callbacks.select_related("called_by"),
            "history": history_of(timeline_of(complaint)),
            "files": complaint.files.select_related("attachment"),
            "similar": self.similar(now) if is_office(user, complaint) else [],
            "relapses": relapses_of_complaint(complaint, user=user),
            "issue": issue_of(complaint, user),
            "orders": orders_on(complaint, user).select_related("form"),
            "proposes_supervision": may_supervise(user, complaint) and is_proposed(complaint, user),
        }

    def similar(self, now):
        """Return complaints of the last 90 days that may be the same matter, or come from the same caller."""
        row = self.object
        callers = list(row.caller_phones.values_list("digest", flat=True))
        return similar_complaints(self.request.user, text=row.content, callers=callers, now=now, but=row.pk)

    def button(self, act) -> dict:
        """Return a button: a form sent at once where nothing is asked, else the way to the act's page."""
        address = reverse("complaints:act", args=[self.object.number, act.name])
        return {"name": act.name, "label": act.label, "url": address, "is_simple": not ACTS[act.name].asks}
