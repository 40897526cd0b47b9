"""What the scores selector answers: plain immutable rows with the words a page or a client shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from core import formats
from indicators.models import Indicator, IndicatorSet
from indicators.models.catalogue import Source
from indicators.scoring import NO_DATA, Rollup, rounded

NOT_COMPARABLE = "口径不同，不比"
LAPSED = "依据已废止，待核"
FRONTIER_REACHED = "已达前沿"
TARGET_REACHED = "已达目标"


@dataclass(frozen=True, slots=True)
class DepartmentName:
    """A department as lists print it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The standard of one kind in force; only one in the leaf's own unit is compared."""

    value: Decimal
    unit: str
    place: str = ""
    source: str = ""
    origin: str = ""
    effective_from: date | None = None
    is_comparable: bool = True
    has_lapsed: bool = False
    id: int | None = None
    checked_on: date | None = None
    checked_by: str = ""

    @property
    def origin_of_figure(self) -> Source:
        """The document or address, ready to be linked."""
        return Source.read(self.source)

    @property
    def note(self) -> str:
        """What must be said beside the figure: 口径不同，不比 · 依据已废止，待核."""
        words = [LAPSED] if self.has_lapsed else []
        return "；".join([*words, *([] if self.is_comparable else [NOT_COMPARABLE])])


@dataclass(frozen=True, slots=True)
class Reading:
    """A leaf's figures at one moment; standards in another unit are left out."""

    value: Decimal | None = None
    as_of: date | None = None
    worst: Decimal | None = None
    frontier: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """All scores at one moment by code, with the readings of the leaves they were computed from."""

    readings: dict[str, Reading]
    results: dict[str, Rollup]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One indicator with everything computed for it at one moment.

    ``score`` and ``coverage`` follow the formula whatever the coverage; pages show ``score_text``, which
    says 数据不足 where the score does not rest on enough leaves. ``gap`` is a leaf's only; ``gap_text`` of a
    parent names the leaf that most needs work. ``history`` are a parent's weekly scores, oldest first, this one last.
    """

    id: int
    code: str
    name: str
    aliases: list[str]
    level: int
    parent: str | None
    first_level: str
    dimension: str
    unit: str
    direction: str
    decimals: int | None
    weight: Decimal
    frequency: str
    applicable: bool
    assumed: bool
    is_leaf: bool
    is_constrained: bool
    is_silent: bool
    lead: DepartmentName | None
    assist: tuple[DepartmentName, ...]
    reading: Reading
    standards: dict[str, Yardstick]
    exact: Fraction | None
    scored_leaves: int
    applicable_leaves: int
    coverage: Decimal | None
    sufficient: bool
    light: str
    gap: Decimal | None
    gap_text: str
    short_gap_text: str
    gap_leaf: str | None
    missing: tuple[str, ...]
    target_progress: Decimal | None
    rank: int | None = None
    rank_change: int | None = None
    change: Decimal | None = None
    history: tuple[Decimal | None, ...] = ()

    @property
    def score(self) -> Decimal | None:
        """The score by the formula, two decimals half up."""
        return rounded(self.exact)

    @property
    def shown_score(self) -> Decimal | None:
        """The score pages, lights and ranks use: None where it does not rest on enough leaves."""
        return self.score if self.sufficient else None

    @property
    def score_text(self) -> str:
        """The score as read, or why there is none."""
        if not self.applicable:
            return "不适用"
        if self.sufficient:
            return formats.figure(self.score, 2, fixed=True)
        if self.is_leaf:
            return "前沿数据缺失"
        return insufficient_text(self.scored_leaves, self.applicable_leaves)

    @property
    def missing_text(self) -> str:
        """What a leaf without a score lacks: 缺最差值、前沿值."""
        return f"缺{'、'.join(self.missing)}" if self.missing else ""

    @property
    def progress_text(self) -> str:
        """What stands beside a leaf without a score: 目标完成度, else the change against the baseline.

        Neither enters a score (domain §3).
        """
        if not self.is_leaf or self.exact is not None:
            return ""
        if self.target_progress is not None:
            return f"目标完成度 {formats.percent(self.target_progress)}"
        change = self.change_from_baseline
        if change is None:
            return ""
        sign = "+" if change > 0 else ""
        return f"较基期 {sign}{formats.measure(change, self.unit, 4)}"

    @property
    def is_yes_no(self) -> bool:
        """Whether the leaf's value is a yes or a no."""
        return self.direction == "yesno"

    @property
    def value_text(self) -> str:
        """The current value with its unit."""
        return self.figure_text(self.reading.value)

    @property
    def change_from_baseline(self) -> Decimal | None:
        """The value minus the baseline; better or worse by ``direction``; None when either is unknown."""
        baseline = self.standards.get("baseline")
        if self.reading.value is None or baseline is None or not baseline.is_comparable:
            return None
        return self.reading.value - baseline.value

    def figure_text(self, value: Decimal | None) -> str:
        """Return a figure of this leaf with its unit, 是/否 as words."""
        places = 4 if self.decimals is None else self.decimals
        return formats.measure(value, self.unit, places, is_yes_no=self.is_yes_no)

    def standard_text(self, kind: str) -> str:
        """Return the standard of ``kind`` in force in its own unit, ``—`` where there is none."""
        standard = self.standards.get(kind)
        if standard is None:
            return formats.MISSING
        return formats.measure(standard.value, standard.unit, 4, is_yes_no=self.is_yes_no)

    @property
    def standard_texts(self) -> "StandardTexts":
        """The standards in words by kind, for templates: ``{{ row.standard_texts.frontier }}``."""
        return StandardTexts(self)

    @property
    def rank_fall(self) -> int | None:
        """How many places the row fell, where it did."""
        return -self.rank_change if self.rank_change is not None and self.rank_change < 0 else None

    @property
    def dimension_label(self) -> str:
        """The Chinese name of the dimension."""
        return Indicator.Dimension(self.dimension).label if self.dimension else ""


@dataclass(frozen=True, slots=True)
class StandardTexts:
    """The standards of a row in words; only the one a template asks for is put into words."""

    row: ScoreRow

    def __getitem__(self, kind: str) -> str:
        return self.row.standard_text(kind)


@dataclass(frozen=True, slots=True)
class TotalScore:
    """The composite (综合自评分) of all first-level rows, never called official."""

    exact: Fraction | None
    scored_leaves: int
    applicable_leaves: int
    coverage: Decimal | None
    sufficient: bool
    light: str
    gap_text: str
    change: Decimal | None = None
    history: tuple[Decimal | None, ...] = ()

    @property
    def score(self) -> Decimal | None:
        """The composite by the formula, two decimals half up."""
        return rounded(self.exact)

    @property
    def score_text(self) -> str:
        """The composite as read, or 数据不足（3/113）."""
        if self.sufficient:
            return formats.figure(self.score, 2, fixed=True)
        return insufficient_text(self.scored_leaves, self.applicable_leaves)


@dataclass(frozen=True, slots=True)
class Cause:
    """One line of 得分为什么变: how much of the composite's change came from one indicator, and from which figures.

    ``code`` is empty for the last line, 计分范围变化: indicators that gained or lost their score altogether.
    """

    code: str
    name: str
    effect: Decimal
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """All scores of one indicator set on one day, as known at ``cut_off``.

    ``rows`` are in catalogue order by code. ``compared_with`` is the day seven days before, against which
    ``change`` and ``rank_change`` stand. ``causes`` explain the composite's change since then.
    """

    indicator_set: IndicatorSet | None
    on: date
    cut_off: datetime
    compared_with: date
    days: tuple[date, ...]
    rows: dict[str, ScoreRow]
    total: TotalScore
    causes: tuple[Cause, ...] = field(default=())

    def first_level(self) -> list[ScoreRow]:
        """Return the first-level rows in catalogue order."""
        return [row for row in self.rows.values() if row.level == 1]

    def children(self, code: str) -> list[ScoreRow]:
        """Return the rows directly below ``code`` in catalogue order."""
        return [row for row in self.rows.values() if row.parent == code]

    def below(self, code: str) -> Iterator[ScoreRow]:
        """Yield every row below ``code``, each parent before its children."""
        for row in self.children(code):
            yield row
            yield from self.below(row.code)

    def leaves(self) -> list[ScoreRow]:
        """Return the rows that carry values, applicable or not."""
        return [row for row in self.rows.values() if row.is_leaf]

    def weak_spots(self) -> list[ScoreRow]:
        """Return 短板: first-level rows with a sufficient score below 接近, lowest first.

        An approved objective constraint keeps a row out of this list; it is still shown elsewhere (domain §3).
        """
        weak = [row for row in self.first_level() if row.light in ("behind", "serious") and not row.is_constrained]
        return sorted(weak, key=lambda row: (row.exact, row.code))

    def without_score(self) -> list[ScoreRow]:
        """Return the applicable first-level rows whose coverage does not suffice for a score."""
        return [row for row in self.first_level() if row.applicable and row.light == NO_DATA]


def insufficient_text(scored: int, applicable: int) -> str:
    """Return 数据不足（3/113）: leaves with a score of applicable leaves."""
    return f"数据不足（{scored}/{applicable}）"
