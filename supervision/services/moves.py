"""What every act on an issue does: move it by the table, write the timeline, tell who is next."""

from datetime import datetime
from typing import Any

from accounts.roles import Role
from accounts.selectors import people_with_permission, people_with_role
from accounts.services import notify
from core.access import Permission
from supervision.models import Issue, IssueEvent
from supervision.selectors.verifiers import who_verifies
from supervision.workflow import ISSUE


def move(
    name: str, issue: Issue, *, actor, now: datetime, text: str = "", audit: dict | None = None, **changes: Any
) -> IssueEvent:
    """Do the act ``name`` of the table, with ``changes``, and return its line of the timeline.

    Raises what ``Workflow.apply`` raises. Call it inside the transaction of the service.
    """
    before, handled_in, department = issue.status, issue.current_round, issue.department
    ISSUE.apply(name, issue, actor=actor, now=now, purpose=text, audit=audit, **changes)
    if issue.status != before:
        in_hand = Issue.objects.unscoped("the row the table has just moved for the actor")
        in_hand.filter(pk=issue.pk).update(entered_status_at=now)
        issue.entered_status_at = now
    return write_event(
        issue,
        name,
        ISSUE.transitions[name].label,
        actor=actor,
        now=now,
        text=text,
        department=department or issue.department,
        round=issue.current_round or handled_in,
    )


def write_event(issue: Issue, kind: str, label: str, *, actor, now: datetime, text: str = "", **fields) -> IssueEvent:
    """Write one line of the timeline; ``fields`` are department and round where they are known."""
    return IssueEvent.objects.create(
        issue=issue,
        kind=kind,
        label=label,
        text=text,
        at=now,
        actor=actor,
        **({"round": issue.current_round} | fields),
    )


def tell(people, issue: Issue, what: str, title: str, *, now: datetime) -> None:
    """Send one message about the issue; ``title`` says what is to be done, once per person and state."""
    notify(
        people,
        kind=f"issue.{what}",
        title=f"{issue.number} {title}",
        url=issue.get_absolute_url(),
        key=f"issue:{issue.pk}:{what}:{issue.version}",
        now=now,
    )


def tell_keepers(issue: Issue, what: str, title: str, *, now: datetime) -> None:
    """Tell R1 R2 R6, who register and assign."""
    tell(people_with_permission(Permission.KEEP_ISSUES), issue, what, title, now=now)


def tell_office_lead(issue: Issue, what: str, title: str, *, now: datetime) -> None:
    """Tell R2."""
    tell(people_with_permission(Permission.DECIDE_ISSUES), issue, what, title, now=now)


def tell_verifiers(issue: Issue, what: str, title: str, *, now: datetime) -> None:
    """Tell those whose name is missing under the clearance request: R6 and R2, and R3 where they do not suffice."""
    tell(who_verifies(issue), issue, what, title, now=now)


def tell_department(issue: Issue, what: str, title: str, *, now: datetime, department=None) -> None:
    """Tell R4 and R5 of the department that leads the issue, or of ``department``."""
    people = people_with_permission(Permission.HANDLE_ISSUES, department=department or issue.department)
    tell(people, issue, what, title, now=now)


def tell_heads(issue: Issue, what: str, title: str, *, now: datetime) -> None:
    """Tell R5 of the department that leads the issue."""
    tell(people_with_role(Role.DEPARTMENT_HEAD, department=issue.department), issue, what, title, now=now)
