"""How a lower app shows what an upper one knows, without importing it (architecture.md §3).

An upper app registers in its ``AppConfig.ready()``; the lower template prints ``{% panels row %}``,
the navigation asks for counts, the workbench for to-dos.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.kept import keep, reader


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that waits for one person: what it is, when it is due, and the one verb to do next.

    ``kind`` is the short Chinese word of the tag (填报, 审核 …), ``meta`` one line of facts, ``act`` the
    word on the button. ``due_at`` is aware; without one the row stands last. ``number`` names the thing where
    the title may not stand (the calendar feed).
    """

    kind: str
    title: str
    url: str
    act: str
    due_at: datetime | None = None
    meta: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part that an upper app adds to the page of a lower row; ``function(user, row)`` gives its context."""

    function: Callable
    template: str


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column that an upper app adds to the list of a lower one; ``function(user, keys)`` gives key -> number."""

    label: str
    function: Callable


_panels: dict[type, list[Panel]] = defaultdict(list)
_columns: dict[type, dict[str, ListColumn]] = defaultdict(dict)
_counts: dict[str, Callable] = {}
_to_dos: list[Callable] = []


def register_panel(model: type, function: Callable, template: str) -> None:
    """Show ``template`` on pages of ``model``.

    ``function(user, row)`` returns a dict, the template's context; an empty one leaves the panel out.
    """
    _panels[model].append(Panel(function, template))


def register_column(model: type, label: str, function: Callable) -> None:
    """Add a column of numbers called ``label`` to the list of ``model``; the same label again replaces it.

    ``function(user, keys)`` is asked once per page for all its primary keys and returns a dict key -> number;
    keys it leaves out count 0.
    """
    _columns[model][label] = ListColumn(label, function)


def register_count(key: str, function: Callable) -> None:
    """Put a number beside the navigation item ``key``: ``function(user, now) -> int``, things that wait for them.

    No draft of a daily report may have a part in it (``core.kept``).
    """
    _counts[key] = function


def register_to_dos(function: Callable) -> None:
    """Add to everybody's 工作台: ``function(user, now) -> list[ToDo]`` with what waits for that person.

    No draft of a daily report may have a part in it (``core.kept``).
    """
    _to_dos.append(function)


def panels_of(user, row) -> list[tuple[str, dict]]:
    """Return the template and the context of each panel with something to show ``user`` about ``row``."""
    shown = []
    for panel in _panels[type(row)]:
        if context := panel.function(user, row):
            shown.append((panel.template, context))
    return shown


def columns_of(user, model: type, keys: Iterable) -> list[tuple[str, dict]]:
    """Return label and numbers (key -> number) of each column registered for the list of ``model``."""
    keys = list(keys)
    return [(column.label, column.function(user, keys)) for column in _columns[model].values()]


def counts_for(user, now: datetime, keys: Iterable[str]) -> dict[str, int]:
    """Return the registered numbers among ``keys`` for ``user`` at the aware ``now``."""
    known = tuple(key for key in keys if key in _counts)
    return keep(
        (counts_for, known, reader(user)), lambda: {key: _counts[key](user, now) for key in known}, lasting=True
    )


def to_dos_for(user, now: datetime) -> list[ToDo]:
    """Return everything that waits for ``user`` at the aware ``now``, soonest first, undated last."""

    def ask() -> list[ToDo]:
        rows = [row for function in _to_dos for row in function(user, now)]
        return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or now, row.title))

    return keep((to_dos_for, reader(user)), ask, lasting=True)
