"""Loading the county's catalogue from the file that comes with the program (domain §3)."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from core.audit import record_event
from core.dates import SHANGHAI
from core.exceptions import RuleViolation
from departments.models import Department
from indicators.models import Assignment, Indicator, IndicatorSet, Observation, Standard

CATALOGUE_FILE = Path(__file__).parent.parent / "data" / "indicators.csv"
#: The day of the county's report, on which the catalogue's standards and duties are taken to begin.
CATALOGUE_DAY = date(2021, 9, 16)
#: The last first-level number of each dimension (domain §3).
DIMENSIONS = (
    (16, Indicator.Dimension.LIFE_CYCLE),
    (18, Indicator.Dimension.REGULATION),
    (24, Indicator.Dimension.INNOVATION),
    (28, Indicator.Dimension.CREDIT),
)
#: What a first-level indicator should be able to show; the office edits it row by row.
DEFAULT_CHECKLIST = ("政策文件", "办事案例", "系统截图", "统计表")
#: Standards of the file: column of the value, kind, column of the unit, of the source, of the end.
STANDARD_COLUMNS = (
    ("baseline", Standard.Kind.BASELINE, "unit", "source", None),
    ("frontier", Standard.Kind.FRONTIER, "frontier_unit", "frontier_source", None),
    ("statutory", Standard.Kind.STATUTORY, "statutory_unit", "statutory_source", "statutory_until"),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load created; all zero when everything was there."""

    indicators: int = 0
    standards: int = 0
    observations: int = 0
    assignments: int = 0


def read_catalogue(path: Path = CATALOGUE_FILE) -> list[dict[str, str]]:
    """Return the rows of the catalogue's file as text, parents before their children."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_catalogue(rows: Iterable[Mapping[str, str]], *, year: int, now: datetime, actor=None) -> Loaded:
    """Create whatever of ``rows`` is missing in the set in force, and the set itself where there is none.

    Running it again creates nothing, and never touches a row the office may have edited. Leads and
    assisting departments are reconstructions and so marked; levels 2 and 3 follow their first level.

    Args:
        rows: as ``read_catalogue`` gives them.
        year: the year after which a new set is named.
        now: the moment of loading, aware.
        actor: who loads it, None for the installation.

    Raises:
        RuleViolation: departments named in the file are not in the table yet.
    """
    rows = list(rows)
    departments = _departments_of(rows)
    indicator_set = _set_in_force(year, now)
    nodes = {node.code: node for node in indicator_set.indicators.all()}
    created = [row for row in rows if row["code"] not in nodes]
    for position, row in enumerate(rows):
        if row["code"] not in nodes:
            nodes[row["code"]] = _create_indicator(row, indicator_set, nodes.get(row["parent"]), position)
    standards = [row for each in created for row in _standards_of(each, nodes[each["code"]], now)]
    observations = [_observation_of(each, nodes[each["code"]]) for each in created if each["reported"]]
    assignments = [
        row for each in created if not each["parent"] for row in _assignments_of(each, nodes[each["code"]], departments)
    ]
    Standard.objects.bulk_create(standards)
    Observation.objects.bulk_create(observations)
    Assignment.objects.bulk_create(assignments)
    loaded = Loaded(len(created), len(standards), len(observations), len(assignments))
    if created:
        record_event(
            actor=actor,
            action="indicators.indicatorset.load",
            target=indicator_set,
            after={"indicators": loaded.indicators, "standards": loaded.standards, "values": loaded.observations},
            now=now,
        )
    return loaded


def _departments_of(rows: list[Mapping[str, str]]) -> dict[str, Department]:
    """Return the departments named in the file by code; RuleViolation when some are not loaded."""
    departments = {department.code: department for department in Department.objects.all()}
    named = {code for row in rows for code in [row["lead"], *row["cooperating"].split(";")] if code}
    if missing := sorted(named - set(departments)):
        raise RuleViolation(f"单位尚未载入：{'、'.join(missing)}，请先运行 manage.py load_departments")
    return departments


def _set_in_force(year: int, now: datetime) -> IndicatorSet:
    """Return the active set, or the first one, named after ``year``."""
    active = IndicatorSet.objects.filter(active=True).first()
    return active or IndicatorSet.objects.create(
        year=year,
        name=f"西平县{year}年营商环境指标体系",
        issuer="西平县优化营商环境工作领导小组办公室",
        active=True,
        activates_on=now.astimezone(SHANGHAI).date(),
    )


def _create_indicator(
    row: Mapping[str, str], indicator_set: IndicatorSet, parent: Indicator | None, position: int
) -> Indicator:
    """Create one node; a first-level one is its own ``first_level``."""
    low, high = default_range(row["unit"], row["direction"])
    node = Indicator.objects.create(
        indicator_set=indicator_set,
        parent=parent,
        first_level=parent.first_level if parent else None,
        level=int(row["level"]),
        code=row["code"],
        position=position,
        name=row["name"],
        dimension=dimension_of(row["code"]),
        unit=row["unit"],
        direction=row["direction"],
        min_value=low,
        max_value=high,
        weight=Decimal(row["weight"] or 1),
        evidence_checklist=[] if parent else list(DEFAULT_CHECKLIST),
        assumed=row["assumed"] == "1",
        source=row["source"],
    )
    if parent is None:
        node.first_level = node
        node.save(update_fields=["first_level"])
    return node


def dimension_of(code: str) -> str:
    """Return the dimension of a code of the county's catalogue: A01-A16, A17-A18, A19-A24, A25-A28."""
    number = int(code.partition(".")[0].removeprefix("A"))
    return next(dimension for last, dimension in DIMENSIONS if number <= last)


def default_range(unit: str, direction: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and greatest value a leaf takes by default (domain §4, Checks): a node without unit none."""
    if not direction:
        return None, None
    if direction == Indicator.Direction.YES_NO:
        return Decimal(0), Decimal(1)
    greatest = {"%": Decimal(100), "天": Decimal(365), "工作日": Decimal(365)}
    return Decimal(0), greatest.get(unit)


def _standards_of(row: Mapping[str, str], node: Indicator, now: datetime) -> list[Standard]:
    """Return the standards one row of the file gives, each in its own unit."""
    return [
        Standard(
            indicator=node,
            kind=kind,
            value=Decimal(row[column]),
            unit=row[unit_column] or row["unit"],
            source=row[source_column],
            effective_from=CATALOGUE_DAY,
            statutory_until=date.fromisoformat(row[end_column]) if end_column and row[end_column] else None,
            origin=Standard.Origin.CATALOGUE,
            recorded_at=now,
        )
        for column, kind, unit_column, source_column, end_column in STANDARD_COLUMNS
        if row[column]
    ]


def _observation_of(row: Mapping[str, str], node: Indicator) -> Observation:
    """Return the figure the county reported, accepted on the day it was reported."""
    reported_on = date.fromisoformat(row["reported_on"])
    reported_at = datetime.combine(reported_on, time(12), SHANGHAI)
    return Observation(
        indicator=node,
        first_level=node.first_level or node,
        value=Decimal(row["reported"]),
        as_of=reported_on,
        source=Observation.Source.IMPORT,
        standing=Observation.Standing.ACCEPTED,
        reason=row["source"],
        entered_at=reported_at,
        accepted_at=reported_at,
    )


def _assignments_of(row: Mapping[str, str], node: Indicator, departments: Mapping[str, Department]) -> list[Assignment]:
    """Return lead and assisting departments of one first-level row, marked as reconstructions."""
    roles = {code: Assignment.Role.ASSIST for code in row["cooperating"].split(";") if code}
    roles[row["lead"]] = Assignment.Role.LEAD
    return [
        Assignment(indicator=node, department=departments[code], role=role, valid_from=CATALOGUE_DAY, assumed=True)
        for code, role in roles.items()
    ]
