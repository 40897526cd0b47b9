"""Issues walked through their services to any state."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from indicators.models import Evidence
from supervision.models import Issue, IssueEvidence
from supervision.selectors.details import issues_for
from supervision.services import clearance, handling, verification, writing

#: Monday 23 November 2026, 10:00 in Xiping.
FOUND = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE_ON = date(2026, 11, 30)
DESCRIPTION = "大厅收费公示栏未更新，仍列已取消的收费"
#: The states in the order an issue passes them, as far as ``issue_at`` walks.
WAY = ("draft", "registered", "assigned", "planning", "rectifying", "verifying", "cleared")


@dataclass(frozen=True)
class IssueCast:
    """Who acts: the inspector, the office's reviewer, and the department that leads."""

    inspector: Any
    office_lead: Any
    reporter: Any
    head: Any
    department: Any


def again(issue: Issue, user) -> Issue:
    """Return the issue as ``user``'s next request would fetch it."""
    return issues_for(user).get(pk=issue.pk)


def issue_at(status: str, cast: IssueCast, *, now: datetime = FOUND, assisting=(), **facts) -> Issue:
    """Return an issue due on 30 November that has come to ``status`` through the services, all at ``now``.

    ``sustained`` is reached by two verifiers of whom one says so.
    """
    values = {"source": "open", "description": DESCRIPTION, "category": "fees", "due_on": DUE_ON}
    values |= {"department": cast.department, "found_on": now.date()} | facts
    issue = writing.write_issue(values, actor=cast.inspector, now=now, assisting=assisting)
    sustained = status == "sustained"
    for step in WAY[1 : WAY.index("cleared" if sustained else status) + 1]:
        issue = again(issue, cast.office_lead)
        _STEPS[step](issue, cast, now, sustained)
    return again(issue, cast.office_lead)


def give_after(issue: Issue, person, *, now: datetime = FOUND) -> IssueEvidence:
    """Let ``person`` add evidence of after in the current round."""
    evidence = Evidence.objects.create(
        title="整改后照片", kind="photo", link="https://example.org/a", added_by=person, added_at=now, status="pending"
    )
    return IssueEvidence.objects.create(
        issue=issue, round=issue.current_round, evidence=evidence, phase="after", added_by=person, added_at=now
    )


def _register(issue, cast, now, sustained):
    writing.register_issue(issue, actor=cast.inspector, now=now)


def _assign(issue, cast, now, sustained):
    writing.assign_issue(issue, actor=cast.inspector, now=now)


def _sign_for(issue, cast, now, sustained):
    handling.sign_for_issue(issue, actor=cast.head, now=now)


def _plan(issue, cast, now, sustained):
    due_on = issue.due_on or DUE_ON
    handling.submit_plan(issue, measures="逐项核对", person="负责人", due_on=due_on, actor=cast.head, now=now)


def _ask_clearance(issue, cast, now, sustained):
    give_after(issue, cast.head, now=now)
    clearance.request_clearance(issue, actor=cast.head, now=now)


def _verify(issue, cast, now, sustained):
    verification.verify_pass(issue, actor=cast.inspector, now=now, sustained=sustained)
    verification.verify_pass(again(issue, cast.office_lead), actor=cast.office_lead, now=now)


_STEPS = {
    "registered": _register,
    "assigned": _assign,
    "planning": _sign_for,
    "rectifying": _plan,
    "verifying": _ask_clearance,
    "cleared": _verify,
}
