"""Issues walked through their services to any state, and to the situations within one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from indicators.models import Evidence
from supervision.models import Issue, IssueEvidence
from supervision.selectors.details import issues_for
from supervision.services import clearance, handling, verification, writing
from supervision.services.evidence import add_evidence

#: Monday 23 November 2026, 10:00 in Xiping.
FOUND = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
#: When an issue of the factory is due: five working days after ``FOUND``.
DUE_ON = date(2026, 11, 30)
#: A later date, for those that need more time.
DUE = date(2026, 12, 4)
TEXT = "大厅收费公示栏未更新，仍列已取消的收费"
MEASURES = "逐项核对收费目录，重新制作公示栏"


@dataclass(frozen=True)
class IssueCast:
    """Who acts: who finds and verifies, the office, the department that leads, and the one that assists."""

    inspector: Any
    office: Any
    office_lead: Any
    reporter: Any
    head: Any
    helper: Any
    department: Any
    helper_department: Any


def again(issue: Issue, user) -> Issue:
    """Return the issue as ``user``'s next request would fetch it."""
    return issues_for(user).get(pk=issue.pk)


def make_issue(actor, *, department=None, assisting=(), now: datetime = FOUND, **facts) -> Issue:
    """Write an issue in 草稿, due on ``DUE_ON``: what was found open on site unless told otherwise."""
    values = {"source": "open", "description": TEXT, "category": "fees", "due_on": DUE_ON, "department": department}
    return again(writing.write_issue(values | facts, actor=actor, now=now, assisting=assisting), actor)


def issue_at(place: str, cast: IssueCast, *, now: datetime = FOUND, assisting=(), **facts) -> Issue:
    """Return an issue that has come to ``place`` of ``WAYS`` (a state, or a situation in one), all at ``now``.

    The department of ``cast`` leads. ``sustained`` is reached by two verifiers of whom one says so.
    """
    dates = {"found_on": now.date()} | ({"limit_kind": "immediate"} if place == "planning_immediate" else {})
    issue = make_issue(
        cast.inspector, now=now, assisting=assisting, **({"department": cast.department} | dates | facts)
    )
    for step in WAYS[place]:
        issue = again(issue, cast.office_lead)
        step(issue, cast, now)
    return again(issue, cast.office_lead)


def make_piece(person, *, title: str = "整改后照片", now: datetime = FOUND) -> Evidence:
    """Return a piece of evidence that ``person`` has put into the store."""
    return Evidence.objects.create(
        title=title,
        kind="photo",
        link="https://example.org/a",
        department_id=person.scope_department_id,
        added_by=person,
        added_at=now,
        status="pending",
    )


def give(
    issue: Issue, person, phase: str = "after", *, title: str = "整改后照片", now: datetime = FOUND
) -> IssueEvidence:
    """Let ``person`` add a piece of evidence through the service and return what was added."""
    piece = make_piece(person, title=title, now=now)
    return add_evidence(issue, evidence=[piece], phase=phase, actor=person, now=now)[0]


def _register(issue, cast, now):
    writing.register_issue(issue, actor=cast.inspector, now=now)


def _revoke(issue, cast, now):
    writing.revoke_issue(issue, reason="经核实不属实", actor=cast.office_lead, now=now)


def _assign(issue, cast, now):
    writing.assign_issue(issue, actor=cast.inspector, now=now)


def _sign_for(issue, cast, now):
    handling.sign_for_issue(issue, actor=cast.head, now=now)


def _hand_in_plan(issue, cast, now):
    due_on = issue.due_on or DUE_ON
    handling.submit_plan(issue, measures=MEASURES, person="许琳", due_on=due_on, actor=cast.reporter, now=now)


def _plan(issue, cast, now):
    due_on = issue.due_on or DUE_ON
    handling.submit_plan(issue, measures=MEASURES, person="许琳", due_on=due_on, actor=cast.head, now=now)


def _give(issue, cast, now):
    give(issue, cast.reporter, now=now)


def _ask_time(issue, cast, now):
    due_on = issue.due_on + timedelta(days=7)
    handling.request_extension(issue, due_on=due_on, reason="供货推迟", actor=cast.reporter, now=now)


def _ask_time_signed(issue, cast, now):
    due_on = issue.due_on + timedelta(days=7)
    handling.request_extension(issue, due_on=due_on, reason="供货推迟", actor=cast.head, now=now)


def _ask_clearance(issue, cast, now):
    clearance.request_clearance(issue, actor=cast.reporter, now=now)


def _ask_clearance_signed(issue, cast, now):
    clearance.request_clearance(issue, actor=cast.head, now=now)


def _first_name(issue, cast, now):
    verification.verify_pass(issue, actor=cast.inspector, now=now)


def _first_name_sustained(issue, cast, now):
    verification.verify_pass(issue, actor=cast.inspector, now=now, sustained=True)


def _second_name(issue, cast, now):
    verification.verify_pass(issue, actor=cast.office_lead, now=now)


_TO_PLANNING = (_register, _assign, _sign_for)
_TO_RECTIFYING = (*_TO_PLANNING, _plan)
_TO_VERIFYING = (*_TO_RECTIFYING, _give, _ask_clearance_signed)
#: How each state is come to, and each situation in which something waits for somebody.
WAYS = {
    "draft": (),
    "registered": (_register,),
    "assigned": (_register, _assign),
    "planning": _TO_PLANNING,
    "planning_immediate": (*_TO_PLANNING, _give),
    "plan_to_sign": (*_TO_PLANNING, _hand_in_plan),
    "rectifying": _TO_RECTIFYING,
    "rectified": (*_TO_RECTIFYING, _give),
    "extension_unconfirmed": (*_TO_RECTIFYING, _ask_time),
    "extension_asked": (*_TO_RECTIFYING, _ask_time_signed),
    "clearance_to_sign": (*_TO_RECTIFYING, _give, _ask_clearance),
    "verifying": _TO_VERIFYING,
    "verified_once": (*_TO_VERIFYING, _first_name),
    "sustained": (*_TO_VERIFYING, _first_name_sustained, _second_name),
    "cleared": (*_TO_VERIFYING, _first_name, _second_name),
    "revoked": (_register, _revoke),
}
