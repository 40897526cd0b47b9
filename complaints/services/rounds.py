"""Opening, ending and re-timing rounds; the complaint repeats the current one for its lists."""

from copy import copy
from datetime import datetime
from typing import Any

from complaints.models import AssistingDepartment, Complaint, HandlingRound
from complaints.selectors.deadlines import (
    Stage,
    end_of_day,
    limit_of,
    moved_by_workdays,
    running_clocks,
    shifted_by_workdays,
)
from core.clock import local_date
from core.dates import WorkCalendar


def open_round(
    complaint: Complaint,
    *,
    department,
    actor,
    now: datetime,
    calendar: WorkCalendar,
    assisting=(),
    rehandling: bool = False,
    imported_due: datetime | None = None,
    **fields: Any,
) -> HandlingRound:
    """Start a round of ``department`` at ``now`` and return it; the caller writes ``repeated_on`` to the complaint.

    Args:
        assisting: departments that help.
        rehandling: a dissatisfied call-back or a reopening: ``round_no`` rises, the round starts signed, with
            the rule's full limit from this moment.
        imported_due: the platform's due time; it holds for the first round only and wins over the rule.
    """
    last = complaint.rounds.order_by("-sequence").first()
    round_no = (last.round_no if last else 1) + (1 if rehandling and last else 0)
    handle = limit_of(complaint, Stage.HANDLE, now, calendar)
    sign = None if rehandling else limit_of(complaint, Stage.SIGN_FOR, now, calendar)
    due_at = imported_due or (handle.due.due_at if handle else None)
    round_ = HandlingRound.objects.create(
        complaint=complaint,
        sequence=(last.sequence if last else 0) + 1,
        round_no=round_no,
        department=department,
        dispatched_at=now,
        dispatched_by=actor,
        sign_due_at=sign.due.due_at if sign else None,
        signed_at=now if rehandling else None,
        limit_amount=handle.amount if handle else None,
        limit_unit=handle.unit if handle else "",
        limit_from=now,
        due_at=due_at,
        due_imported=imported_due is not None,
        effective_due_at=due_at,
        provisional=imported_due is None and due_at is not None and calendar.is_presumed(local_date(due_at)),
        **fields,
    )
    add_assisting_departments(round_, assisting, now=now, calendar=calendar)
    return round_


def add_assisting_departments(round_: HandlingRound, departments, *, now: datetime, calendar: WorkCalendar) -> None:
    """Let ``departments`` help in the round, each by one working day before the effective due date."""
    due_at = None
    if round_.effective_due_at is not None:
        due_at = end_of_day(calendar.previous_workday(local_date(round_.effective_due_at)))
    AssistingDepartment.objects.bulk_create(
        [
            AssistingDepartment(round=round_, department=department, due_at=due_at, added_at=now)
            for department in departments
            if department.pk != round_.department_id
        ],
        ignore_conflicts=True,
    )


def change_round(round_: HandlingRound, **changes: Any) -> HandlingRound:
    """Write ``changes`` to an open round and return it so changed; the caller holds the complaint's version.

    The row at hand stays as it was fetched, because the table judges the act by it once more.
    """
    changed = copy(round_)
    for name, value in changes.items():
        setattr(changed, name, value)
    changed.save(update_fields=list(changes))
    return changed


def retimed(round_: HandlingRound, due_at: datetime, *, before: WorkCalendar, after: WorkCalendar) -> dict[str, Any]:
    """Return the round's dates for another own due time; working days added by extension or suspension stay added.

    Args:
        before: the calendar under which the round got its present dates.
        after: the one under which the new ones are counted.
    """
    old, effective = round_.due_at, round_.effective_due_at
    added = before.workdays_between(local_date(old), local_date(effective)) if old and effective else 0
    move = moved_by_workdays if round_.extended and added else shifted_by_workdays
    effective = move(due_at, added, after)
    return {
        "due_at": due_at,
        "effective_due_at": effective,
        "provisional": after.is_presumed(local_date(effective)),
    }


def end_round(round_: HandlingRound | None, ending: str, *, now: datetime, **changes: Any) -> HandlingRound | None:
    """Close the round for good with ``ending``; None stays None."""
    if round_ is None:
        return None
    return change_round(round_, ending=ending, closed_at=now, **changes)


def repeated_on(round_: HandlingRound | None) -> dict[str, Any]:
    """Return the columns of the complaint that repeat its current round."""
    if round_ is None:
        return {"current_round": None, "department": None, "due_at": None, **running_clocks(None)}
    return {
        "current_round": round_,
        "department": round_.department,
        "due_at": round_.effective_due_at,
        **running_clocks(round_),
    }
