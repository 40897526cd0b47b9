"""Dates that rested on a presumed year are counted again when the year is loaded (domain §5)."""

from collections.abc import Iterator
from datetime import date, datetime

from core.audit import record_event
from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar, day_name
from core.dates.deadlines import END_OF_DAY
from core.recomputation import DueChange
from core.settings_registry import setting
from core.workflow import swap
from supervision.models import ClearanceRequest, Issue, IssueEvent, IssueRound, LookBack
from supervision.services.rounds import change_round, dates_of

_EVERYBODYS = "the calendar holds for every department"


def recompute_provisional_dates(calendar: WorkCalendar, *, actor, now: datetime, commit: bool) -> Iterator[DueChange]:
    """Yield each date of an open issue that moves under ``calendar``; written and audited with ``commit``.

    Registered in ``core.recomputation``. A date that somebody wrote does not move, it merely stops being
    provisional; so does one that an extension replaced. Limits of verifiers are counted again, look-backs and
    reviews moved off days that turned out to be rest days.
    """
    yield from _rounds(calendar, actor=actor, now=now, commit=commit)
    yield from _verifications(calendar, commit=commit)
    yield from _look_backs(calendar, commit=commit)
    yield from _reviews(calendar, commit=commit)


def _rounds(calendar: WorkCalendar, *, actor, now: datetime, commit: bool) -> Iterator[DueChange]:
    rounds = IssueRound.objects.unscoped(_EVERYBODYS).filter(provisional=True, ending=IssueRound.Ending.OPEN)
    for round_ in rounds.select_related("issue", "department").order_by("pk"):
        before, due_on = round_.effective_due_on, round_.due_on
        if round_.limit_workdays is not None:
            due_on = calendar.add_workdays(local_date(round_.opened_at), round_.limit_workdays)
        after = before if round_.extended else due_on
        if before is None or after is None:
            continue
        if commit:
            provisional = calendar.is_presumed(after)
            changed = change_round(round_, due_on=due_on, effective_due_on=after, provisional=provisional)
            if after != before:
                _move(round_.issue, changed, before, actor=actor, now=now)
        if after != before:
            yield _change(round_.issue.number, before, after)


def _move(issue: Issue, round_: IssueRound, before: date, *, actor, now: datetime) -> None:
    """Repeat the round's new date on the issue; the audit log and the timeline say so."""
    after = round_.effective_due_on
    assert after is not None  # it moved to a date
    swap(issue, **dates_of(round_, clock_runs=issue.status in Issue.CLOCK_RUNS))
    record_event(
        actor=actor,
        action="supervision.issue.recompute",
        target=issue,
        before={"due_on": before},
        after={"due_on": after},
        now=now,
    )
    IssueEvent.objects.create(
        issue=issue,
        kind="recompute",
        label="日历公布",
        text=f"整改时限按公布的日历改为 {day_name(after, local_date(now))}",
        at=now,
        department=round_.department,
        round=round_,
    )


def _verifications(calendar: WorkCalendar, *, commit: bool) -> Iterator[DueChange]:
    standing = ClearanceRequest.objects.unscoped(_EVERYBODYS).filter(
        result=ClearanceRequest.Result.STANDING, signed_at__isnull=False, verify_due_on__isnull=False
    )
    for request in standing.select_related("round__issue").order_by("pk"):
        before, signed_at = request.verify_due_on, request.signed_at
        assert before is not None  # filtered above
        assert signed_at is not None
        after = calendar.add_workdays(local_date(signed_at), setting("issues.verify_workdays"))
        if after == before:
            continue
        if commit:
            standing.filter(pk=request.pk).update(verify_due_on=after)
        yield _change(f"{request.round.issue.number} 验收", before, after)


def _look_backs(calendar: WorkCalendar, *, commit: bool) -> Iterator[DueChange]:
    rows = LookBack.objects.unscoped(_EVERYBODYS).filter(done_on=None, result="")
    for look_back in rows.select_related("issue").order_by("pk"):
        after = calendar.workday_on_or_after(look_back.due_on)
        if after == look_back.due_on:
            continue
        if commit:
            rows.filter(pk=look_back.pk).update(due_on=after)
        yield _change(f"{look_back.issue.number} 回头看", look_back.due_on, after)


def _reviews(calendar: WorkCalendar, *, commit: bool) -> Iterator[DueChange]:
    rows = Issue.objects.unscoped(_EVERYBODYS).filter(status=Issue.Status.SUSTAINED, next_review_on__isnull=False)
    for issue in rows.order_by("pk"):
        before = issue.next_review_on
        assert before is not None  # filtered above
        after = calendar.workday_on_or_after(before)
        if after == before:
            continue
        if commit:
            swap(issue, next_review_on=after)
        yield _change(f"{issue.number} 复查", before, after)


def _change(reference: str, before: date, after: date) -> DueChange:
    return DueChange(reference, _end_of(before), _end_of(after))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, SHANGHAI)
