"""What a part of the snapshot is made of, and who it is counted for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bulletins.bindings import Number
from core.dates import Period, WorkCalendar
from core.rates import Window
from core.selectors.calendar import work_calendar
from supervision.selectors.figures import IssueFigures, issue_figures


@dataclass(frozen=True)
class Asked:
    """What a snapshot is of: whole days ``start``..``end`` (Asia/Shanghai) as at the aware ``cut_off``.

    ``excluded`` are numbers of overdue items that R2 took out of section 六. What several parts ask is read once.
    """

    start: date
    end: date
    cut_off: datetime
    excluded: frozenset[str] = frozenset()

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The work calendar."""
        return work_calendar()

    @cached_property
    def issues(self) -> IssueFigures:
        """The ledger as at the cut-off: sections 五 and 六 tell of the same issues."""
        return issue_figures(self.window, calendar=self.calendar)

    @property
    def window(self) -> Window:
        """The period as the rates ask it."""
        return Window.of(Period("range", self.start, self.end, ""), self.cut_off)

    @property
    def query(self) -> str:
        """The period in an address of the statistics pages."""
        return f"start={self.start:%Y-%m-%d}&end={self.end:%Y-%m-%d}"


@dataclass(slots=True)
class Part:
    """Bound numbers, tables for annexes and lists, and plain facts the sentences ask; all of it JSON."""

    numbers: list[Number] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def bind(self, name: str, value: Any, *, label: str, url: str, group: str = "", text: str | None = None) -> None:
        """Bind a number; ``text`` where it prints otherwise than its value, ``group`` where it moves with others."""
        exact = None if value is None else str(value)
        shown = text if text is not None else ("—" if exact is None else exact)
        self.numbers.append(Number(name, exact, shown, label, url, group or name))

    def add(self, others: Iterable["Part"]) -> "Part":
        """Take over everything of ``others``; return itself."""
        for other in others:
            self.numbers += other.numbers
            self.tables |= other.tables
            self.facts |= other.facts
        return self


class EveryDepartment:
    """The reader of a paper's numbers: the paper is the county's, so all departments count (domain §8).

    Selectors ask a user what they may count; nobody is signed in when the scheduler drafts.
    """

    is_authenticated = True
    sees_all_departments = True
    scope_department_id = None

    def can(self, permission) -> bool:
        """Nothing is done in its name."""
        return False


EVERY_DEPARTMENT = EveryDepartment()
