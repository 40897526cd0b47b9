"""Next year's set."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from indicators.models import Indicator, IndicatorSet, Observation
from indicators.selectors.scores import catalogue_scores
from indicators.services import sets
from tests.factories.indicators import make_indicator, observe

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def next_year(gas, office, now):
    return sets.copy_set(
        gas.indicator_set, year=2027, name="2027年指标体系", activates_on=NEW_YEAR, actor=office, now=now
    )


def test_copy_has_tree_standards_and_duties_and_is_not_in_use(gas, next_year):
    copied = Indicator.objects.get(indicator_set=next_year, code="A08.2")
    assert (copied.parent.code, copied.first_level.code, copied.predecessor.code) == ("A08", "A08", "A08.2")
    assert copied.parent.indicator_set == next_year
    assert {row.kind for row in copied.standards.all()} == {"worst", "frontier"}
    assert [row.department.code for row in copied.first_level.assignments.all()] == ["zjj"]
    assert not next_year.active
    assert not copied.observations.unscoped("test").exists()


def test_copy_twice_for_a_year_is_refused(gas, next_year, office, now):
    with pytest.raises(InvalidInput, match="已经存在"):
        sets.copy_set(gas.indicator_set, year=2027, name="又", activates_on=NEW_YEAR, actor=office, now=now)


def test_copy_cannot_begin_in_the_past(gas, office, now, today):
    with pytest.raises(InvalidInput):
        sets.copy_set(
            gas.indicator_set, year=2028, name="又", activates_on=today - timedelta(days=1), actor=office, now=now
        )


def test_set_comes_into_use_on_its_day_and_once(gas, next_year, now):
    assert sets.activate_due_sets(now=now) == []
    morning = datetime(2026, 12, 31, 16, 1, tzinfo=UTC)
    assert sets.activate_due_sets(now=morning) == [next_year]
    assert sets.activate_due_sets(now=morning) == []
    assert IndicatorSet.objects.get(active=True).year == 2027


def test_series_run_on_by_code(days, next_year, office, now, today):
    observe(days, 5, as_of=today - timedelta(days=3), accepted_at=now - timedelta(days=3))
    sets.activate_set(next_year, actor=office, now=now)
    sheet = catalogue_scores(today, weeks=2)
    assert sheet.indicator_set == next_year
    assert sheet.rows["A08.2"].reading.value == 5
    assert sheet.rows["A08"].history == (Decimal("55.00"), Decimal("55.00"), Decimal("65.00"))
    assert Observation.objects.unscoped("test").filter(source="carried").count() == 2


def test_incomplete_set_does_not_come_into_use(next_year, office, now):
    make_indicator("A09", indicator_set=next_year)
    with pytest.raises(RuleViolation, match="应有 1 项，现有 2 项"):
        sets.activate_set(next_year, actor=office, now=now)
    assert sets.activate_due_sets(now=now + timedelta(days=90)) == []


def test_set_in_use_is_neither_activated_nor_moved(gas, office, now, today):
    with pytest.raises(RuleViolation):
        sets.activate_set(gas.indicator_set, actor=office, now=now)
    with pytest.raises(RuleViolation):
        sets.prepare_set(gas.indicator_set, activates_on=today, actor=office, now=now)


def test_prepared_set_can_be_changed(next_year, office, now, today):
    row = sets.prepare_set(next_year, name="2027年体系", expected_first_level=27, actor=office, now=now)
    assert (row.name, row.expected_first_level) == ("2027年体系", 27)
    assert sets.prepare_set(next_year, activates_on=today, actor=office, now=now).activates_on == today
    with pytest.raises(InvalidInput):
        sets.prepare_set(next_year, activates_on=today - timedelta(days=1), actor=office, now=now)


@pytest.mark.parametrize("person", ["reporter", "signer", "inspector"])
def test_sets_are_kept_by_the_office_only(gas, next_year, now, request, person):
    actor = request.getfixturevalue(person)
    for act in (
        lambda: sets.copy_set(gas.indicator_set, year=2028, name="又", activates_on=NEW_YEAR, actor=actor, now=now),
        lambda: sets.activate_set(next_year, actor=actor, now=now),
        lambda: sets.prepare_set(next_year, activates_on=NEW_YEAR, actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()
