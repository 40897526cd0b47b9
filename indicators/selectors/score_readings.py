"""Reading what scores are computed from: a fixed number of queries, however many rows and moments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.kept import kept_through_drafts
from indicators.models import Assignment, DailyReport, Indicator, IndicatorSet, Observation, Standard
from indicators.selectors.score_rows import DepartmentName, Reading, Yardstick

#: What a yes/no leaf is measured by unless its own standards say otherwise (domain §3).
YES_NO_DEFAULTS: dict[str, Decimal] = {"worst": Decimal(0), "frontier": Decimal(1)}
NODE_COLUMNS = (
    *("id", "code", "name", "aliases", "level", "parent__code", "first_level__code", "dimension", "unit", "direction"),
    *("decimals", "weight", "frequency", "applicable", "assumed", "constraint_approved_by_id", "constraint_expires_on"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the moment up to which what is known of it counts; aware."""

    on: date
    cut_off: datetime


def read_nodes(indicator_set: IndicatorSet, moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """Return the set's indicators in order with ``values`` (one observation or None a moment) and ``last_report``.

    Two queries: the newest accepted value of every leaf at every moment is found by index, so the cost
    does not grow with the number of values ever reported.
    """
    names = [f"observation_{place}" for place in range(len(moments))]
    chosen = {
        name: Coalesce(Subquery(value_at(moment, "pk")), Subquery(value_at(moment, "predecessor")))
        for name, moment in zip(names, moments, strict=True)
    }
    rows = list(
        Indicator.objects.filter(indicator_set=indicator_set)
        .order_by("position", "id")
        .annotate(last_report=Subquery(last_report_by(moments[0])), **chosen)
        .values(*NODE_COLUMNS, "last_report", *names)
    )
    wanted = {row[name] for row in rows for name in names} - {None}
    observations = {
        pk: (value, as_of)
        for pk, value, as_of in Observation.objects.unscoped("accepted values are everybody's")
        .filter(pk__in=wanted)
        .values_list("pk", "value", "as_of")
    }
    for row in rows:
        row["values"] = [observations.get(row[name]) for name in names]
    return rows


def value_at(moment: Moment, indicator: str):
    """Return the key of the outer indicator's current value as known at ``moment``.

    It is the newest accepted one by as-of date, then by acceptance; a superseded one counts until the moment
    it was superseded (domain §3). ``indicator`` names the outer column: ``pk``, or ``predecessor`` for what was
    known before the set came into use (a new set begins with the values carried over).
    """
    return (
        Observation.objects.unscoped("accepted values are everybody's")
        .filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment.cut_off),
            indicator=OuterRef(indicator),
            standing=Observation.Standing.ACCEPTED,
            as_of__lte=moment.on,
            accepted_at__lte=moment.cut_off,
        )
        .order_by("-as_of", "-accepted_at", "-id")
        .values("pk")[:1]
    )


def last_report_by(moment: Moment):
    """Return the date of the outer first-level indicator's newest report that had reached 已报 by ``moment``."""
    return (
        DailyReport.objects.unscoped("a light says how long nobody reported, to everybody")
        .filter(indicator=OuterRef("pk"), date__lte=moment.on, first_reported_at__lte=moment.cut_off)
        .order_by("-date")
        .values("date")[:1]
    )


class DatedStandard(NamedTuple):
    """A standard as read for scoring; no model instance, because there are hundreds."""

    id: int
    kind: str
    value: Decimal
    unit: str
    place: str
    source: str
    origin: str
    effective_from: date
    statutory_until: date | None
    checked_on: date | None
    checked_by: str | None

    def as_yardstick(self, unit: str, on: date) -> Yardstick:
        """Return it as the yardstick of a leaf measured in ``unit``, judged on the day ``on``."""
        return Yardstick(
            value=self.value,
            unit=self.unit or unit,
            place=self.place,
            source=self.source,
            origin=self.origin,
            effective_from=self.effective_from,
            is_comparable=self.unit in ("", unit),
            has_lapsed=self.statutory_until is not None and self.statutory_until < on,
            id=self.id,
            checked_on=self.checked_on,
            checked_by=self.checked_by or "",
        )


def read_standards(
    indicator_set: IndicatorSet, until: date, *, indicator: Indicator | None = None
) -> dict[int, list[DatedStandard]]:
    """Return every standard of the set (or of one leaf) begun by ``until`` by indicator, the newest last; one query."""
    rows = Standard.objects.filter(indicator__indicator_set=indicator_set, effective_from__lte=until)
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    columns = [name for name in DatedStandard._fields if name != "checked_by"]
    by_indicator: dict[int, list[DatedStandard]] = defaultdict(list)
    for leaf, *facts in rows.order_by("effective_from", "id").values_list("indicator_id", *columns, "checked_by__name"):
        by_indicator[leaf].append(DatedStandard(*facts))
    return by_indicator


def standards_in_force(rows: Iterable[DatedStandard], node: dict[str, Any], on: date) -> dict[str, Yardstick]:
    """Return the newest standard of each kind begun by ``on``; yes/no leaves fall back to 0 and 1."""
    in_force: dict[str, Yardstick] = {}
    if node["direction"] == "yesno":
        in_force = {kind: Yardstick(value, node["unit"], origin="default") for kind, value in YES_NO_DEFAULTS.items()}
    newest = {row.kind: row for row in rows if row.effective_from <= on}
    return in_force | {kind: row.as_yardstick(node["unit"], on) for kind, row in newest.items()}


def reading_of(
    value: tuple[Decimal, date] | None, rows: Iterable[DatedStandard], node: dict[str, Any], on: date
) -> Reading:
    """Return the figures from which a leaf is scored on ``on``; a standard in another unit is none."""
    number, as_of = value or (None, None)
    figures: dict[str, Decimal | None] = dict(YES_NO_DEFAULTS) if node["direction"] == "yesno" else {}
    for row in rows:
        if row.kind in YES_NO_DEFAULTS and row.effective_from <= on:
            figures[row.kind] = row.value if row.unit in ("", node["unit"]) else None
    return Reading(number, as_of, figures.get("worst"), figures.get("frontier"))


def read_departments(indicator_set: IndicatorSet, on: date) -> dict[str, dict[str, list[DepartmentName]]]:
    """Return who leads and assists each indicator on ``on``: code -> role -> departments in official order; one query."""
    rows = (
        Assignment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on), indicator__indicator_set=indicator_set, valid_from__lte=on
        )
        .order_by("department__official_order", "id")
        .values_list("indicator__code", "role", "department_id", "department__code", "department__short_name")
    )
    by_code: dict[str, dict[str, list[DepartmentName]]] = defaultdict(lambda: defaultdict(list))
    for code, role, pk, department_code, name in rows:
        by_code[code][role].append(DepartmentName(pk, department_code, name))
    return by_code


@kept_through_drafts
def active_set() -> IndicatorSet | None:
    """Return the set in force, None before a catalogue was loaded."""
    return IndicatorSet.objects.filter(active=True).first()


def parents_of(nodes: Iterable[dict[str, Any]]) -> set[str]:
    """Return the codes that have children: every other node is a leaf."""
    return {node["parent__code"] for node in nodes} - {None}
