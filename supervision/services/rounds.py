"""Opening, ending and re-dating rounds; the issue repeats the current one for its lists."""

from copy import copy
from datetime import date, datetime
from typing import Any

from core.dates import WorkCalendar
from supervision.models import Issue, IssueRound


def open_round(
    issue: Issue,
    *,
    department,
    due_on: date | None,
    actor,
    now: datetime,
    calendar: WorkCalendar,
    after_relapse: bool = False,
    **fields: Any,
) -> IssueRound:
    """Start a round of ``department`` due on ``due_on`` and return it; the caller writes ``dates_of`` to the issue.

    Args:
        after_relapse: ``round_no`` rises, and the round starts signed for.
    """
    last = issue.rounds.order_by("-sequence").first()
    return IssueRound.objects.create(
        issue=issue,
        sequence=(last.sequence if last else 0) + 1,
        round_no=(last.round_no if last else 1) + (1 if after_relapse else 0),
        department=department,
        limit_kind=issue.limit_kind,
        opened_at=now,
        opened_by=actor,
        signed_at=now if after_relapse else None,
        due_on=due_on,
        effective_due_on=due_on,
        provisional=due_on is not None and calendar.is_presumed(due_on),
        **fields,
    )


def change_round(round_: IssueRound, **changes: Any) -> IssueRound:
    """Write ``changes`` to a round and return it so changed; the caller holds the issue's version.

    The row at hand stays as it was fetched, because the table judges the act by it once more.
    """
    changed = copy(round_)
    for name, value in changes.items():
        setattr(changed, name, value)
    changed.save(update_fields=list(changes))
    return changed


def end_round(round_: IssueRound, ending: str, *, now: datetime, **changes: Any) -> IssueRound:
    """End the round with ``ending``."""
    return change_round(round_, ending=ending, ended_at=now, **changes)


def dates_of(round_: IssueRound, *, clock_runs: bool) -> dict[str, Any]:
    """Return the issue's columns that repeat the round's date; the clock stands still once clearance is asked."""
    due_on = round_.effective_due_on
    return {"due_on": due_on, "clock_due_on": due_on if clock_runs else None}
