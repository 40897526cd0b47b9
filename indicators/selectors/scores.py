"""Scores of the whole catalogue in one pass (domain §3): the numbers behind every page, API and bulletin.

``catalogue_scores`` costs the same few queries however many indicators, values and weeks there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core import formats
from core.dates import SHANGHAI, WorkCalendar
from core.kept import kept_through_drafts
from core.selectors.calendar import work_calendar
from core.settings_registry import settings_in_force
from indicators import scoring
from indicators.models import Indicator, IndicatorSet
from indicators.scoring import TOTAL, LightLevels, Node, Rollup
from indicators.selectors import score_readings as readings
from indicators.selectors.score_causes import causes_of_change
from indicators.selectors.score_rows import (
    FRONTIER_REACHED,
    NOT_COMPARABLE,
    TARGET_REACHED,
    Column,
    Reading,
    ScoreRow,
    ScoreSheet,
    TotalScore,
)

WEEK = timedelta(days=7)
#: Working days of silence allowed beyond the setting, because nothing is expected in between.
FURTHER_SILENCE = {Indicator.Frequency.WEEKLY: 5, Indicator.Frequency.MONTHLY: 23}
MISSING_WORDS = {"worst": "最差值", "frontier": "前沿值"}


@kept_through_drafts
def catalogue_scores(
    on: date, cut_off: datetime | None = None, *, indicator_set: IndicatorSet | None = None, weeks: int = 1
) -> ScoreSheet:
    """Return the scores of ``indicator_set`` (the active one) on ``on`` as known at ``cut_off``.

    Args:
        on: the day, Asia/Shanghai; values as of later days do not count, standards are those in force.
        cut_off: aware; what was accepted or reported later has not happened yet. Default: the end of ``on``.
        weeks: how many weeks of history each row carries (8 for sparklines), at least the one that
            changes and ranks are compared with.

    Before a catalogue is loaded the sheet is empty.
    """
    moments = moments_before(on, cut_off, max(weeks, 1))
    indicator_set = indicator_set or readings.active_set()
    if indicator_set is None:
        nothing = TotalScore(None, 0, 0, None, False, scoring.NO_DATA, "")
        return ScoreSheet(None, on, moments[0].cut_off, moments[1].on, (), {}, nothing)
    facts = Facts.read(indicator_set, moments)
    columns = facts.columns()
    rows = {node["code"]: row_of(node, facts, columns[0].results) for node in facts.nodes}
    rows = {code: row if row.is_leaf else with_parts(row, rows, facts) for code, row in rows.items()}
    rows = with_movement(rows, columns, facts)
    return ScoreSheet(
        indicator_set=indicator_set,
        on=on,
        cut_off=moments[0].cut_off,
        compared_with=moments[1].on,
        days=tuple(moment.on for moment in reversed(moments)),
        rows=rows,
        total=total_of(rows, columns, facts),
        causes=causes_of_change(rows, columns[0], columns[1]),
    )


def moments_before(on: date, cut_off: datetime | None, weeks: int) -> list[readings.Moment]:
    """Return ``on`` and the same weekday of the ``weeks`` weeks before, newest first."""
    days = [on - WEEK * week for week in range(weeks + 1)]
    ends = [datetime.combine(day, time.max, SHANGHAI) for day in days]
    return [
        readings.Moment(day, end if cut_off is None else min(end, cut_off) if place else cut_off)
        for place, (day, end) in enumerate(zip(days, ends, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything read for one sheet."""

    moments: Sequence[readings.Moment]
    nodes: list[dict[str, Any]]
    parents: set[str]
    standards: dict[int, list]
    departments: dict[str, dict[str, list]]
    levels: LightLevels
    least_coverage: Decimal
    silent: dict[str, bool]

    @classmethod
    def read(cls, indicator_set: IndicatorSet, moments: Sequence[readings.Moment]) -> "Facts":
        """Read them: six queries, one more for the calendar after it has changed."""
        on = moments[0].on
        values = settings_in_force(
            "light.ok", "light.near", "light.behind", "light.silent_workdays", "score.sufficient_coverage"
        )
        nodes = readings.read_nodes(indicator_set, moments)
        first_level = [node for node in nodes if node["level"] == 1]
        return cls(
            moments=moments,
            nodes=nodes,
            parents=readings.parents_of(nodes),
            standards=readings.read_standards(indicator_set, on),
            departments=readings.read_departments(indicator_set, on),
            levels=LightLevels(values["light.ok"], values["light.near"], values["light.behind"]),
            least_coverage=values["score.sufficient_coverage"],
            silent=silences(
                first_level, indicator_set.activates_on, on, values["light.silent_workdays"], work_calendar()
            ),
        )

    def columns(self) -> list[Column]:
        """Return all scores at each moment; a week in which no figure moved shares its neighbour's results."""
        columns: list[Column] = []
        for place in range(len(self.moments)):
            figures = self.readings_at(place)
            if columns and columns[-1].readings == figures:
                columns.append(columns[-1])
            else:
                columns.append(Column(figures, scoring.roll_up(self.tree(figures))))
        return columns

    def readings_at(self, place: int) -> dict[str, Reading]:
        """Return each leaf's reading at the moment ``place``."""
        on = self.moments[place].on
        return {
            node["code"]: readings.reading_of(node["values"][place], self.standards.get(node["id"], ()), node, on)
            for node in self.nodes
            if node["code"] not in self.parents
        }

    def tree(self, figures: Mapping[str, Reading]) -> list[Node]:
        """Return the nodes with the scores their readings give."""
        return [
            Node(
                node["code"], node["parent__code"], node["weight"], node["applicable"], score_of(figures, node["code"])
            )
            for node in self.nodes
        ]


def score_of(figures: Mapping[str, Reading], code: str) -> Fraction | None:
    """Return a leaf's exact score from its reading, None for a parent."""
    reading = figures.get(code)
    return None if reading is None else scoring.leaf_score(reading.worst, reading.frontier, reading.value)


def silences(
    first_level: Iterable[dict[str, Any]],
    begun_on: date | None,
    on: date,
    allowed: int,
    calendar: WorkCalendar,
) -> dict[str, bool]:
    """Return by first-level code whether more than ``allowed`` working days passed without a report.

    Counted from the last report, else from the day the set came into use; indicators dispatched weekly or
    monthly may be silent that much longer.
    """
    silent = {}
    for node in first_level:
        since = max(filter(None, (node["last_report"], begun_on)), default=None)
        limit = allowed + FURTHER_SILENCE.get(node["frequency"], 0)
        # As many calendar days cannot hold more working days; most rows need no counting.
        silent[node["code"]] = (
            since is not None and (on - since).days > limit and calendar.workdays_between(since, on) > limit
        )
    return silent


# --- rows ------------------------------------------------------------------------------------------


def row_of(node: dict[str, Any], facts: Facts, results: Mapping[str, Rollup]) -> ScoreRow:
    """Return the row of ``node`` with everything that does not depend on the rows below it."""
    code, result = node["code"], results[node["code"]]
    is_leaf = code not in facts.parents
    on = facts.moments[0].on
    standards = readings.standards_in_force(facts.standards.get(node["id"], ()), node, on) if is_leaf else {}
    departments = facts.departments.get(node["first_level__code"], {})
    sufficient = result.is_sufficient(facts.least_coverage)
    reading = readings.reading_of(node["values"][0], facts.standards.get(node["id"], ()), node, on)
    expires = node["constraint_expires_on"]
    row = ScoreRow(
        **{name: node[name] for name in PLAIN_COLUMNS},
        parent=node["parent__code"],
        first_level=node["first_level__code"],
        is_leaf=is_leaf,
        is_constrained=bool(node["constraint_approved_by_id"] and expires and on <= expires),
        is_silent=facts.silent.get(node["first_level__code"], False),
        lead=next(iter(departments.get("lead", ())), None),
        assist=tuple(departments.get("assist", ())),
        reading=reading,
        standards=standards,
        exact=result.score,
        scored_leaves=result.scored_leaves,
        applicable_leaves=result.applicable_leaves,
        coverage=result.coverage,
        sufficient=sufficient,
        light=scoring.NO_DATA,
        gap=None,
        gap_text=formats.MISSING,
        short_gap_text=formats.MISSING,
        gap_leaf=None,
        missing=(),
        target_progress=None,
    )
    return with_gap(row, facts) if is_leaf else row


PLAIN_COLUMNS = (
    *("id", "code", "name", "aliases", "level", "dimension", "unit", "direction", "decimals", "weight", "frequency"),
    *("applicable", "assumed"),
)


def with_gap(row: ScoreRow, facts: Facts) -> ScoreRow:
    """Return a leaf's row with gap, light, what is missing, and how far it is on the way to its target."""
    figures = {kind: standard.value for kind, standard in row.standards.items() if standard.is_comparable}
    value, frontier, target = row.reading.value, figures.get("frontier"), figures.get("target")
    to_target = scoring.gap_to(target, value, row.direction)
    gap = to_target if frontier is None else scoring.gap_to(frontier, value, row.direction)
    progress = scoring.share_of_way(figures.get("baseline"), target, value)
    return replace(
        row,
        gap=gap,
        gap_text=leaf_gap_text(row, gap, short=False),
        short_gap_text=leaf_gap_text(row, gap, short=True),
        gap_leaf=row.code if gap else None,
        missing=missing_of(row),
        target_progress=scoring.rounded(None if progress is None else progress * 100),
        light=scoring.light_of(row.shown_score, facts.levels, target_reached=to_target == 0, silent=row.is_silent),
    )


def leaf_gap_text(row: ScoreRow, gap: Decimal | None, *, short: bool) -> str:
    """Return 还差 2 天, 已达前沿, 已达目标 where only the target is known, or why the gap is unknown."""
    frontier = row.standards.get("frontier")
    if gap is None:
        return NOT_COMPARABLE if frontier and not frontier.is_comparable else formats.MISSING
    if gap == 0 and (frontier is None or not frontier.is_comparable):
        return TARGET_REACHED
    places = 4 if row.decimals is None else row.decimals
    return formats.gap_text(gap, row.unit, places, short=short, is_yes_no=row.is_yes_no)


def missing_of(row: ScoreRow) -> tuple[str, ...]:
    """Return the words for what a leaf without a score lacks; empty when it has one."""
    if row.exact is not None or not row.applicable:
        return ()
    missing = ["当前值"] if row.reading.value is None else []
    for kind, word in MISSING_WORDS.items():
        standard = row.standards.get(kind)
        if standard is None:
            missing.append(word)
        elif not standard.is_comparable:
            missing.append(f"可比的{word}")
    return tuple(missing) or ("最差值与前沿值之差",)


def with_parts(row: ScoreRow, rows: Mapping[str, ScoreRow], facts: Facts) -> ScoreRow:
    """Return a parent's row with light and gap in words from the applicable leaves below it."""
    leaves = leaves_below(row.code, rows) if row.applicable else []
    main, text, short = parts_gap(leaves)
    reached = bool(leaves) and all(target_reached(leaf) for leaf in leaves)
    light = scoring.light_of(row.shown_score, facts.levels, target_reached=reached, silent=row.is_silent)
    return replace(row, gap_leaf=main, gap_text=text, short_gap_text=short, light=light)


def leaves_below(code: str, rows: Mapping[str, ScoreRow]) -> list[ScoreRow]:
    """Return the applicable leaves below ``code``, without those under an inapplicable node."""
    found = []
    for row in rows.values():
        if row.parent == code and row.applicable:
            found += [row] if row.is_leaf else leaves_below(row.code, rows)
    return found


def target_reached(leaf: ScoreRow) -> bool:
    """Return whether the leaf has a comparable target and has reached it."""
    target = leaf.standards.get("target")
    if target is None or not target.is_comparable:
        return False
    return scoring.gap_to(target.value, leaf.reading.value, leaf.direction) == 0


def parts_gap(leaves: Sequence[ScoreRow]) -> tuple[str | None, str, str]:
    """Return the leaf that most needs work, the gap in words, and the words for narrow places.

    已达前沿 is said only where no applicable leaf has a gap; a leaf whose gap is unknown may have one.
    """
    behind = [leaf for leaf in leaves if leaf.gap]
    if behind:
        main = min(behind, key=lambda leaf: (leaf.exact is None, leaf.exact or 0))
        return main.code, f"{main.name}{main.gap_text}", main.short_gap_text
    unknown = sum(leaf.gap is None for leaf in leaves)
    if not leaves or unknown == len(leaves):
        return None, formats.MISSING, formats.MISSING
    if unknown:
        return None, f"{unknown} 项前沿未知", f"{unknown} 项未知"
    reached = FRONTIER_REACHED if all(leaf.gap_text == FRONTIER_REACHED for leaf in leaves) else TARGET_REACHED
    return None, reached, reached


# --- movement --------------------------------------------------------------------------------------


def with_movement(rows: Mapping[str, ScoreRow], columns: Sequence[Column], facts: Facts) -> dict[str, ScoreRow]:
    """Return the rows with their change against seven days before, parents with history, level 1 with rank."""
    moved = dict(rows)
    with_history = [code for code, row in rows.items() if row.level == 1 or not row.is_leaf]
    shown = [{code: shown_score(column.results[code], facts) for code in with_history} for column in columns]
    first_level = [code for code in with_history if rows[code].level == 1]
    now, before = (scoring.ranks({code: column[code] for code in first_level}) for column in shown[:2])
    for code, row in rows.items():
        earlier = shown_score(columns[1].results[code], facts)
        moved[code] = replace(
            row,
            change=difference(row.shown_score, earlier),
            history=tuple(column[code] for column in reversed(shown)) if code in shown[0] else (),
            rank=now.get(code),
            rank_change=before[code] - now[code] if code in now and code in before else None,
        )
    return moved


def total_of(rows: Mapping[str, ScoreRow], columns: Sequence[Column], facts: Facts) -> TotalScore:
    """Return the composite with its history and its change against seven days before."""
    shown = [shown_score(column.results[TOTAL], facts) for column in columns]
    result = columns[0].results[TOTAL]
    leaves = [leaf for row in rows.values() if row.level == 1 and row.applicable for leaf in _own_leaves(row, rows)]
    return TotalScore(
        exact=result.score,
        scored_leaves=result.scored_leaves,
        applicable_leaves=result.applicable_leaves,
        coverage=result.coverage,
        sufficient=result.is_sufficient(facts.least_coverage),
        light=scoring.light_of(shown[0], facts.levels),
        gap_text=parts_gap(leaves)[1],
        change=difference(shown[0], shown[1]),
        history=tuple(reversed(shown)),
    )


def _own_leaves(row: ScoreRow, rows: Mapping[str, ScoreRow]) -> list[ScoreRow]:
    return [row] if row.is_leaf else leaves_below(row.code, rows)


def shown_score(result: Rollup, facts: Facts) -> Decimal | None:
    """Return the score pages show: None where the coverage does not suffice."""
    return scoring.rounded(result.score) if result.is_sufficient(facts.least_coverage) else None


def difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return how far a shown score moved; None when there is none on either day."""
    return None if now is None or before is None else now - before
