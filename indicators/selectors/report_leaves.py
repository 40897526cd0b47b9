"""What stands beside each input of the daily form: last value, frontier, statutory limit (domain §3, §4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from indicators.models import Indicator, Observation, Standard
from indicators.rules.report_values import LeafFacts

_KINDS = (Standard.Kind.FRONTIER, Standard.Kind.TARGET, Standard.Kind.STATUTORY)


@dataclass(frozen=True, slots=True)
class ReportLeaf:
    """A leaf beneath a first-level indicator with everything its input shows and its value is judged by."""

    id: int
    first_level_id: int
    facts: LeafFacts
    definition: str = ""
    direction_label: str = ""
    accepted_as_of: date | None = None
    frontier: Decimal | None = None
    frontier_note: str = ""
    target: Decimal | None = None
    statutory_note: str = ""

    @property
    def code(self) -> str:
        """The leaf's code."""
        return self.facts.code

    @property
    def last(self) -> Decimal | None:
        """What the input is filled with: the value under review, else the one in force."""
        return self.facts.accepted if self.facts.pending is None else self.facts.pending

    @property
    def aim(self) -> Decimal | None:
        """What the gap is measured to: the frontier, the target where there is none."""
        return self.target if self.frontier is None else self.frontier


def report_leaves(
    first_level_ids: Iterable[int], *, on: date, except_report_id: int | None = None
) -> dict[int, list[ReportLeaf]]:
    """Return the applicable leaves beneath each first-level indicator in catalogue order, as known for ``on``.

    Four queries for any number of indicators. A first-level indicator without children is its own leaf. The
    values of ``except_report_id`` do not count as pending: a resubmission is no old news because of itself.
    """
    ids = list(first_level_ids)
    has_children = Exists(Indicator.objects.filter(parent=OuterRef("pk")))
    rows = list(
        Indicator.objects.filter(Q(first_level__in=ids) | Q(pk__in=ids), ~has_children, applicable=True)
        .select_related("parent")
        .order_by("position", "id")
    )
    rows = [row for row in rows if row.parent is None or row.parent.applicable]
    leaf_ids = [row.pk for row in rows]
    accepted = _accepted_values(leaf_ids)
    pending = _pending_values(leaf_ids, except_report_id)
    standards = _standards_in_force(leaf_ids, on)
    leaves: dict[int, list[ReportLeaf]] = defaultdict(list)
    for row in rows:
        leaf = _leaf(row, accepted.get(row.pk), pending.get(row.pk), standards[row.pk])
        leaves[leaf.first_level_id].append(leaf)
    return leaves


def _leaf(row: Indicator, accepted, pending, standards: dict[str, Standard]) -> ReportLeaf:
    frontier, target, statutory = (standards.get(kind) for kind in _KINDS)
    return ReportLeaf(
        id=row.pk,
        first_level_id=row.first_level_id or row.pk,
        definition=row.definition,
        direction_label=row.get_direction_display(),
        accepted_as_of=accepted[1] if accepted else None,
        frontier=_comparable(frontier, row),
        frontier_note=_note(frontier, row),
        target=_comparable(target, row),
        statutory_note=_note(statutory, row),
        facts=LeafFacts(
            code=row.code,
            name=row.name,
            unit=row.unit,
            direction=row.direction,
            decimals=row.decimals,
            min_value=row.min_value,
            max_value=row.max_value,
            accepted=accepted[0] if accepted else None,
            pending=pending,
            statutory=_comparable(statutory, row),
        ),
    )


def _comparable(standard: Standard | None, leaf: Indicator) -> Decimal | None:
    """Return the standard's value when it is in the leaf's own unit: 天 and 工作日 are never compared."""
    return standard.value if standard is not None and standard.unit in ("", leaf.unit) else None


def _note(standard: Standard | None, leaf: Indicator) -> str:
    """Return why the standard is not compared, empty when it is."""
    return "口径不同，不比" if standard is not None and standard.unit not in ("", leaf.unit) else ""


def _accepted_values(leaf_ids: list[int]) -> dict[int, tuple[Decimal, date]]:
    """Return the current value of each leaf: the newest accepted by as-of date, then by acceptance."""
    in_force = Observation.objects.unscoped("accepted values are everybody's").filter(
        standing=Observation.Standing.ACCEPTED, withdrawn_at=None
    )
    # Ten years of values are not read for the sake of one.
    newer = in_force.filter(indicator=OuterRef("indicator"), as_of__gt=OuterRef("as_of"))
    rows = in_force.filter(~Exists(newer), indicator__in=leaf_ids).order_by("accepted_at", "pk")
    return {leaf_id: (value, as_of) for leaf_id, value, as_of in rows.values_list("indicator_id", "value", "as_of")}


def _pending_values(leaf_ids: list[int], except_report_id: int | None) -> dict[int, Decimal]:
    """Return the newest value of each leaf that still waits for the office."""
    rows = Observation.objects.unscoped("the door has fetched the indicator through the user").filter(
        indicator__in=leaf_ids, standing=Observation.Standing.PENDING, withdrawn_at=None
    )
    if except_report_id is not None:
        rows = rows.exclude(report=except_report_id)
    return dict(rows.order_by("as_of", "entered_at", "pk").values_list("indicator_id", "value"))


def _standards_in_force(leaf_ids: list[int], on: date) -> dict[int, dict[str, Standard]]:
    """Return the frontier, target and statutory limit in force on ``on``; one whose basis has lapsed is left out."""
    in_force: dict[int, dict[str, Standard]] = defaultdict(dict)
    rows = Standard.objects.filter(indicator__in=leaf_ids, kind__in=_KINDS, effective_from__lte=on)
    for standard in rows.order_by("effective_from", "pk"):
        in_force[standard.indicator_id][standard.kind] = standard
    return defaultdict(
        dict,
        {
            leaf_id: {kind: row for kind, row in kinds.items() if not row.has_lapsed_on(on)}
            for leaf_id, kinds in in_force.items()
        },
    )
