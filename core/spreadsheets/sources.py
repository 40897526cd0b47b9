"""What every reader delivers: sheets of rows with the numbers a person sees, and merged areas filled in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core.spreadsheets.fields import Source


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as the program shows it, values from column A on, and two sets of column indexes.

    ``formulas``: cells whose value is a formula's stored result; ``inherited``: cells without a value
    of their own that lie in an area merged downward.
    """

    number: int
    values: tuple[Any, ...]
    formulas: frozenset[int] = frozenset()
    inherited: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet; ``name`` is ``None`` in files that have none. ``rows()`` starts anew each time."""

    name: str | None
    rows: Callable[[], Iterator[SheetRow]]


@dataclass(frozen=True, slots=True)
class Book:
    """A file opened for reading: how its cells are to be understood, and its visible sheets in order."""

    source: Source
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class MergedArea:
    """Rows ``first`` to ``last`` (as numbered) of 0-based ``column`` share the value of the first."""

    column: int
    first: int
    last: int


def fill_merged(rows: Iterable[SheetRow], areas: Iterable[MergedArea]) -> Iterator[SheetRow]:
    """Yield ``rows`` (in ascending order) with the value of each merged area in every row it spans.

    Only the area's first column is filled: a value repeated sideways would become several columns'.
    """
    starting: dict[int, list[MergedArea]] = {}
    for area in areas:
        if area.last > area.first:
            starting.setdefault(area.first, []).append(area)
    if not starting:
        yield from rows
        return
    active: dict[int, tuple[int, Any]] = {}
    for row in rows:
        active = {column: held for column, held in active.items() if held[0] >= row.number}
        yield _with_inherited(row, active) if active else row
        for area in starting.get(row.number, ()):
            if area.column < len(row.values):
                active[area.column] = (area.last, row.values[area.column])


def _with_inherited(row: SheetRow, active: dict[int, tuple[int, Any]]) -> SheetRow:
    values = list(row.values)
    inherited = set()
    for column, (_, value) in active.items():
        values.extend([None] * (column + 1 - len(values)))
        if values[column] in (None, ""):
            values[column] = value
            inherited.add(column)
    return SheetRow(row.number, tuple(values), row.formulas, frozenset(inherited))
