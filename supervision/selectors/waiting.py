"""What waits for one person among issues: rows of the 工作台 and the number beside 问题台账 (domain §1, §7)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.access import Permission
from core.clock import local_date
from core.dates import SHANGHAI
from core.dates.deadlines import END_OF_DAY
from core.panels import ToDo
from core.selectors.calendar import work_calendar
from supervision.models import (
    ClearanceRequest,
    Issue,
    IssueEvidence,
    IssueExtension,
    IssueRound,
    LookBack,
    Verification,
)
from supervision.rules.issues import own_departments
from supervision.selectors.conditions import assisted_q
from supervision.selectors.rows import COLUMNS, RowReader

MOST_ROWS = 50
S = Issue.Status
Answer = IssueExtension.Answer
Result = ClearanceRequest.Result
_SHOWN = (
    *("number", "title", "status", "clock_due_on", "next_review_on", "verify_due_on", "department__short_name"),
    *("clearance_waits", "last_ending", "current_round__plan_handed_in_at", "current_round__extension__answer"),
)
#: State -> kind of the tag, the one verb; where the state alone does not say it, ``_words`` does.
WORDS = {
    S.DRAFT: ("登记", "登记"),
    S.REGISTERED: ("交办", "交办"),
    S.ASSIGNED: ("签收", "签收"),
    S.PLANNING: ("报方案", "报方案"),
    S.RECTIFYING: ("整改", "办理"),
    S.VERIFYING: ("验收", "验收"),
    S.SUSTAINED: ("复查", "复查"),
}


# --- conditions -----------------------------------------------------------------------------------

#: A reporter's plan waits for the head.
PLAN_WAITS = Q(
    status=S.PLANNING, current_round__plan_handed_in_at__isnull=False, current_round__planned_at__isnull=True
)


def clearance_waits_q() -> Q:
    """Return the condition that a clearance request waits for the head."""
    requests = ClearanceRequest.objects.unscoped("narrows rows already scoped")
    return Q(Exists(requests.filter(round=OuterRef("current_round"), result=Result.UNSIGNED)))


def extension_q(answer: str) -> Q:
    """Return the condition that the current round's request for a later date stands at ``answer``."""
    return Q(status__in=(S.RECTIFYING, S.VERIFYING), current_round__extension__answer=answer)


def verifiable_q(user) -> Q:
    """Return the condition that ``user``'s name, of R6 or R2, would count under the clearance (domain §7, two names)."""
    signed = Verification.objects.unscoped("narrows rows already scoped").filter(
        request__round=OuterRef("current_round"), request__result=Result.STANDING, user=user.pk
    )
    given = IssueEvidence.objects.unscoped("narrows rows already scoped").filter(
        round=OuterRef("current_round"), phase=IssueEvidence.Phase.AFTER, withdrawn_at=None, added_by=user.pk
    )
    return Q(status=S.VERIFYING) & ~_concerned_q(user) & ~Q(Exists(signed)) & ~Q(Exists(given))


def _concerned_q(user) -> Q:
    """Return the condition that one of ``user``'s departments leads or assists."""
    own = own_departments(user)
    return Q(department__in=own) | assisted_q(pk__in=own) if own else Q(pk__in=[])


def verifiable_in_need(user, now: datetime) -> list[int]:
    """Return the keys of issues that ``user``, R3, may verify because R6 and R2 do not give two names."""
    rows = Issue.objects.visible_to(user).filter(status=S.VERIFYING).order_by("pk").values(*COLUMNS)
    judged = RowReader(user, now=now, calendar=work_calendar()).read(rows)
    return [row["id"] for row in judged if "verify_pass" in row["actions"]]


def to_verify_q(user, now: datetime) -> Q:
    """Return the condition that a clearance request waits for ``user``'s own name."""
    if user.can(Permission.VERIFY_ISSUES):
        return verifiable_q(user)
    if user.can(Permission.VERIFY_IN_NEED):
        return Q(pk__in=verifiable_in_need(user, now))
    return Q(pk__in=[])


def review_due_q(user, today: date) -> Q:
    """Return the condition that a sustained issue is to be reviewed by ``user`` by now."""
    return Q(status=S.SUSTAINED, next_review_on__lte=today) & ~_concerned_q(user)


def waiting_q(user, now: datetime) -> Q:
    """Return the condition that the next step is ``user``'s own (their to-dos, the number in the navigation)."""
    steps = to_verify_q(user, now)
    if user.can(Permission.KEEP_ISSUES):
        steps |= Q(status__in=(S.DRAFT, S.REGISTERED))
    if user.can(Permission.DECIDE_ISSUES):
        steps |= extension_q(Answer.ASKED)
    if user.can(Permission.VERIFY_ISSUES):
        steps |= review_due_q(user, local_date(now))
    if user.can(Permission.HANDLE_ISSUES):
        own = Q(department=user.scope_department_id)
        waits_for_head = PLAN_WAITS | Q(status__in=(S.PLANNING, S.RECTIFYING)) & clearance_waits_q()
        if user.can(Permission.SIGN_ISSUES):
            steps |= own & (Q(status__in=Issue.CLOCK_RUNS) | extension_q(Answer.UNCONFIRMED))
        else:
            steps |= own & Q(status__in=Issue.CLOCK_RUNS) & ~waits_for_head
    return steps


def open_look_backs(user, today: date) -> QuerySet[LookBack]:
    """Return the look-backs that ``user``, R6, is to record by now; of each issue the earliest."""
    if not user.can(Permission.LOOK_BACK):
        return LookBack.objects.none()
    earlier = LookBack.objects.unscoped("narrows rows already scoped").filter(
        issue=OuterRef("issue"), done_on=None, result="", due_on__lt=OuterRef("due_on")
    )
    rows = LookBack.objects.visible_to(user).filter(done_on=None, result="", due_on__lte=today)
    return rows.filter(~Exists(earlier))


# --- the workbench --------------------------------------------------------------------------------


def issue_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the issues whose next step is ``user``'s, soonest due first, at most fifty, one row an issue."""
    if not user.can(Permission.READ_ISSUES):
        return []
    requests = ClearanceRequest.objects.unscoped("of rows already scoped").filter(round=OuterRef("current_round"))
    standing = requests.filter(result=Result.STANDING).order_by("-asked_at")
    rounds = IssueRound.objects.unscoped("of rows already scoped").filter(issue=OuterRef("pk"))
    rows = Issue.objects.visible_to(user).filter(waiting_q(user, now))
    rows = rows.annotate(
        clearance_waits=Exists(requests.filter(result=Result.UNSIGNED)),
        verify_due_on=Subquery(standing.values("verify_due_on")[:1]),
        last_ending=Subquery(rounds.order_by("-sequence").values("ending")[:1]),
    )
    soonest = Coalesce("clock_due_on", "verify_due_on", "next_review_on")
    rows = rows.order_by(soonest.asc(nulls_last=True), "entered_status_at", "id")
    return [_to_do(row, user) for row in rows.values(*_SHOWN)[:MOST_ROWS]]


def _to_do(row: Mapping[str, Any], user) -> ToDo:
    kind, act = _words(row, user)
    return ToDo(
        kind=kind,
        title=row["title"],
        url=reverse("supervision:issue", args=[row["number"]]),
        act=act,
        due_at=_end_of(row["clock_due_on"] or row["verify_due_on"] or row["next_review_on"]),
        meta="　".join(part for part in (row["number"], row["department__short_name"]) if part),
        number=row["number"],
    )


def _words(row: Mapping[str, Any], user) -> tuple[str, str]:
    """Return kind and verb: papers that wait for a signature or an answer come before the state's own step."""
    answer, signs = row["current_round__extension__answer"], user.can(Permission.SIGN_ISSUES)
    plan_waits = row["status"] == S.PLANNING and row["current_round__plan_handed_in_at"]
    papers = (
        (user.can(Permission.DECIDE_ISSUES) and answer == Answer.ASKED, ("审延期", "审批")),
        (signs and row["clearance_waits"], ("签销号", "签发")),
        (signs and plan_waits, ("签方案", "签发")),
        (signs and answer == Answer.UNCONFIRMED, ("延期", "确认")),
        (row["status"] == S.REGISTERED and row["last_ending"] == IssueRound.Ending.OBJECTED, ("异议", "重新交办")),
    )
    return next((words for waits, words in papers if waits), WORDS[row["status"]])


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, END_OF_DAY, SHANGHAI)


def look_back_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the look-backs whose date has come, for R6, the longest waiting first, at most fifty."""
    if not user.can(Permission.LOOK_BACK):
        return []
    rows = open_look_backs(user, local_date(now)).order_by("due_on", "id")
    columns = ("due_on", "issue__number", "issue__title", "issue__department__short_name")
    return [
        ToDo(
            kind="回头看",
            title=row["issue__title"],
            url=reverse("supervision:issue", args=[row["issue__number"]]),
            act="回头看",
            due_at=_end_of(row["due_on"]),
            meta="　".join((row["issue__number"], row["issue__department__short_name"])),
            number=row["issue__number"],
        )
        for row in rows.values(*columns)[:MOST_ROWS]
    ]


def count_waiting(user, now: datetime) -> int:
    """Return how many issues wait for ``user``'s next step (the number beside 问题台账 and 问题整改)."""
    if not user.can(Permission.READ_ISSUES):
        return 0
    return Issue.objects.visible_to(user).filter(waiting_q(user, now)).count()


def count_look_backs(user, now: datetime) -> int:
    """Return how many look-backs and reviews ``user`` is to record by now (the number beside 回头看)."""
    today = local_date(now)
    number = open_look_backs(user, today).count()
    if user.can(Permission.VERIFY_ISSUES):
        number += Issue.objects.visible_to(user).filter(review_due_q(user, today)).count()
    return number
