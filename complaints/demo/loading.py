"""Writing the demonstration's complaints at once: one statement a table, once per database."""

from collections import Counter
from datetime import date, datetime
from typing import Any

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
from complaints.selectors.deadlines import running_clocks
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
    # Merged ones last, because they name another.
    told.sort(key=lambda pair: (pair[0].fate == "merged", pair[1].columns["received_at"], pair[0].serial))
    complaints = write_complaints(told, cast)
    rounds = write_rounds(told, complaints)
    write_what_hangs_on_them(told, complaints, rounds)
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


def write_complaints(told: list[tuple[PlannedComplaint, Tale]], cast: Cast) -> list[Complaint]:
    """Create the complaints in the order of ``told``, numbered by the day; the merged ones stand last."""
    rows = numbered(told)
    alone = sum(one.fate != "merged" for one, _ in told)
    complaints = PAST.enter_many(Complaint, rows[:alone])
    for (_, tale), row in zip(told[alone:], rows[alone:], strict=True):
        merge(tale, row, complaints, cast)
    return complaints + PAST.enter_many(Complaint, rows[alone:])


def numbered(told: list[tuple[PlannedComplaint, Tale]]) -> list[dict[str, Any]]:
    """Return the columns of each complaint with its number and what repeats its latest round; counters go on from here."""
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
                **running_clocks(latest),
            }
        rows.append(columns)
    NumberCounter.objects.bulk_create(
        [NumberCounter(day=day, last=number) for day, number in last.items()],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["last"],
    )
    return rows


def merge(tale: Tale, row: dict[str, Any], complaints: list[Complaint], cast: Cast) -> None:
    """Merge ``row``, which repeats another, into the first of the same title that was handled."""
    handled = [complaint for complaint in complaints if complaint.department_id is not None]
    kept = next((complaint for complaint in handled if complaint.title == row["title"]), handled[0])
    row |= {"status": S.MERGED, "duplicate_of": kept}
    tale.events.append(
        ComplaintEvent(
            kind="mark_duplicate",
            label="并件",
            text=f"并入 {kept.number}",
            at=row["entered_status_at"],
            actor=cast.people["office"],
        )
    )


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
    events, callbacks, extensions, rungs, phones = [], [], [], [], []
    for (one, tale), complaint in zip(told, complaints, strict=True):
        for sequence, callback in tale.callbacks:
            callback.complaint, callback.round = complaint, rounds[complaint.pk, sequence]
            callbacks.append(callback)
        for sequence, rung in tale.escalations:
            rung.complaint, rung.round = complaint, rounds[complaint.pk, sequence]
            rungs.append(rung)
        for sequence, extension in tale.extensions:
            extension.round = rounds[complaint.pk, sequence]
            extensions.append(extension)
        for event in tale.events:
            event.complaint, event.department, event.round = complaint, complaint.department, complaint.current_round
            events.append(event)
        if not complaint.anonymous:
            phones.append(CallerPhone(complaint=complaint, digest=phone_digest(one.phone)))
    ComplaintEvent.objects.bulk_create(events, batch_size=500)
    CallBack.objects.bulk_create(callbacks)
    Extension.objects.bulk_create(extensions)
    Escalation.objects.bulk_create(rungs)
    CallerPhone.objects.bulk_create(phones)
