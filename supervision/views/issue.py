"""``/issues/<number>/``: one issue."""

from collections.abc import Sequence

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.services import mark_read
from core import clock
from core.access import Permission
from core.selectors.calendar import work_calendar
from core.views.base import ObjectDoor, PageView
from supervision.models import AccountabilityRecord, ClearanceRequest, Issue, IssueRound, SupervisionOrder
from supervision.rules.issues import is_concerned, is_keeper, may_supervise, may_verify, verifier_refusal
from supervision.selectors.details import evidence_of, issues_for, orders_of, rounds_of, timeline_of
from supervision.selectors.page import history_of, in_order, pieces_of, round_cards, steps_of, verification_card
from supervision.selectors.times import days_left, limit_explained, time_light
from supervision.services.writing import EDITABLE_IN
from supervision.views.acts import ACTS
from supervision.workflow import ISSUE

S = Issue.Status
#: Acts beside the main way: small buttons.
ASIDE = frozenset(
    {
        *("revoke", "withdraw", "object", "note", "remind", "supervise", "relapse"),
        *("return_plan", "return_clearance", "refuse_extension"),
    }
)
#: The one that is most likely meant comes first and is the primary button.
FIRST = (
    *("sign_plan", "sign_clearance", "confirm_extension", "agree_extension", "register", "assign", "sign_for"),
    *("submit_plan", "request_clearance", "add_evidence", "look_back", "review"),
)
#: Without evidence there is nothing to clear.
FIRST_WITHOUT_EVIDENCE = ("confirm_extension", "add_evidence", "request_clearance", "submit_plan")
VERIFY = ("verify_pass", "verify_fail")


class IssueDetail(ObjectDoor, PageView):
    """One issue: its way, evidence of before and after, two names, rounds, history, and what one may do."""

    permission = Permission.READ_ISSUES
    model = Issue
    template_name = "supervision/issue.html"

    def get_object(self):
        rows = issues_for(self.request.user).select_related("own_department", "created_by")
        return get_object_or_404(rows, number=self.kwargs["number"])

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        issue, user, calendar = self.object, self.request.user, work_calendar()
        rounds, items = rounds_of(issue), list(evidence_of(issue))
        look_backs, orders = list(issue.look_backs.select_related("done_by")), list(orders_of(issue, user))
        pieces = pieces_of(issue, items, rounds, user=user)
        acts = [act for act in ISSUE.available(issue, user) if act.name in ACTS]
        is_bare = not pieces.has_after and any(act.name == "request_clearance" for act in acts)
        first = FIRST_WITHOUT_EVIDENCE if is_bare else FIRST
        aside = ASIDE | {"add_evidence"} if is_keeper(user, issue) else ASIDE
        main = [act for act in acts if act.name not in aside and act.name not in VERIFY]
        verification = verification_card(issue, rounds, items, pieces, own_word=own_word(user, issue))
        return {
            "issue": issue,
            "time": time_light(issue, now=now, calendar=calendar),
            "days_left": issue.clock_due_on and days_left(issue.clock_due_on, now=now, calendar=calendar),
            "limit_explained": limit_explained(issue.limit_kind),
            "steps": steps_of(issue, rounds, look_backs),
            "similar": list(issue.similar_cases.all()),
            "pieces": pieces,
            "verification": verification,
            "verify_days": verification
            and verification.is_waiting
            and verification.verify_due_on
            and days_left(verification.verify_due_on, now=now, calendar=calendar),
            "rounds": round_cards(issue, rounds, pieces, verification, calendar=calendar),
            "look_backs": look_backs,
            "may_verify": any(act.name == "verify_pass" for act in acts),
            "actions": [self.button(act) for act in in_order(main, first=first)],
            "asides": [self.button(act) for act in acts if act.name in aside],
            "may_edit": is_keeper(user, issue) and issue.status in EDITABLE_IN,
            "may_record": may_supervise(user, issue),
            "reads_inspections": user.can(Permission.READ_INSPECTIONS),
            "papers": papers_of(issue, rounds, orders),
            "orders": orders,
            "records": list(AccountabilityRecord.objects.visible_to(user).filter(issue=issue)),
            "history": history_of(timeline_of(issue)),
        }

    def button(self, act) -> dict:
        """Return a button: a form sent at once where nothing is asked, else the way to the act's page."""
        address = reverse("supervision:issue_act", args=[self.object.number, act.name])
        return {"name": act.name, "label": act.label, "url": address, "is_simple": not ACTS[act.name].asks}


def papers_of(issue: Issue, rounds: Sequence[IssueRound], orders: Sequence[SupervisionOrder]) -> list[dict[str, str]]:
    """Return the printed forms the issue has earned, each ``label`` and ``url``; see ``documents.printing``."""
    counted = [one for one in rounds if one.ending not in IssueRound.NOT_COUNTED]
    requests = [request for one in rounds for request in one.clearance_requests.all()]
    earned = (
        ("assignment", "交办单", any(one.assignment_form_id for one in counted)),
        ("notice", "整改通知书", any(one.notice_form_id for one in counted)),
        ("supervision", orders[0].form.get_kind_display() if orders else "", bool(orders)),
        ("clearance", "销号申请表", any(request.result != ClearanceRequest.Result.DROPPED for request in requests)),
    )
    address = reverse("supervision:issue_form", args=[issue.number])
    return [{"label": label, "url": f"{address}?kind={kind}"} for kind, label, is_earned in earned if is_earned]


def own_word(user, issue: Issue) -> str:
    """Return why ``user``, whose role verifies, may not put their name to the request that waits; empty otherwise."""
    if issue.status != S.VERIFYING or not user.can(Permission.VERIFY_ISSUES):
        return ""
    if is_concerned(user, issue):
        return "您是牵头或配合单位的人员，不能验收"
    return verifier_refusal(user, issue) or "" if may_verify(user, issue) else ""
