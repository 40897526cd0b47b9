"""The rates of rectification over plain facts of rounds, as at a cut-off (domain §7, Rates).

What came after the cut-off has not happened yet: a round withdrawn, extended, cleared or sustained later was none
of it (oracles README §4, rule 2). Rounds taken back by then and revoked issues count nowhere. The same conditions
in SQL stand in ``supervision.selectors.statistics``; a test holds both against each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from core.clock import local_date
from core.dates import SHANGHAI
from core.rates import Count, Figure, Window, known
from supervision.models import Issue, IssueRound

Ending = IssueRound.Ending
END_OF_DAY = time(23, 59, 59)

FIGURES = (
    Figure("cleared", "整改率", "期内开始的整改轮次中，截至时刻已销号的 ÷ 期内开始的轮次；正在长期坚持的另列，不计入"),
    Figure(
        "cleared_on_time",
        "按期整改率",
        "整改时限（含批准的延期）在期内的轮次中，时限内提出销号申请并已验收通过的 ÷ 整改时限在期内的轮次",
    ),
    Figure("immediate_done", "立行立改完成率", "期内开始的立行立改轮次中，截至时刻已销号的 ÷ 期内开始的立行立改轮次"),
)


class Standing(StrEnum):
    """Where a round stood at the cut-off."""

    OPEN = "open"
    CLEARED = "cleared"
    SUSTAINED = "sustained"
    RELAPSED = "relapsed"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What the rates ask of one round. Moments are aware, days are those of Asia/Shanghai.

    ``due_on`` is the effective date. ``due_before`` is what it was until ``extended_at``, where it was extended.
    ``requested_at`` is when the clearance request that passed was made. ``revoked_at`` is the issue's.
    """

    department: str
    opened_at: datetime
    limit_kind: str = Issue.LimitKind.DEADLINE
    due_on: date | None = None
    due_before: date | None = None
    extended_at: datetime | None = None
    requested_at: datetime | None = None
    sustained_at: datetime | None = None
    cleared_at: datetime | None = None
    ending: str = Ending.OPEN
    ended_at: datetime | None = None
    revoked_at: datetime | None = None

    def known_at(self, cut_off: datetime) -> "RoundFacts":
        """Return the facts as they stood at ``cut_off``."""
        extended = known(self.extended_at, cut_off)
        ended = known(self.ended_at, cut_off)
        sustained, cleared = known(self.sustained_at, cut_off), known(self.cleared_at, cut_off)
        return replace(
            self,
            due_on=self.due_on if self.extended_at is None or extended else self.due_before,
            extended_at=extended,
            # A request is one that passed only once it has.
            requested_at=self.requested_at if sustained or cleared else None,
            sustained_at=sustained,
            cleared_at=cleared,
            ending=self.ending if ended else (Ending.SUSTAINED if sustained else Ending.OPEN),
            ended_at=ended or sustained,
            revoked_at=known(self.revoked_at, cut_off),
        )

    @property
    def standing(self) -> Standing:
        """Where the round stands by these facts."""
        if self.ending in IssueRound.NOT_COUNTED:
            return Standing.TAKEN_BACK
        if self.cleared_at is not None:
            return Standing.CLEARED
        if self.ending == Ending.RELAPSED:
            return Standing.RELAPSED
        return Standing.OPEN if self.sustained_at is None else Standing.SUSTAINED

    @property
    def counts(self) -> bool:
        """Whether any rate counts the round."""
        return self.standing is not Standing.TAKEN_BACK and self.revoked_at is None


def end_of(day: date) -> datetime:
    """Return the last second of ``day``, which is when a date of the ledger falls due."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI)


@dataclass(slots=True)
class Tally:
    """The counts of all figures, and how many rounds opened in the period stand in 长期坚持."""

    counts: dict[str, Count] = field(default_factory=lambda: {figure.key: Count() for figure in FIGURES})
    sustained: int = 0

    def add(self, other: "Tally") -> None:
        """Add the sums of ``other``."""
        for key, count in other.counts.items():
            self.counts[key].add(count.numerator, count.denominator)
        self.sustained += other.sustained


# --- each figure: whether a round counts in (numerator, denominator) ------------------------------
def cleared(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """整改率: of what was opened in the period, without what stands in 长期坚持."""
    counts = round_.opened_at in window and round_.standing is not Standing.SUSTAINED
    return counts and round_.standing is Standing.CLEARED, counts


def cleared_on_time(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """按期整改率: of what fell due in the period; on time is when the passed request was made, not the verification."""
    if round_.due_on is None or end_of(round_.due_on) not in window:
        return False, False
    asked = round_.requested_at
    return asked is not None and local_date(asked) <= round_.due_on, True


def immediate_done(round_: RoundFacts, window: Window) -> tuple[bool, bool]:
    """立行立改完成率."""
    counts = round_.limit_kind == Issue.LimitKind.IMMEDIATE and round_.opened_at in window
    return counts and round_.standing is Standing.CLEARED, counts


Counting = Callable[[RoundFacts, Window], tuple[bool, bool]]
COUNTING: dict[str, Counting] = {
    "cleared": cleared,
    "cleared_on_time": cleared_on_time,
    "immediate_done": immediate_done,
}


def tally(rounds: Iterable[RoundFacts], window: Window) -> Tally:
    """Return the counts of ``rounds`` in ``window``; those opened after the cut-off do not exist."""
    result = Tally()
    for whole in rounds:
        round_ = whole.known_at(window.cut_off)
        if whole.opened_at > window.cut_off or not round_.counts:
            continue
        for key, count in COUNTING.items():
            result.counts[key].add(*map(int, count(round_, window)))
        result.sustained += round_.opened_at in window and round_.standing is Standing.SUSTAINED
    return result


def total_of(tallies: Iterable[Tally]) -> Tally:
    """Return the sums of ``tallies``."""
    total = Tally()
    for one in tallies:
        total.add(one)
    return total
