"""Due dates computed on a presumed calendar are computed again when the year is loaded (domain §5).

The kernel knows no complaint and no issue: an upper app registers in ``apps.ready()`` a function that
recomputes its own provisional due dates, and loading a year calls every one of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.dates import WorkCalendar


@dataclass(frozen=True, slots=True)
class DueChange:
    """One due date that moves: the row's number and title, and the due moments before and after (aware)."""

    reference: str
    before: datetime
    after: datetime


#: (calendar, actor=, now=, commit=) -> the due dates that move; with ``commit`` they are written and audited.
Recompute = Callable[..., Iterable[DueChange]]

_registry: dict[str, Recompute] = {}


def register_recomputation(name: str, function: Recompute) -> None:
    """Register ``function`` under ``name`` (the app's label); registering again replaces it."""
    _registry[name] = function


def unregister_recomputation(name: str) -> None:
    """Take ``name`` out of the registry; unknown names are ignored."""
    _registry.pop(name, None)


def recompute_due_dates(calendar: WorkCalendar, *, actor, now: datetime, commit: bool) -> list[DueChange]:
    """Return every due date that moves under ``calendar``; written only when ``commit`` is set.

    Call with ``commit`` inside the transaction that stores the calendar.
    """
    return [
        change
        for name in sorted(_registry)
        for change in _registry[name](calendar, actor=actor, now=now, commit=commit)
    ]
