"""Reading the catalogue: what a list shows, who answers, how the first level counts (domain §3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from core.kept import kept_for_reader, kept_through_drafts
from indicators.models import (
    Assignment,
    DailyReport,
    Indicator,
    IndicatorSet,
    Measure,
    Observation,
    OfficialScore,
    Standard,
)
from indicators.selectors.score_rows import ScoreRow, ScoreSheet


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What a list of indicators is narrowed to; an empty field narrows nothing.

    ``department`` is one that leads or assists; ``parent`` the code of the row directly above.
    """

    level: int | None = None
    parent: str = ""
    lead: str = ""
    assist: str = ""
    department: str = ""
    dimension: str = ""
    light: str = ""
    applicable: bool | None = None
    search: str = ""

    def matches(self, row: ScoreRow) -> bool:
        """Return whether ``row`` is one of those asked for."""
        lead, assist = row.lead.code if row.lead else "", {department.code for department in row.assist}
        return (
            self.level in (None, row.level)
            and self.parent in ("", row.parent)
            and self.lead in ("", lead)
            and (not self.assist or self.assist in assist)
            and (not self.department or self.department in {lead, *assist})
            and self.dimension in ("", row.dimension)
            and self.light in ("", row.light)
            and self.applicable in (None, row.applicable)
            and all(word in search_text(row) for word in self.search.lower().split())
        )


def search_text(row: ScoreRow) -> str:
    """Return what a search looks in: code, name, aliases, unit of measure and departments."""
    departments = [department.name for department in ([row.lead] if row.lead else []) + list(row.assist)]
    return " ".join([row.code, row.name, *row.aliases, *departments]).lower()


def matching_rows(rows: Iterable[ScoreRow], wanted: CatalogueFilter) -> list[ScoreRow]:
    """Return the rows asked for, in catalogue order."""
    return [row for row in rows if wanted.matches(row)]


def tree_rows(sheet: ScoreSheet, found: Iterable[ScoreRow]) -> list[ScoreRow]:
    """Return ``found`` with the rows above each, so that a list reads as a tree."""
    wanted = {row.code for row in found}
    for code in list(wanted):
        parent = sheet.rows[code].parent
        while parent:
            wanted.add(parent)
            parent = sheet.rows[parent].parent
    return [row for code, row in sheet.rows.items() if code in wanted]


@dataclass(frozen=True, slots=True)
class CatalogueSize:
    """How large the set is, and whether its first level counts as many rows as it should."""

    first_level: int
    below: int
    expected: int

    @property
    def is_as_expected(self) -> bool:
        """Whether the first level is complete."""
        return self.first_level == self.expected


def catalogue_size(sheet: ScoreSheet) -> CatalogueSize:
    """Return the counts of the sheet's set."""
    first_level = len(sheet.first_level())
    expected = sheet.indicator_set.expected_first_level if sheet.indicator_set else 0
    return CatalogueSize(first_level, len(sheet.rows) - first_level, expected)


# --- single rows -----------------------------------------------------------------------------------


def current_indicators() -> QuerySet[Indicator]:
    """Return the indicators of the set in force, with what their pages print beside them."""
    rows = Indicator.objects.filter(indicator_set__active=True)
    return rows.select_related("indicator_set", "parent", "first_level__indicator_set", "constraint_approved_by")


def indicators_of_year(year: int) -> QuerySet[Indicator]:
    """Return the indicators of the set of ``year``, in force or not, with what their pages print beside them."""
    rows = Indicator.objects.filter(indicator_set__year=year)
    return rows.select_related("indicator_set", "parent", "first_level__indicator_set", "constraint_approved_by")


@kept_for_reader
def pending_values(user, first_level: str) -> dict[str, Decimal]:
    """Return the newest value under review of each leaf below ``first_level`` by code, as far as ``user`` may see it."""
    rows = Observation.objects.visible_to(user).filter(
        first_level__code=first_level, standing=Observation.Standing.PENDING, indicator__indicator_set__active=True
    )
    return dict(rows.order_by("as_of", "entered_at", "id").values_list("indicator__code", "value"))


@kept_for_reader
def latest_report(user, indicator: Indicator) -> DailyReport | None:
    """Return the newest daily report of the indicator's first level that ``user`` may see."""
    rows = DailyReport.objects.visible_to(user).filter(indicator=indicator.first_level or indicator)
    return rows.order_by("-date").first()


def standards_of(indicator: Indicator) -> QuerySet[Standard]:
    """Return every standard the indicator ever had, the newest first."""
    return indicator.standards.select_related("checked_by").order_by("-effective_from", "-id")


def assignments_of(indicator: Indicator, *, current: bool = True) -> QuerySet[Assignment]:
    """Return who answers for the indicator: running duties, or with ``current=False`` those that ended."""
    rows = Assignment.objects.filter(indicator=indicator.first_level or indicator)
    rows = rows.filter(valid_to=None) if current else rows.filter(valid_to__isnull=False).order_by("-valid_to", "id")
    return rows.select_related("department", "reporter", "backup_reporter")


def measures_of(indicator: Indicator) -> QuerySet[Measure]:
    """Return the work plan of the indicator and of everything beneath it, with notes."""
    rows = Measure.objects.filter(Q(indicator=indicator) | Q(indicator__first_level=indicator))
    return rows.select_related("department", "indicator__indicator_set").prefetch_related("notes__author")


def official_scores_of(indicator: Indicator) -> QuerySet[OfficialScore]:
    """Return official results of the indicator, whichever year's set they were entered on."""
    return OfficialScore.objects.filter(indicator__code=indicator.code)


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """What everybody reads of an indicator besides its scores."""

    duties: tuple[Assignment, ...]
    former_duties: tuple[Assignment, ...]
    measures: tuple[Measure, ...]
    standards: tuple[Standard, ...]
    official: tuple[OfficialScore, ...]

    @property
    def lead_duty(self) -> Assignment | None:
        """The duty of the department that leads."""
        return next((duty for duty in self.duties if duty.role == Assignment.Role.LEAD), None)

    @property
    def assisting(self) -> list[Assignment]:
        """The duties of those that assist."""
        return [duty for duty in self.duties if duty.role == Assignment.Role.ASSIST]


@kept_through_drafts
def catalogue_record(indicator: Indicator) -> CatalogueRecord:
    """Return duties, measures, standards and official results of ``indicator``; seven queries."""
    return CatalogueRecord(
        tuple(assignments_of(indicator)),
        tuple(assignments_of(indicator, current=False)),
        tuple(measures_of(indicator)),
        tuple(standards_of(indicator)),
        tuple(official_scores_of(indicator)),
    )


def official_scores() -> QuerySet[OfficialScore]:
    """Return every official result with its indicator, the newest year first."""
    return OfficialScore.objects.select_related("indicator")


def set_of_year(year: str) -> IndicatorSet | None:
    """Return the set of the year written in an address; None where it names none, which means the set in force."""
    return IndicatorSet.objects.filter(year=year).first() if year.isdecimal() and len(year) <= 4 else None


def all_sets() -> QuerySet[IndicatorSet]:
    """Return the sets of every year."""
    return IndicatorSet.objects.all()


def indicator_sets() -> list[dict[str, Any]]:
    """Return every set with its number of first-level rows, newest first; two queries."""
    counts: dict[int, int] = {}
    for set_id in Indicator.objects.filter(level=1).order_by().values_list("indicator_set_id", flat=True):
        counts[set_id] = counts.get(set_id, 0) + 1
    return [{"row": row, "first_level": counts.get(row.pk, 0)} for row in IndicatorSet.objects.all()]
