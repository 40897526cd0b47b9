"""The 总览: one score sheet arranged as a page that explains itself (ui.md §1, §2)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from core.clock import local_date
from core.kept import kept
from indicators.models import Indicator, ReportValue
from indicators.rules.report_dates import DispatchTimes
from indicators.scoring import mean, rounded
from indicators.selectors.completeness import Tally, visible_completeness
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.score_rows import Cause, ScoreRow, ScoreSheet

#: Columns of the heat grid; a dimension with more rows wraps.
GRID = 8
MOST_WEAK_SPOTS = 6
MOST_CAUSES = 5


@dataclass(frozen=True, slots=True)
class DimensionTiles:
    """The first-level rows of one dimension, their weighted mean, and how many columns they take."""

    name: str
    rows: tuple[ScoreRow, ...]
    mean: Decimal | None

    @property
    def columns(self) -> int:
        return min(len(self.rows), GRID)


@dataclass(frozen=True, slots=True)
class WeakSpot:
    """A row far from the frontier: why (word and colour), and what the composite gains if it gets there."""

    row: ScoreRow
    reason: str
    colour: str
    potential: Decimal | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of the page head: applicable first-level rows, and how they stand."""

    applicable: int
    scored: int
    good: int
    weak: int
    serious: int


@dataclass(frozen=True, slots=True)
class DayOfReports:
    """How reporting stands on the report day: counts, and which units still owe how many reports."""

    day: date
    tally: Tally
    owing: tuple[dict, ...]

    @property
    def left(self) -> int:
        return self.tally.expected - self.tally.actual

    @property
    def words(self) -> str:
        """Return the bar as a sentence for those who hear the page."""
        return f"应报 {self.tally.expected} 项，已报 {self.tally.actual} 项，未报 {self.left} 项"


def summary_of(sheet: ScoreSheet) -> Summary:
    """Return how many first-level rows there are, show a score, are at least near, are weak, are far off."""
    rows = [row for row in sheet.first_level() if row.applicable]
    lights = Counter(row.light for row in rows)
    return Summary(
        applicable=len(rows),
        scored=sum(row.sufficient for row in rows),
        good=lights["ok"] + lights["near"],
        weak=len(sheet.weak_spots()),
        serious=lights["serious"],
    )


def reporting_of_day(user, *, now: datetime) -> DayOfReports:
    """Return how reporting stands at the aware ``now`` on the report day (today, else the latest working day).

    Units appear in official order; a person of one department sees their own only (domain §1).
    """
    times = dispatch_times()
    day = times.calendar.workday_on_or_before(local_date(now))
    result = visible_completeness(user, day, day, now=now, times=times)
    owing = tuple(
        {"short_name": department["short_name"], "left": tally.expected - tally.actual}
        for department, tally in result.rows
        if tally.actual < tally.expected
    )
    return DayOfReports(day, result.total, owing)


def tiles_by_dimension(sheet: ScoreSheet) -> list[DimensionTiles]:
    """Return the applicable first-level rows by dimension, in catalogue order; rows without one come last."""
    groups: dict[str, list[ScoreRow]] = {}
    for row in sheet.first_level():
        if row.applicable:
            groups.setdefault(row.dimension, []).append(row)
    order = [*Indicator.Dimension.values, ""]
    return [
        DimensionTiles(_dimension_name(code), tuple(groups[code]), mean_of(groups[code]))
        for code in sorted(groups, key=order.index)
    ]


def _dimension_name(code: str) -> str:
    return Indicator.Dimension(code).label if code else "未分维度"


def mean_of(rows: list[ScoreRow]) -> Decimal | None:
    """Return the weighted mean of the rows that show a score; None where none does."""
    scores = {row.code: row.exact for row in rows if row.sufficient}
    return rounded(mean(scores, {row.code: row.weight for row in rows}))


def weak_spots(sheet: ScoreSheet, *, without_evidence: frozenset[str]) -> list[WeakSpot]:
    """Return the weakest rows, lowest first, each with its reason (ui.md §2.7: rank results only, and say why).

    Args:
        without_evidence: codes of first-level rows with a value whose evidence is still owed (佐证待补).
    """
    scored = [row for row in sheet.first_level() if row.exact is not None]
    weights = sum((Fraction(row.weight) for row in scored), Fraction(0))
    return [
        WeakSpot(row, *reason_of(row, without_evidence), potential_of(row, weights))
        for row in sheet.weak_spots()[:MOST_WEAK_SPOTS]
    ]


def potential_of(row: ScoreRow, weights: Fraction) -> Decimal | None:
    """Return what the composite gains when ``row`` gets to 100; ``weights`` is the sum over scored rows."""
    return None if row.exact is None else rounded(Fraction(row.weight) * (100 - row.exact) / weights)


def reason_of(row: ScoreRow, without_evidence: frozenset[str]) -> tuple[str, str]:
    """Return why ``row`` is weak, as word and colour of its tag: 数据缺, 佐证缺 or 工作滞后.

    数据缺: nothing reported for too many working days, so that the score is an old one.
    """
    if row.is_silent:
        return "数据缺", "line"
    return ("佐证缺", "line") if row.code in without_evidence else ("工作滞后", "amber")


@dataclass(frozen=True, slots=True)
class Causes:
    """得分为什么变: the strongest causes by themselves, the others under one line with their sum."""

    main: tuple[Cause, ...]
    others: tuple[Cause, ...]

    @property
    def others_effect(self) -> Decimal:
        return sum((cause.effect for cause in self.others), Decimal(0))


def causes_of(sheet: ScoreSheet) -> Causes:
    """Return the causes of the composite's change, strongest first; what it is made of stays complete."""
    ordered = sorted(sheet.causes, key=lambda cause: -abs(cause.effect))
    most = len(ordered) if len(ordered) == MOST_CAUSES + 1 else MOST_CAUSES  # one line is not worth folding
    return Causes(tuple(ordered[:most]), tuple(ordered[most:]))


def constrained(sheet: ScoreSheet) -> list[ScoreRow]:
    """Return the rows with an approved objective constraint: out of the 短板清单, and shown all the same."""
    return [row for row in sheet.first_level() if row.is_constrained]


@kept
def codes_without_evidence(today: date, *, times: DispatchTimes) -> frozenset[str]:
    """Return the codes of first-level rows whose value of the last two working weeks still owes its evidence."""
    since = times.calendar.add_workdays(today, -10)
    owed = ReportValue.objects.unscoped("which indicators owe evidence; no content").filter(
        evidence_later=True, report__date__gte=since, report__evidence=None
    )
    return frozenset(owed.order_by().values_list("report__indicator__code", flat=True))
