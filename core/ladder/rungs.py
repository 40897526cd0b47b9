"""Which rungs of the ladder a round has reached (domain §6, Escalation). Pure.

The scan asks the same in SQL; both are built of ``overdue_marks``, so that they cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import models

from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar


class Rung(models.IntegerChoices):
    """The rungs in their order; 签收已超 stands beside them."""

    NEARLY_DUE = 0, "临期提醒"
    OVERDUE = 1, "超期催办"
    RAISED = 2, "升级提醒"
    SUPERVISION_PROPOSED = 3, "建议督办"
    BULLETIN = 4, "列入通报"
    SUMMONS = 5, "约谈"
    ACCOUNTABILITY = 6, "问责建议"
    UNSIGNED = 10, "签收已超"


#: From how many working days overdue on a rung is reached, counted as 「已超 2 个工作日」 counts them.
WORKDAYS_OVERDUE: Mapping[Rung, int] = {
    Rung.OVERDUE: 0,
    Rung.RAISED: 1,
    Rung.SUPERVISION_PROPOSED: 3,
    Rung.BULLETIN: 5,
}
#: The first handling is round 1, so the second re-handling is round 3.
SECOND_REHANDLING = 3
#: Rungs that only a person records.
BY_PERSON = (Rung.SUMMONS, Rung.ACCOUNTABILITY)


@dataclass(frozen=True, slots=True)
class RoundClock:
    """What the ladder looks at in one round.

    ``due_at`` is None while no clock runs against the department, ``sign_due_at`` once it has signed.
    ``is_short`` marks limits of one working day or less, of which nobody is told beforehand.
    """

    due_at: datetime | None
    is_nearly_due: bool = False
    is_short: bool = False
    round_no: int = 1
    sign_due_at: datetime | None = None


def overdue_marks(now: datetime, calendar: WorkCalendar) -> dict[Rung, datetime]:
    """Return for each rung the moment before which a round must have been due to stand on it at the aware ``now``."""
    today = local_date(now)
    return {
        rung: datetime.combine(calendar.add_workdays(today, 1 - workdays), time.min, SHANGHAI) if workdays else now
        for rung, workdays in WORKDAYS_OVERDUE.items()
    }


def overdue_days(now: datetime, calendar: WorkCalendar) -> dict[Rung, date]:
    """Return the same for limits that are days (Asia/Shanghai), which end at 23:59:59 of their day (domain §5)."""
    return {rung: local_date(mark) for rung, mark in overdue_marks(now, calendar).items()}


def rungs_reached(clock: RoundClock, *, now: datetime, calendar: WorkCalendar) -> frozenset[Rung]:
    """Return every rung of ``clock`` at the aware ``now``; 约谈 and 问责建议 never, a person records them."""
    reached = set()
    if clock.due_at is not None:
        reached = {rung for rung, mark in overdue_marks(now, calendar).items() if clock.due_at < mark}
        if clock.is_nearly_due and not clock.is_short and not reached:
            reached.add(Rung.NEARLY_DUE)
        if clock.round_no >= SECOND_REHANDLING:
            reached.add(Rung.SUPERVISION_PROPOSED)
    if clock.sign_due_at is not None and clock.sign_due_at < now:
        reached.add(Rung.UNSIGNED)
    return frozenset(reached)


def rungs_up_to(rung: int) -> list[Rung]:
    """Return the rungs an overdue round has climbed to stand on ``rung``, itself the last."""
    return [lower for lower in WORKDAYS_OVERDUE if lower <= rung]
