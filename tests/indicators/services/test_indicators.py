"""Editing indicators."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Message
from core.exceptions import InvalidInput, NotAllowed, RuleViolation, VersionConflict
from core.models import AuditEvent
from indicators.models import Indicator
from indicators.services import indicators
from tests.factories.indicators import make_indicator


def test_edit_writes_and_audits_only_what_differs(days, office, now):
    indicators.edit_indicator(days, actor=office, now=now, name="报装时长", weight=Decimal(1))
    event = AuditEvent.objects.get()
    assert (event.before, event.after) == ({"name": "报装时间"}, {"name": "报装时长"})
    assert (days.name, days.version) == ("报装时长", 2)
    indicators.edit_indicator(days, actor=office, now=now, name="报装时长")
    assert AuditEvent.objects.count() == 1


def test_edit_of_an_older_version_is_a_conflict(days, office, now):
    stale = Indicator.objects.get(pk=days.pk)
    indicators.edit_indicator(days, actor=office, now=now, name="报装时长")
    with pytest.raises(VersionConflict):
        indicators.edit_indicator(stale, actor=office, now=now, name="报装天数")


def test_unit_is_fixed_once_there_are_values(gas, days, office, now):
    with pytest.raises(RuleViolation, match="单位"):
        indicators.edit_indicator(days, actor=office, now=now, unit="工作日")
    empty = make_indicator("A08.3", parent=gas)
    assert indicators.edit_indicator(empty, actor=office, now=now, unit="份").unit == "份"


@pytest.mark.parametrize(
    ("changes", "field"), [({"min_value": 5, "max_value": 4}, "max_value"), ({"weight": Decimal(-1)}, "weight")]
)
def test_figures_that_make_no_sense_are_refused(days, office, now, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        indicators.edit_indicator(days, actor=office, now=now, **changes)
    assert refusal.value.errors[0]["field"] == field


def test_applicable_is_switched_with_a_reason(gas, office, now):
    indicators.set_applicable(gas, applicable=False, reason="本县无口岸", actor=office, now=now)
    assert AuditEvent.objects.get().purpose == "本县无口岸"
    with pytest.raises(RuleViolation):
        indicators.set_applicable(gas, applicable=False, reason="再次", actor=office, now=now)


def test_constraint_takes_effect_only_when_approved_and_ends_with_its_day(gas, office, office_lead, now, today):
    until = today + timedelta(days=30)
    indicators.propose_constraint(gas, reason="管网未到", expires_on=until, actor=office, now=now)
    assert not gas.is_constrained_on(today)
    assert Message.objects.visible_to(office_lead).count() == 1
    with pytest.raises(NotAllowed):
        indicators.approve_constraint(gas, actor=office, now=now)
    indicators.approve_constraint(gas, actor=office_lead, now=now)
    assert gas.is_constrained_on(until)
    assert not gas.is_constrained_on(until + timedelta(days=1))
    with pytest.raises(RuleViolation, match="已批准"):
        indicators.approve_constraint(gas, actor=office_lead, now=now)


def test_constraint_is_lifted_by_the_lead_of_the_office(gas, office, office_lead, now, today):
    indicators.propose_constraint(gas, reason="管网未到", expires_on=today, actor=office, now=now)
    with pytest.raises(NotAllowed):
        indicators.lift_constraint(gas, reason="已通气", actor=office, now=now)
    indicators.lift_constraint(gas, reason="已通气", actor=office_lead, now=now)
    assert (gas.constraint_reason, gas.constraint_expires_on) == ("", None)
    with pytest.raises(RuleViolation):
        indicators.approve_constraint(gas, actor=office_lead, now=now)
    with pytest.raises(RuleViolation):
        indicators.lift_constraint(gas, reason="再次", actor=office_lead, now=now)


def test_constraint_cannot_have_expired(gas, office, office_lead, now, today):
    with pytest.raises(InvalidInput):
        indicators.propose_constraint(
            gas, reason="管网未到", expires_on=today - timedelta(days=1), actor=office, now=now
        )
    indicators.propose_constraint(gas, reason="管网未到", expires_on=today, actor=office, now=now)
    with pytest.raises(InvalidInput):
        indicators.approve_constraint(gas, actor=office_lead, now=now + timedelta(days=1))


@pytest.mark.parametrize("person", ["reporter", "head", "signer", "leader", "inspector", "sysadmin"])
def test_catalogue_is_kept_by_the_office_only(gas, now, today, request, person):
    actor = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        indicators.edit_indicator(gas, actor=actor, now=now, name="别名")
    with pytest.raises(NotAllowed):
        indicators.set_applicable(gas, applicable=False, reason="不适用", actor=actor, now=now)
    with pytest.raises(NotAllowed):
        indicators.propose_constraint(gas, reason="管网未到", expires_on=today, actor=actor, now=now)


@pytest.mark.parametrize(
    ("code", "dimension", "field"),
    [("甲8", "credit", "code"), ("A08", "credit", "code"), ("A09.1", "", "code"), ("A09", "", "dimension")],
)
def test_new_indicator_needs_a_place(gas, office, now, code, dimension, field):
    new = indicators.NewIndicator(code=code, name="新指标", dimension=dimension)
    with pytest.raises(InvalidInput) as refusal:
        indicators.create_indicator(gas.indicator_set, new, actor=office, now=now)
    assert refusal.value.errors[0]["field"] == field


def test_leaf_with_values_gets_nothing_beneath_it(gas, days, office, now):
    new = indicators.NewIndicator(code="A08.2.1", name="新指标", unit="天", direction="lower")
    with pytest.raises(RuleViolation, match="已有数值"):
        indicators.create_indicator(gas.indicator_set, new, actor=office, now=now)


def test_new_indicator_takes_dimension_and_default_range(gas, office, now):
    new = indicators.NewIndicator(code="A08.3", name="报装满意率", unit="%", direction="higher")
    row = indicators.create_indicator(gas.indicator_set, new, actor=office, now=now)
    assert (row.parent, row.first_level, row.level, row.dimension, row.max_value) == (gas, gas, 2, "life_cycle", 100)
    with pytest.raises(RuleViolation, match="不适用"):
        indicators.remove_indicator(row, actor=office, now=now)
