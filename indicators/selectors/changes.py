"""较昨日变化: what is different on a working day from the one before (values, scores, states)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from indicators.models import CoordinationItem, Indicator
from indicators.rules.report_dates import DayState, DispatchTimes, moment_of
from indicators.selectors.board import Board, dispatch_board
from indicators.selectors.score_rows import ScoreSheet
from indicators.selectors.scores import catalogue_scores

END_OF_DAY = datetime.max.time()


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A leaf whose value in force moved, better or worse by its direction."""

    code: str
    name: str
    first_level: str
    before: str
    after: str
    is_better: bool | None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A first-level indicator, or the composite (empty code), whose shown score moved."""

    code: str
    name: str
    before: str
    after: str
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class StateChange:
    """A first-level indicator whose report stands differently from the day before, in a way that matters."""

    code: str
    name: str
    department: str
    word: str
    report_id: int | None
    is_alert: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed on ``day`` against ``before``, as at ``until``."""

    day: date
    before: date
    until: datetime
    values: list[ValueChange] = field(default_factory=list)
    scores: list[ScoreChange] = field(default_factory=list)
    states: list[StateChange] = field(default_factory=list)
    asks: list[CoordinationItem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.values or self.scores or self.states or self.asks)


def changes_of_day(user, day: date, *, now: datetime, times: DispatchTimes) -> Changes:
    """Return what changed on the working day ``day`` against the working day before it, up to ``now``.

    Both days are read as at their end, ``day`` as at ``now`` while it lasts. For those who see every department.
    """
    before = times.calendar.previous_workday(day)
    until = min(now, moment_of(day, END_OF_DAY))
    old, new = catalogue_scores(before), catalogue_scores(day, until)
    return Changes(
        day=day,
        before=before,
        until=until,
        values=_value_changes(old, new),
        scores=_score_changes(old, new),
        states=_state_changes(dispatch_board(day, now=until, times=times)),
        asks=_new_asks(user, moment_of(before, END_OF_DAY), until),
    )


def _value_changes(old: ScoreSheet, new: ScoreSheet) -> list[ValueChange]:
    changes = []
    for code, row in new.rows.items():
        was = old.rows.get(code)
        if not row.is_leaf or was is None or row.reading.value == was.reading.value:
            continue
        changes.append(
            ValueChange(
                code=code,
                name=row.name,
                first_level=row.first_level,
                before=row.figure_text(was.reading.value),
                after=row.value_text,
                is_better=_is_better(row.direction, was.reading.value, row.reading.value),
            )
        )
    return changes


def _is_better(direction: str, before: Decimal | None, after: Decimal | None) -> bool | None:
    """Return whether the move is for the better by the indicator's direction; None where that cannot be said."""
    if before is None or after is None:
        return None
    return after < before if direction == Indicator.Direction.LOWER else after > before


def _score_changes(old: ScoreSheet, new: ScoreSheet) -> list[ScoreChange]:
    changes = []
    if old.total.score_text != new.total.score_text:
        difference = _difference(old.total.score, new.total.score)
        changes.append(ScoreChange("", "综合自评分", old.total.score_text, new.total.score_text, difference))
    for row in new.first_level():
        was = old.rows.get(row.code)
        if was is not None and was.score_text != row.score_text:
            difference = _difference(was.shown_score, row.shown_score)
            changes.append(ScoreChange(row.code, row.name, was.score_text, row.score_text, difference))
    return changes


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


_ALERTS = frozenset({DayState.RETURNED, DayState.MISSING, DayState.LATE})


def _state_changes(board: Board) -> list[StateChange]:
    """Return the rows whose last cell says something else than the one before, alerts first."""
    rows = []
    for row in board.rows:
        was, cell = row.cells[-2], row.cells[-1]
        # Waiting before the cut-off, and the usual way from accepted to reported, are no news.
        usual = {DayState.WAITING, DayState.REPORTED, DayState.ACCEPTED, DayState.NOT_EXPECTED}
        if cell.state is was.state or (cell.state in usual and was.state in usual) or cell.state is DayState.WAITING:
            continue
        word = f"{was.word} → {cell.word}"
        department = row.department.short_name if row.department else ""
        alert = cell.state in _ALERTS
        rows.append(StateChange(row.indicator.code, row.indicator.name, department, word, cell.report_id, alert))
    return sorted(rows, key=lambda row: (not row.is_alert, row.code))


def _new_asks(user, after: datetime, until: datetime) -> list[CoordinationItem]:
    rows = CoordinationItem.objects.visible_to(user).filter(asked_at__gt=after, asked_at__lte=until)
    return list(rows.select_related("indicator", "asked_by"))
