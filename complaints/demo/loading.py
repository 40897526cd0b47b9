"""Writing the demonstration's complaints at once: one statement a table, once per database."""

from collections import Counter, defaultdict
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from complaints.demo.plan import PlannedComplaint, plan_complaints
from complaints.demo.story import Cast, S, Tale, Teller
from complaints.identities import phone_digest
from complaints.models import (
    CallBack,
    CallerPhone,
    Complaint,
    ComplaintEvent,
    Escalation,
    Extension,
    HandlingRound,
    NumberCounter,
)
from complaints.selectors.deadlines import clock_runs
from core.audit import record_event
from core.clock import local_date
from core.exceptions import RuleViolation
from core.ledger import claim_run
from core.selectors.calendar import work_calendar
from core.workflow import Workflow
from departments.models import Department
from indicators.models import Indicator

LEDGER = "demo"
#: Rows of the past enter where they stand; the real table knows fewer entries.
PAST = Workflow(entries=tuple(S))
_OWN = "rows this load has just written"


@transaction.atomic
def load_demo_complaints(*, now: datetime) -> int:
    """Write 400 complaints of the twelve months before the aware ``now``, once per database; return how many.

    Raises RuleViolation when the demo accounts are not there.
    """
    cast = find_cast(now)
    if not claim_run(LEDGER, "complaints", now=now):
        return 0
    plan = plan_complaints()
    told = [(one, Teller(one, cast).tell()) for one in plan]
    told.sort(key=lambda pair: (pair[1].columns["received_at"], pair[0].serial))
    complaints = write_complaints(told)
    rounds = write_rounds(told, complaints)
    write_what_hangs_on_them(told, complaints, rounds)
    merge(told, complaints, cast)
    record_event(
        actor=None, action="complaints.demo.load", target=complaints[0], after={"complaints": len(complaints)}, now=now
    )
    return len(complaints)


def find_cast(now: datetime) -> Cast:
    """Return accounts, units and indicators of the story."""
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    if "office" not in people:
        raise RuleViolation("演示账号尚未载入，请先运行 manage.py load_demo")
    calendar = work_calendar()
    return Cast(
        people=people,
        departments={unit.code: unit for unit in Department.objects.all()},
        indicators={row.code: row for row in Indicator.objects.filter(indicator_set__active=True, level=1)},
        calendar=calendar,
        now=now,
        today=calendar.workday_on_or_before(local_date(now)),
    )


def write_complaints(told: list[tuple[PlannedComplaint, Tale]]) -> list[Complaint]:
    """Create the complaints in the order they came in, numbered by the day."""
    counters = {row.day: row.last for row in NumberCounter.objects.all()}
    last: Counter[date] = Counter(counters)
    rows = []
    for _, tale in told:
        day = local_date(tale.columns["received_at"])
        last[day] += 1
        latest = tale.rounds[-1] if tale.rounds else None
        dispatches = sum(1 for round_ in tale.rounds if round_.round_no == 1)
        columns = tale.columns | {"number": f"YS{day:%Y%m%d}-{last[day]:04d}", "dispatch_count": dispatches}
        if latest is not None:
            columns |= {
                "department": latest.department,
                "due_at": latest.effective_due_at,
                "clock_due_at": latest.effective_due_at if clock_runs(latest) else None,
            }
        rows.append(columns)
    NumberCounter.objects.bulk_create(
        [NumberCounter(day=day, last=number) for day, number in last.items()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["last"],
    )
    return PAST.enter_many(Complaint, rows)


def write_rounds(
    told: list[tuple[PlannedComplaint, Tale]], complaints: list[Complaint]
) -> dict[tuple[int, int], HandlingRound]:
    """Create the rounds, point each complaint to its latest, and return them by complaint and sequence."""
    rounds = []
    for (_, tale), complaint in zip(told, complaints, strict=True):
        for round_ in tale.rounds:
            round_.complaint = complaint
            rounds.append(round_)
    HandlingRound.objects.bulk_create(rounds, batch_size=200)
    by_place = {(round_.complaint_id, round_.sequence): round_ for round_ in rounds}
    held = []
    for (_, tale), complaint in zip(told, complaints, strict=True):
        if tale.rounds:
            complaint.current_round = tale.rounds[-1]
            held.append(complaint)
    Complaint.objects.unscoped(_OWN).bulk_update(held, ["current_round"], batch_size=200)
    return by_place


def write_what_hangs_on_them(
    told: list[tuple[PlannedComplaint, Tale]],
    complaints: list[Complaint],
    rounds: dict[tuple[int, int], HandlingRound],
) -> None:
    """Create call-backs, extensions, rungs, the timeline and the index of callers."""
    rows: dict[type, list] = defaultdict(list)
    for (one, tale), complaint in zip(told, complaints, strict=True):
        for sequence, callback in tale.callbacks:
            callback.complaint, callback.round = complaint, rounds[complaint.pk, sequence]
            rows[CallBack].append(callback)
        for sequence, rung in tale.escalations:
            rung.complaint, rung.round = complaint, rounds[complaint.pk, sequence]
            rows[Escalation].append(rung)
        for sequence, extension in tale.extensions:
            extension.round = rounds[complaint.pk, sequence]
            rows[Extension].append(extension)
        for event in tale.events:
            event.complaint, event.department, event.round = complaint, complaint.department, complaint.current_round
            rows[ComplaintEvent].append(event)
        if not complaint.anonymous:
            rows[CallerPhone].append(CallerPhone(complaint=complaint, digest=phone_digest(one.phone)))
    for model in (CallBack, Escalation, Extension, ComplaintEvent, CallerPhone):
        model._base_manager.bulk_create(rows[model], batch_size=500)


def merge(told: list[tuple[PlannedComplaint, Tale]], complaints: list[Complaint], cast: Cast) -> None:
    """Merge each complaint that repeats another into the first of the same title that was handled."""
    handled = [complaint for complaint in complaints if complaint.department_id is not None]
    first_of = {complaint.title: complaint for complaint in reversed(handled)}
    for (one, _), complaint in zip(told, complaints, strict=True):
        if one.fate != "merged":
            continue
        kept = first_of.get(complaint.title, handled[0])
        rows = Complaint.objects.unscoped(_OWN).filter(pk=complaint.pk)
        rows.update(status=S.MERGED, duplicate_of=kept)
        ComplaintEvent.objects.create(
            complaint=complaint,
            kind="mark_duplicate",
            label="并件",
            text=f"并入 {kept.number}",
            at=complaint.entered_status_at,
            actor=cast.people["office"],
        )
