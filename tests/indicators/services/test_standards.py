"""Adding standards."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.models import AuditEvent
from indicators.models import Standard
from indicators.services import standards
from indicators.services.standards import Yardstick
from tests.factories.indicators import make_indicator, set_standard


@pytest.fixture
def frontier(today):
    return Yardstick(kind="frontier", value=Decimal(3), effective_from=today, place="某县")


def test_standard_is_added_in_the_leafs_unit_and_earlier_ones_stay(days, office, frontier, now):
    added = standards.add_standard(days, frontier, actor=office, now=now)
    assert (added.unit, added.origin, added.recorded_at) == ("天", "office", now)
    assert list(days.standards.filter(kind="frontier").values_list("value", flat=True)) == [4, 3]
    event = AuditEvent.objects.get(action="indicators.indicator.add_standard")
    assert (event.before["value"], event.after["value"]) == ("4.0000", "3")


def test_standard_checked_at_entry_names_who_and_when(days, office, frontier, now, today):
    added = standards.add_standard(days, frontier, actor=office, now=now, checked=True)
    assert (added.checked_by, added.checked_on) == (office, today)


def test_standard_can_be_checked_later(days, office, now, today):
    row = standards.check_standard(days.standards.first(), actor=office, now=now)
    assert (row.checked_by, row.checked_on) == (office, today)


@pytest.mark.parametrize("person", ["reporter", "head", "signer", "leader", "inspector", "sysadmin"])
def test_standard_is_for_the_office_only(days, frontier, now, request, person):
    with pytest.raises(NotAllowed):
        standards.add_standard(days, frontier, actor=request.getfixturevalue(person), now=now)
    assert not AuditEvent.objects.exists()


def test_standard_of_a_parent_is_refused(gas, office, frontier, now):
    with pytest.raises(RuleViolation, match="下级指标"):
        standards.add_standard(gas, frontier, actor=office, now=now)


@pytest.mark.parametrize(("kind", "offset"), [("frontier", 1), ("statutory", -1)])
def test_end_of_the_legal_basis_must_fit(days, office, now, today, kind, offset):
    wrong = Yardstick(kind, Decimal(5), today, statutory_until=today + timedelta(days=offset))
    with pytest.raises(InvalidInput) as refusal:
        standards.add_standard(days, wrong, actor=office, now=now)
    assert refusal.value.errors[0]["field"] == "statutory_until"


def test_baseline_serves_as_worst_marked_as_self_set(gas, office, now, today):
    leaf = make_indicator("A08.3", parent=gas, unit="份")
    set_standard(leaf, "baseline", 4)
    added = standards.take_baseline_as_worst(leaf, actor=office, now=now)
    assert (added.kind, added.value, added.origin, added.effective_from) == ("worst", 4, "self_set", today)


@pytest.mark.parametrize("unit", [None, "工作日"])
def test_baseline_in_another_unit_or_none_cannot_serve(gas, office, now, unit):
    leaf = make_indicator("A08.3", parent=gas)
    if unit:
        set_standard(leaf, "baseline", 4, unit=unit)
    with pytest.raises(RuleViolation):
        standards.take_baseline_as_worst(leaf, actor=office, now=now)


def test_all_baselines_serve_only_where_a_worst_value_is_missing(gas, days, office, now):
    set_standard(days, "baseline", 9)
    leaf = make_indicator("A08.3", parent=gas)
    set_standard(leaf, "baseline", 4)
    yes = make_indicator("A08.5", parent=gas, direction="yesno", unit="是/否")
    set_standard(yes, "baseline", 0)
    added = standards.take_all_baselines_as_worst(actor=office, now=now)
    assert [row.indicator for row in added] == [leaf]
    assert standards.take_all_baselines_as_worst(actor=office, now=now) == []


def test_standard_on_a_day_is_the_newest_begun(days):
    set_standard(days, "frontier", 3, effective_from=date(2026, 6, 1))
    assert standards.standard_on(days, "frontier", date(2026, 5, 31)).value == 4
    assert standards.standard_on(days, "frontier", date(2026, 6, 1)).value == 3
    assert standards.standard_on(days, Standard.Kind.TARGET, date(2026, 6, 1)) is None
