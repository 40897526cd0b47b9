"""Issues due on a given day in each state in which a clock runs or stands, for the tests of the clock."""

from datetime import UTC, date, datetime

from core.clock import local_date
from indicators.models import Evidence
from supervision.models import Issue
from supervision.selectors.details import issues_for
from supervision.services import clearance, handling, verification, writing
from supervision.services.evidence import add_evidence

#: Monday 23 November 2026, 10:00 in Xiping.
FOUND = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE_ON = date(2026, 11, 30)
_WAY = ("draft", "registered", "assigned", "planning", "rectifying", "verifying", "cleared")


def again(issue: Issue, user) -> Issue:
    """Return the issue as ``user``'s next request would fetch it."""
    return issues_for(user).get(pk=issue.pk)


def due_issue(status: str, *, inspector, office_lead, head, now: datetime = FOUND, assisting=(), **facts) -> Issue:
    """Return an issue of ``head``'s department, due on 30 November, that came to ``status`` at ``now``.

    ``sustained`` is reached by two verifiers of whom one says so.
    """
    values = {"source": "open", "description": "大厅收费公示栏未更新，仍列已取消的收费", "category": "fees"}
    values |= {"department": head.department, "found_on": local_date(now), "due_on": DUE_ON} | facts
    issue = writing.write_issue(values, actor=inspector, now=now, assisting=assisting)
    steps = {
        "registered": lambda row: writing.register_issue(row, actor=inspector, now=now),
        "assigned": lambda row: writing.assign_issue(row, actor=inspector, now=now),
        "planning": lambda row: handling.sign_for_issue(row, actor=head, now=now),
        "rectifying": lambda row: handling.submit_plan(row, measures="逐项核对", actor=head, now=now),
        "verifying": lambda row: ask_clearance(row, head, now=now),
        "cleared": lambda row: pass_twice(row, inspector, office_lead, now=now, sustained=status == "sustained"),
    }
    last = "cleared" if status == "sustained" else status
    for step in _WAY[1 : _WAY.index(last) + 1]:
        steps[step](again(issue, inspector))
    return again(issue, office_lead)


def give_after(issue: Issue, person, *, now: datetime = FOUND) -> None:
    """Let ``person`` add evidence of after in the current round."""
    piece = Evidence.objects.create(
        title="整改后照片", kind="photo", link="https://example.org/a", added_by=person, added_at=now, status="pending"
    )
    add_evidence(again(issue, person), evidence=[piece], phase="after", actor=person, now=now)


def ask_clearance(issue: Issue, head, *, now: datetime) -> None:
    """Ask for clearance with evidence, signed by the head."""
    give_after(issue, head, now=now)
    clearance.request_clearance(again(issue, head), actor=head, now=now)


def pass_twice(issue: Issue, first, second, *, now: datetime, sustained: bool = False) -> None:
    """Verify by two names."""
    verification.verify_pass(again(issue, first), actor=first, now=now, sustained=sustained)
    verification.verify_pass(again(issue, second), actor=second, now=now)
