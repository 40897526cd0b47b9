"""The rates of handling over plain facts of rounds (domain §6; rates.json and its README §4 are the definition).

A figure is a pair of counts; a total is computed from the sums, never from rates. The same conditions in SQL stand
in ``complaints.selectors.statistics``; a test holds both against each other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from complaints.models import HandlingRound
from core.rates import Count, Figure, Window, known

Satisfaction = HandlingRound.Satisfaction
Solved = HandlingRound.Solved

RATED = frozenset({Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED, Satisfaction.DISSATISFIED})
CONTENT = frozenset({Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED})


class Definition(StrEnum):
    """What 按期办结率 divides by: what fell due in the period (the oracles'), or what was closed in it."""

    DUE = "due"
    CLOSED = "closed"


ON_TIME_CLOSE_FORMULAS = {
    Definition.DUE: "期内应办结（到期或已提交）的件中，时限内提交的 ÷ 期内应办结件；超期后改派的计入分母",
    Definition.CLOSED: "期内办结的件中，时限内提交的 ÷ 期内办结件",
}
FIGURES = (
    Figure("on_time_sign", "按时签收率", "签收时限在期内的件中，时限内签收的 ÷ 签收时限在期内的件"),
    Figure("close", "办结率", "期内派单的件中，截至时刻已办结的 ÷ 期内派单的件；退单、改派的除外"),
    Figure("on_time_close", "按期办结率", ON_TIME_CLOSE_FORMULAS[Definition.DUE]),
    Figure("overdue_open", "超期未办结数", "截至时刻已过时限而未提交办理结果的件，不限派单日期", is_count=True),
    Figure("satisfaction", "满意率", "（满意＋基本满意）÷（满意＋基本满意＋不满意），期内办结、非匿名的件"),
    Figure("return", "退单率", "期内派单的件中，同意退单的 ÷ 期内派单的件"),
    Figure("rehandle", "重办率", "期内派单的重办件 ÷ 期内办结件，可能超过 100%"),
    Figure("extension", "延期率", "期内派单的件中，获准延期的 ÷ 期内派单的件"),
    Figure("solved", "解决率", "诉求人答复已解决的 ÷ 诉求人作答的，期内办结的件"),
)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What the rates ask of one handling round of a main unit. Moments are aware.

    ``due_at`` is the effective due time, ``submitted_at`` the submission that was accepted, ``closed_at`` the moment
    the round ended, however it did; ``satisfaction`` and ``solved`` are codes of ``HandlingRound``, empty for none.
    """

    department: str
    dispatched_at: datetime
    sign_due: datetime | None = None
    signed_at: datetime | None = None
    due_at: datetime | None = None
    submitted_at: datetime | None = None
    closed_at: datetime | None = None
    round_no: int = 1
    anonymous: bool = False
    satisfaction: str = ""
    solved: str = ""
    return_requested: bool = False
    return_approved: bool = False
    reassigned: bool = False
    merged_duplicate: bool = False
    extended: bool = False

    @property
    def ended_elsewhere(self) -> bool:
        """Whether the unit gave the round back or lost it (rule 4)."""
        return self.return_approved or self.reassigned

    @property
    def lost_late(self) -> bool:
        """Whether it was reassigned, not returned, after its due time."""
        if self.due_at is None or self.closed_at is None or self.return_approved:
            return False
        return self.reassigned and self.closed_at > self.due_at

    def known_at(self, cut_off: datetime) -> "RoundFacts":
        """Return the facts as they stood: what came later than ``cut_off`` has not happened (rule 2)."""
        return replace(
            self,
            signed_at=known(self.signed_at, cut_off),
            submitted_at=known(self.submitted_at, cut_off),
            closed_at=known(self.closed_at, cut_off),
        )


@dataclass(slots=True)
class Tally:
    """The counts of all figures, and how many returns were asked for."""

    counts: dict[str, Count] = field(default_factory=lambda: {figure.key: Count() for figure in FIGURES})
    requested: int = 0

    def add(self, other: "Tally") -> None:
        """Add the sums of ``other``."""
        for key, count in other.counts.items():
            self.counts[key].add(count.numerator, count.denominator)
        self.requested += other.requested


# --- each figure: whether a round counts in (numerator, denominator) ------------------------------
def on_time_sign(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """按时签收率: a round lost unsigned before its limit owed nothing any more."""
    if round_.sign_due is None or round_.sign_due not in window or round_.return_approved:
        return False, False
    signed, closed = round_.signed_at, round_.closed_at
    if round_.reassigned and signed is None and closed is not None and closed <= round_.sign_due:
        return False, False
    return signed is not None and signed <= round_.sign_due, True


def close(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """办结率, by dispatch."""
    counts = round_.dispatched_at in window and not round_.ended_elsewhere
    return counts and round_.closed_at is not None, counts


def on_time_close(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """按期办结率, by what fell due: handed in or due in the period, whichever came first."""
    if round_.due_at is None:
        return False, False
    if round_.ended_elsewhere:
        return False, round_.lost_late and round_.due_at in window
    submitted = round_.submitted_at
    counts = (round_.due_at if submitted is None else min(round_.due_at, submitted)) in window
    return counts and submitted is not None and submitted <= round_.due_at, counts


def on_time_of_closed(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """按期办结率 by what was closed in the period (``Definition.CLOSED``)."""
    due, submitted = round_.due_at, round_.submitted_at
    if due is None or round_.ended_elsewhere or round_.closed_at not in window:
        return False, False
    return submitted is not None and submitted <= due, True


def overdue_open(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """超期未办结数, whatever the period; due exactly at the cut-off is not overdue."""
    owes = not round_.ended_elsewhere and round_.submitted_at is None
    return owes and round_.due_at is not None and round_.due_at < window.cut_off, False


def satisfaction(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """满意率, of those who said how satisfied they were."""
    counts = (
        round_.closed_at in window
        and not round_.ended_elsewhere
        and not round_.anonymous
        and round_.satisfaction in RATED
    )
    return counts and round_.satisfaction in CONTENT, counts


def returned(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """退单率."""
    counts = round_.dispatched_at in window
    return counts and round_.return_approved, counts


def rehandle(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """重办率: re-handlings dispatched against rounds closed, so it may exceed 100 %."""
    if round_.ended_elsewhere:
        return False, False
    return round_.round_no >= 2 and round_.dispatched_at in window, round_.closed_at in window


def extension(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """延期率."""
    counts = round_.dispatched_at in window
    return counts and round_.extended, counts


def solved(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """解决率: the complainant's answer counts, not the department's claim."""
    counts = round_.closed_at in window and not round_.ended_elsewhere and bool(round_.solved)
    return counts and round_.solved == Solved.YES, counts


Counting = Callable[[RoundFacts, Window], tuple[bool, bool]]
COUNTING: dict[str, Counting] = {
    "on_time_sign": on_time_sign,
    "close": close,
    "on_time_close": on_time_close,
    "overdue_open": overdue_open,
    "satisfaction": satisfaction,
    "return": returned,
    "rehandle": rehandle,
    "extension": extension,
    "solved": solved,
}


def tally(rounds: Iterable[RoundFacts], window: Window, definition: str = Definition.DUE) -> Tally:
    """Return the counts of ``rounds`` in ``window``; merged rounds and those dispatched later count nowhere."""
    result = Tally()
    counting = COUNTING | ({"on_time_close": on_time_of_closed} if definition == Definition.CLOSED else {})
    for whole in rounds:
        if whole.merged_duplicate or whole.dispatched_at > window.cut_off:
            continue
        round_ = whole.known_at(window.cut_off)
        for key, count in counting.items():
            result.counts[key].add(*map(int, count(round_, window)))
        result.requested += round_.dispatched_at in window and round_.return_requested
    return result


def rates_by_department(
    rounds: Iterable[RoundFacts], window: Window, order: Mapping[str, int], definition: str = Definition.DUE
) -> tuple[dict[str, Tally], Tally]:
    """Return the counts of each department and the total from their sums.

    Args:
        order: code → official order; departments it does not name come last, by code.

    A department has a row when a round of its was dispatched by the cut-off, a merged one too.
    """
    by_department: dict[str, list[RoundFacts]] = {}
    for round_ in rounds:
        if round_.dispatched_at <= window.cut_off:
            by_department.setdefault(round_.department, []).append(round_)
    codes = sorted(by_department, key=lambda code: (code not in order, order.get(code, 0), code))
    rows = {code: tally(by_department[code], window, definition) for code in codes}
    return rows, total_of(rows.values())


def total_of(tallies: Iterable[Tally]) -> Tally:
    """Return the sums of ``tallies``."""
    total = Tally()
    for one in tallies:
        total.add(one)
    return total
