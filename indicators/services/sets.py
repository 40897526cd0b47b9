"""One set a year: copied from the one in force, prepared, and brought into use on a date (domain §3)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation
from core.ledger import claim_run
from indicators.models import Assignment, DispatchClass, Indicator, IndicatorSet, Observation, Standard
from indicators.rules.catalogue import can_keep_catalogue
from indicators.services.access import require

#: The kind of run under which the ledger keeps activations by the clock.
ACTIVATION = "indicator_set_activation"
#: Columns a copied indicator does not take over.
_NOT_COPIED = frozenset({"id", "indicator_set", "parent", "first_level", "predecessor", "version"})


@transaction.atomic
def copy_set(source: IndicatorSet, *, year: int, name: str, activates_on: date, actor, now: datetime) -> IndicatorSet:
    """Copy a set's tree with standards, running duties and dispatch classes into a new one, not yet in use.

    Each copied indicator knows its predecessor, so that series run on by code. Who: R1 R2.

    Raises InvalidInput when a set of that year exists, or the date lies before today.
    """
    require(can_keep_catalogue(actor), "新建指标体系")
    if IndicatorSet.objects.filter(year=year).exists():
        raise InvalidInput.at("year", f"{year}年的指标体系已经存在")
    if activates_on < local_date(now):
        raise InvalidInput.at("activates_on", "启用日期不能早于今天")
    copied = IndicatorSet.objects.create(
        year=year,
        name=name,
        issuer=source.issuer,
        activates_on=activates_on,
        expected_first_level=source.expected_first_level,
    )
    nodes = copy_indicators(source, copied)
    copy_rows(Standard, Standard.objects.filter(indicator__in=nodes), nodes)
    copy_rows(Assignment, Assignment.objects.filter(indicator__in=nodes, valid_to=None), nodes)
    copy_rows(DispatchClass, DispatchClass.objects.filter(indicator__in=nodes), nodes)
    record_event(
        actor=actor,
        action="indicators.indicatorset.copy",
        target=copied,
        after={"from": source.name, "indicators": len(nodes), "activates_on": activates_on},
        now=now,
    )
    return copied


def copy_indicators(source: IndicatorSet, copied: IndicatorSet) -> dict[int, Indicator]:
    """Create the copies, parents first; return them by the key of their original."""
    nodes: dict[int, Indicator] = {}
    for row in source.indicators.order_by("level", "position", "id"):
        node = Indicator(**columns_of(row), indicator_set=copied, predecessor=row)
        node.parent = nodes.get(row.parent_id or 0)
        node.first_level = nodes.get(row.first_level_id or 0)
        node.save()
        if node.level == 1:
            node.first_level = node
            node.save(update_fields=["first_level"])
        nodes[row.pk] = node
    return nodes


def columns_of(row: Any, *, without: frozenset[str] = _NOT_COPIED) -> dict[str, Any]:
    """Return a row's columns as keyword arguments for its copy."""
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in without
    }


def copy_rows(model, rows, nodes: dict[int, Indicator]) -> None:
    """Copy rows that hang on indicators to the copied indicators."""
    left_out = frozenset({"id", "indicator"})
    model.objects.bulk_create(
        model(**columns_of(row, without=left_out), indicator=nodes[row.indicator_id]) for row in rows
    )


@transaction.atomic
def prepare_set(indicator_set: IndicatorSet, *, actor, now: datetime, **changes: Any) -> IndicatorSet:
    """Change name, issuer, day of coming into use or expected first-level rows of a set not yet in use.

    Who: R1 R2. Raises RuleViolation once it is in use, InvalidInput for a day before today.
    """
    require(can_keep_catalogue(actor), "修改指标体系")
    if indicator_set.active:
        raise RuleViolation("该指标体系已在使用")
    if changes.get("activates_on") is not None and changes["activates_on"] < local_date(now):
        raise InvalidInput.at("activates_on", "启用日期不能早于今天")
    before = {name: getattr(indicator_set, name) for name in changes}
    for name, value in changes.items():
        setattr(indicator_set, name, value)
    indicator_set.save(update_fields=list(changes))
    record_event(
        actor=actor,
        action="indicators.indicatorset.prepare",
        target=indicator_set,
        before=before,
        after=changes,
        now=now,
    )
    return indicator_set


@transaction.atomic
def activate_set(indicator_set: IndicatorSet, *, actor, now: datetime) -> IndicatorSet:
    """Bring a set into use in place of the one before; each leaf begins with the value carried over by code.

    Who: R1 R2, or the system (None) on the chosen day.

    Raises RuleViolation when it is in use already, or its first level has not as many rows as expected.
    """
    require(actor is None or can_keep_catalogue(actor), "启用指标体系")
    if indicator_set.active:
        raise RuleViolation("该指标体系已在使用")
    if problem := first_level_problem(indicator_set):
        raise RuleViolation(problem)
    before = IndicatorSet.objects.filter(active=True).first()
    IndicatorSet.objects.filter(active=True).update(active=False)
    indicator_set.active, indicator_set.activates_on = True, local_date(now)
    indicator_set.save(update_fields=["active", "activates_on"])
    carried = carry_values_over(indicator_set)
    record_event(
        actor=actor,
        action="indicators.indicatorset.activate",
        target=indicator_set,
        before={"active": before.name if before else ""},
        after={"active": indicator_set.name, "values": carried},
        now=now,
    )
    return indicator_set


@transaction.atomic
def activate_due_sets(*, now: datetime) -> list[IndicatorSet]:
    """Bring into use the newest prepared set whose day has come; for the scheduler, harmless to repeat.

    A set that is not complete stays as it is; its page says why. The claim in the ledger keeps two workers
    from doing it twice.
    """
    newest_active = IndicatorSet.objects.filter(active=True).values_list("year", flat=True).first() or 0
    due = IndicatorSet.objects.filter(active=False, year__gt=newest_active, activates_on__lte=local_date(now))
    ready = [row for row in due.order_by("-year") if not first_level_problem(row)][:1]
    return [activate_set(row, actor=None, now=now) for row in ready if claim_run(ACTIVATION, str(row.pk), now=now)]


def first_level_problem(indicator_set: IndicatorSet) -> str:
    """Return why the set's first level is not what it should be, empty when it is."""
    count, expected = indicator_set.indicators.filter(level=1).count(), indicator_set.expected_first_level
    return "" if count == expected else f"一级指标应有 {expected} 项，现有 {count} 项"


def carry_values_over(indicator_set: IndicatorSet) -> int:
    """Give each leaf the current value of its predecessor, as it was accepted; return how many there were."""
    leaves = list(
        indicator_set.indicators.filter(children=None, predecessor__isnull=False).select_related("first_level")
    )
    rows = Observation.objects.unscoped("a set begins with the values of the one before").filter(
        indicator__in=[leaf.predecessor_id for leaf in leaves],
        standing=Observation.Standing.ACCEPTED,
        withdrawn_at=None,
    )
    newest = {row.indicator_id: row for row in rows.order_by("as_of", "accepted_at", "id")}
    left_out = frozenset({"id", "indicator", "first_level", "source", "report", "supersedes"})
    carried = [
        Observation(
            **columns_of(row, without=left_out),
            indicator=leaf,
            first_level=leaf.first_level or leaf,
            source=Observation.Source.CARRIED,
        )
        for leaf in leaves
        if (row := newest.get(leaf.predecessor_id or 0)) is not None
    ]
    return len(Observation.objects.bulk_create(carried))
