"""The frontier register, and what the office still has to find out (domain §3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.selectors.score_rows import DepartmentName, ScoreRow, ScoreSheet

#: The figures of a leaf the set-up page lists, with their words.
FIGURES = (("worst", "最差值"), ("frontier", "前沿值"), ("target", "目标值"), ("statutory", "法定时限"))


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing, of one lead department."""

    department: DepartmentName | None
    rows: tuple[ScoreRow, ...]


def known_frontiers(sheet: ScoreSheet) -> list[ScoreRow]:
    """Return the applicable leaves that somebody registered a frontier for, in another unit too."""
    return [row for row in applicable_leaves(sheet) if has_own_frontier(row)]


def unknown_frontiers(sheet: ScoreSheet) -> list[Gaps]:
    """Return the applicable leaves without a comparable frontier, by lead department in catalogue order."""
    return by_lead(row for row in applicable_leaves(sheet) if not is_known(row, "frontier"))


def missing_figures(sheet: ScoreSheet) -> list[Gaps]:
    """Return the applicable leaves that cannot be scored, by lead department in catalogue order."""
    return by_lead(row for row in applicable_leaves(sheet) if row.exact is None)


def applicable_leaves(sheet: ScoreSheet) -> list[ScoreRow]:
    """Return the leaves that take part, those under an inapplicable node left out."""
    return [row for row in sheet.leaves() if row.applicable_leaves]


def is_known(row: ScoreRow, kind: str) -> bool:
    """Return whether the leaf has a comparable standard of ``kind``."""
    standard = row.standards.get(kind)
    return standard is not None and standard.is_comparable


def has_own_frontier(row: ScoreRow) -> bool:
    """Return whether a frontier was registered; the default of yes/no leaves is none."""
    standard = row.standards.get("frontier")
    return standard is not None and standard.id is not None


def can_take_baseline(row: ScoreRow) -> bool:
    """Return whether the leaf's baseline could serve as its worst value."""
    return not row.is_yes_no and is_known(row, "baseline") and "worst" not in row.standards


def by_lead(rows: Iterable[ScoreRow]) -> list[Gaps]:
    """Return the rows grouped by lead department, in the order in which the catalogue first names it."""
    groups: dict[DepartmentName | None, list[ScoreRow]] = {}
    for row in rows:
        groups.setdefault(row.lead, []).append(row)
    return [Gaps(department, tuple(found)) for department, found in groups.items()]
