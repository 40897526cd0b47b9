"""Standards: dated yardsticks that are added, never changed (domain §3)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation
from indicators.models import Indicator, Standard
from indicators.rules.catalogue import can_keep_catalogue
from indicators.services.access import require


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What is said about a new standard; a ``unit`` left empty is the leaf's."""

    kind: str
    value: Decimal
    effective_from: date
    unit: str = ""
    place: str = ""
    source: str = ""
    statutory_until: date | None = None
    origin: str = Standard.Origin.OFFICE


@transaction.atomic
def add_standard(
    indicator: Indicator, yardstick: Yardstick, *, actor, now: datetime, checked: bool = False
) -> Standard:
    """Add a standard to a leaf, in force from its ``effective_from``; earlier ones stay as history.

    Who: R1 R2. A unit other than the leaf's is kept and never compared. ``checked`` records that ``actor`` has
    looked the source up today.

    Raises:
        NotAllowed: somebody else.
        RuleViolation: the indicator has others beneath it and so carries no value.
        InvalidInput: an end of the legal basis for anything but a statutory limit, or before its beginning.
    """
    require(can_keep_catalogue(actor), "登记标准值")
    check_is_leaf(indicator)
    check_statutory_end(yardstick)
    before = standard_on(indicator, yardstick.kind, yardstick.effective_from)
    standard = Standard.objects.create(
        indicator=indicator,
        **asdict(replace(yardstick, unit=yardstick.unit or indicator.unit)),
        checked_by=actor if checked else None,
        checked_on=local_date(now) if checked else None,
        recorded_at=now,
    )
    record_event(
        actor=actor,
        action="indicators.indicator.add_standard",
        target=indicator,
        before=facts_of(before),
        after=facts_of(standard),
        now=now,
    )
    return standard


@transaction.atomic
def check_standard(standard: Standard, *, actor, now: datetime) -> Standard:
    """Record that ``actor`` has looked the standard's source up today. Who: R1 R2."""
    require(can_keep_catalogue(actor), "核对标准值")
    standard.checked_by, standard.checked_on = actor, local_date(now)
    standard.save(update_fields=["checked_by", "checked_on"])
    record_event(
        actor=actor,
        action="indicators.indicator.check_standard",
        target=standard.indicator,
        after=facts_of(standard),
        now=now,
    )
    return standard


def take_baseline_as_worst(indicator: Indicator, *, actor, now: datetime) -> Standard:
    """Let one leaf's baseline serve as its worst value, marked 自定.

    Raises RuleViolation when it has no baseline in its own unit, or has a worst value already.
    """
    require(can_keep_catalogue(actor), "以基期作最差值")
    added = _take_baselines([indicator], actor=actor, now=now)
    if not added:
        raise RuleViolation("没有同口径的基期值，或已有最差值")
    return added[0]


def take_all_baselines_as_worst(*, actor, now: datetime) -> list[Standard]:
    """Let the baseline of every leaf in force that lacks a worst value serve as one, marked 自定. Who: R1 R2."""
    require(can_keep_catalogue(actor), "以基期作最差值")
    leaves = Indicator.objects.filter(indicator_set__active=True, children=None).exclude(
        direction=Indicator.Direction.YES_NO
    )
    return _take_baselines(leaves, actor=actor, now=now)


@transaction.atomic
def _take_baselines(leaves: Iterable[Indicator], *, actor, now: datetime) -> list[Standard]:
    today = local_date(now)
    leaves = list(leaves)
    in_force: dict[tuple[int, str], Standard] = {}
    rows = Standard.objects.filter(indicator__in=leaves, effective_from__lte=today).order_by("effective_from", "id")
    for row in rows:
        in_force[row.indicator_id, row.kind] = row
    added = []
    for leaf in leaves:
        baseline = in_force.get((leaf.pk, Standard.Kind.BASELINE))
        has_worst = (leaf.pk, Standard.Kind.WORST) in in_force
        if baseline is not None and baseline.unit in ("", leaf.unit) and not has_worst:
            added.append(
                add_standard(
                    leaf,
                    Yardstick(
                        kind=Standard.Kind.WORST,
                        value=baseline.value,
                        source="以基期作最差值",
                        effective_from=today,
                        origin=Standard.Origin.SELF_SET,
                    ),
                    actor=actor,
                    now=now,
                )
            )
    return added


def standard_on(indicator: Indicator, kind: str, day: date) -> Standard | None:
    """Return the standard of ``kind`` in force on ``day``."""
    rows = Standard.objects.filter(indicator=indicator, kind=kind, effective_from__lte=day)
    return rows.order_by("effective_from", "id").last()


def check_is_leaf(indicator: Indicator) -> None:
    """Raise RuleViolation when the indicator has others beneath it."""
    if indicator.children.exists():
        raise RuleViolation("有下级指标的不直接计数，请到下级指标登记")


def check_statutory_end(yardstick: Yardstick) -> None:
    """Raise InvalidInput when the end of a legal basis does not fit the kind or the beginning."""
    if yardstick.statutory_until is None:
        return
    if yardstick.kind != Standard.Kind.STATUTORY:
        raise InvalidInput.at("statutory_until", "只有法定时限有依据有效期")
    if yardstick.statutory_until < yardstick.effective_from:
        raise InvalidInput.at("statutory_until", "依据有效期早于生效日期")


def facts_of(standard: Standard | None) -> dict | None:
    """Return what the audit log keeps of a standard."""
    if standard is None:
        return None
    return {
        "kind": standard.kind,
        "value": standard.value,
        "unit": standard.unit,
        "place": standard.place,
        "source": standard.source,
        "effective_from": standard.effective_from,
        "origin": standard.origin,
    }
