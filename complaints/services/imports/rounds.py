"""The one round a file gives an order, with the limits that hold for it."""

from datetime import date, datetime

from complaints.models import HandlingRound
from complaints.selectors.deadlines import clock_runs, end_of_day
from complaints.services.imports.facts import OrderFacts, S
from core.clock import local_date
from core.dates import DueDate, WorkCalendar, due_date
from core.ladder import RoundClock, rungs_reached, rungs_up_to
from core.models import DeadlineRule
from core.selectors.calendar import deadline_rule

Stage = DeadlineRule.Stage
Ending = HandlingRound.Ending


class Limits:
    """The limits of hotline orders; each rule is looked up once for a file.

    Args:
        now: the moment of the commit, aware; sign limits count from it.
        calendar: the work calendar.
    """

    def __init__(self, now: datetime, calendar: WorkCalendar):
        self.now, self.calendar = now, calendar
        self._rules: dict[tuple[str, str, date], DeadlineRule | None] = {}

    def rule(self, stage: str, type_code: str, on: date) -> DeadlineRule | None:
        """Return the rule in force for the type on that day."""
        key = (stage, type_code, on)
        if key not in self._rules:
            self._rules[key] = deadline_rule(
                matter=DeadlineRule.Matter.HOTLINE, stage=stage, on=on, complaint_type=type_code, urgency="normal"
            )
        return self._rules[key]

    def due(self, stage: str, type_code: str, start: datetime) -> tuple[DeadlineRule, DueDate] | None:
        """Return the rule with what it comes to from ``start``, None where no rule fits."""
        rule = self.rule(stage, type_code, local_date(start))
        return (rule, due_date(self.calendar, start, rule.amount, rule.unit)) if rule else None


def round_columns(facts: OrderFacts, limits: Limits) -> dict:
    """Return the columns of the round besides complaint and department (domain §6, Import).

    Dispatched counts as received; signed, due and closed are as in the file, submitted is closed. There is no sign
    limit unless the order is still unsigned.

    A limit of the file wins over the rule. An open order without one gets the rule's limit, counted from dispatch,
    which is receipt: somebody has to handle it in time, and 12345 printed no other promise. An order the file
    already closed is as in the file: nobody is judged by a limit that was never set, so that it counts in neither
    按期办结率 nor 超期未办结数 (oracles README §4).
    """
    closed = facts.closed_at
    columns = {
        "dispatched_at": facts.received_at,
        "dispatched_estimated": True,
        "limit_from": facts.received_at,
        "signed_at": facts.signed_at,
        "due_at": facts.due_at,
        "effective_due_at": facts.due_at,
        "due_imported": facts.due_at is not None,
        "limit_amount": None,
        "limit_unit": "",
        "provisional": False,
        "submitted_at": closed,
        "closed_at": closed,
        "ending": Ending.OPEN if closed is None else Ending.CLOSED,
        "satisfaction": facts.satisfaction_code,
        "result": facts.result or "",
    }
    if facts.status == S.DISPATCHED and (sign := limits.due(Stage.SIGN_FOR, facts.type_code, limits.now)):
        columns["sign_due_at"] = sign[1].due_at
    if facts.due_at is None and closed is None:
        columns |= _limit_by_rule(facts, limits)
    return columns


def _limit_by_rule(facts: OrderFacts, limits: Limits) -> dict:
    found = limits.due(Stage.HANDLE, facts.type_code, facts.received_at)
    if found is None:
        return {}
    rule, due = found
    return {
        "due_at": due.due_at,
        "effective_due_at": due.due_at,
        "limit_amount": rule.amount,
        "limit_unit": rule.unit,
        "provisional": due.provisional,
    }


def assistant_due(round_: HandlingRound, calendar: WorkCalendar) -> datetime | None:
    """Return until when an assisting department gives its part: one working day before the round is due."""
    if not clock_runs(round_) or round_.effective_due_at is None:
        return None
    return end_of_day(calendar.previous_workday(local_date(round_.effective_due_at)))


def passed_rungs(round_: HandlingRound, limits: Limits) -> list[int]:
    """Return the rungs below the one on which the round stands at the commit: recorded as passed, not sent."""
    clock = RoundClock(due_at=round_.effective_due_at if clock_runs(round_) else None)
    reached = rungs_reached(clock, now=limits.now, calendar=limits.calendar)
    return [int(rung) for rung in rungs_up_to(max(reached))[:-1]] if reached else []
