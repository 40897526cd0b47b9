"""What the page of one complaint prints beside the row itself: its way, its due date explained, its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaints.models import Complaint, ComplaintEvent, HandlingRound
from complaints.selectors.deadlines import explained_due_date
from core.clock import local_date
from core.dates import WorkCalendar, chain_summary, day_chain
from core.models import DeadlineRule

S = Complaint.Status
#: The main way (ui.md §6: side events belong to the timeline).
WAY = ("受理", "派单", "签收", "办理中", "审核", "回访", "归档")
STEP = {
    S.RECEIVED: 0,
    S.REFUSAL_REVIEW: 0,
    S.ACCEPTED: 1,
    S.DISPATCHED: 2,
    S.RETURN_REVIEW: 2,
    S.HANDLING: 3,
    S.SIGN_OFF: 3,
    S.OFFICE_REVIEW: 4,
    S.CALLBACK: 5,
    S.CLOSED: 6,
    S.ARCHIVED: len(WAY),
}
#: Events drawn with a diamond: refusals, returns, silence.
ALERTS = frozenset(
    {
        *("propose_refusal", "agree_refusal", "request_return", "refuse_return", "send_back", "review_back"),
        *("refuse_extension", "withdraw", "suspend", "reopen", "withdraw_complaint", "escalate"),
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    label: str
    note: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the timeline."""

    at: datetime
    by: str
    text: str
    is_main: bool
    is_alert: bool
    files: list


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the complaint is due when it is: the days counted, and what was added to them."""

    days: list
    summary: str
    limit: str
    start: datetime
    due_at: datetime
    effective_due_at: datetime
    is_provisional: bool


def steps_of(complaint: Complaint) -> list[Step]:
    """Return the way with the present step marked; refused, merged and transferred ones left it at 受理."""
    here = STEP.get(S(complaint.status), -1)
    round_ = complaint.current_round
    notes = [complaint.received_at, round_ and round_.dispatched_at, round_ and round_.signed_at]
    days = [_short(moment) if moment else "" for moment in notes]
    days += [f"第 {round_.round_no} 轮" if round_ and here >= 3 else "", "", "", ""]
    return [
        Step(label, note if index <= here else "", is_done=index < here, is_current=index == here)
        for index, (label, note) in enumerate(zip(WAY, days, strict=True))
    ]


def _short(moment: datetime) -> str:
    day = local_date(moment)
    return f"{day.month}月{day.day}日"


def explanation_of(round_: HandlingRound | None, *, calendar: WorkCalendar, now: datetime) -> Explanation | None:
    """Return why the round is due when it is, day by day; None for an imported date or none at all."""
    if round_ is None or round_.limit_from is None or round_.effective_due_at is None:
        return None
    due = explained_due_date(round_, calendar)
    if due is None:
        return None
    units = dict(DeadlineRule.Unit.choices)
    return Explanation(
        days=day_chain(calendar, due, local_date(now)),
        summary=chain_summary(calendar, due),
        limit=f"{round_.limit_amount} {units.get(round_.limit_unit, '')}",
        start=round_.limit_from,
        due_at=due.due_at,
        effective_due_at=round_.effective_due_at,
        is_provisional=round_.provisional,
    )


def history_of(events: Iterable[ComplaintEvent]) -> list[HistoryLine]:
    """Return the events as lines of the timeline, in the order given."""
    return [
        HistoryLine(
            at=event.at,
            by=event.names if event.actor else ("诉求人" if event.by_person else "系统"),
            text=f"{event.label}：{event.text}" if event.text else event.label,
            is_main=event.by_person,
            is_alert=event.kind in ALERTS,
            files=list(event.files.all()),
        )
        for event in events
    ]
