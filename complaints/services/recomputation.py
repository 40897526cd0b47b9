"""Due dates that rested on a presumed year are counted again when the year is loaded (domain §5)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from complaints.models import ComplaintEvent, HandlingRound
from complaints.selectors.deadlines import explained_due_date
from complaints.services.rounds import change_round, repeated_on, retimed
from core.audit import record_event
from core.clock import local_date
from core.dates import WorkCalendar, day_name
from core.recomputation import DueChange
from core.workflow import swap


def recompute_provisional_dates(calendar: WorkCalendar, *, actor, now: datetime, commit: bool) -> Iterator[DueChange]:
    """Yield each due date of an open round that moves under ``calendar``; written and audited with ``commit``.

    Registered in ``core.recomputation``. A date that does not move merely stops being provisional.
    """
    rounds = HandlingRound.objects.unscoped("the calendar holds for every department")
    rounds = rounds.filter(provisional=True, ending=HandlingRound.Ending.OPEN, due_imported=False)
    for round_ in rounds.select_related("complaint", "department").order_by("pk"):
        explained, before = explained_due_date(round_, calendar), round_.effective_due_at
        if explained is None or before is None:
            continue
        presumed = calendar.with_year(local_date(before).year, {})
        dates = retimed(round_, explained.due_at, before=presumed, after=calendar)
        if commit:
            _write(round_, dates, actor=actor, now=now)
        if dates["effective_due_at"] != before:
            yield DueChange(str(round_.complaint), before, dates["effective_due_at"])


def _write(round_: HandlingRound, dates: dict[str, Any], *, actor, now: datetime) -> None:
    """Store the new dates on the round and its complaint; where the date moved, the audit log and timeline say so."""
    before, complaint = round_.effective_due_at, round_.complaint
    round_ = change_round(round_, **dates)
    swap(complaint, **repeated_on(round_))
    if round_.effective_due_at == before:
        return
    moved = {"effective_due_at": before}, {"effective_due_at": round_.effective_due_at}
    record_event(
        actor=actor, action="complaints.complaint.recompute", target=complaint, before=moved[0], after=moved[1], now=now
    )
    ComplaintEvent.objects.create(
        complaint=complaint,
        kind="recompute",
        label="日历公布",
        text=f"办理时限按公布的日历改为 {day_name(local_date(dates['effective_due_at']), local_date(now))}",
        at=now,
        department=round_.department,
        round=round_,
        by_person=False,
    )
