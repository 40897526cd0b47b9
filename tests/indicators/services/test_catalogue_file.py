"""Loading the county's catalogue."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.exceptions import RuleViolation
from core.models import AuditEvent
from indicators.models import Assignment, Indicator, IndicatorSet, Observation, Standard
from indicators.services.catalogue_file import load_catalogue, read_catalogue
from tests.factories.indicators import make_catalogue

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@pytest.fixture
def catalogue(db):
    return make_catalogue(NOW)


def test_load_creates_the_expected_tree(catalogue):
    assert catalogue.year == 2026
    assert Counter(Indicator.objects.values_list("level", flat=True))[1] == catalogue.expected_first_level == 28
    assert Indicator.objects.count() == 152
    assert not Indicator.objects.filter(first_level=None).exists()
    assert dict(Counter(Indicator.objects.filter(level=1).values_list("dimension", flat=True))) == {
        "life_cycle": 16,
        "regulation": 2,
        "innovation": 6,
        "credit": 4,
    }


def test_load_keeps_assumed_marks_and_marks_every_duty_as_reconstruction(catalogue):
    assert Indicator.objects.get(code="A19").assumed
    assert not Indicator.objects.get(code="A08").assumed
    assert not Assignment.objects.filter(assumed=False).exists()
    assert Assignment.objects.filter(role="lead").count() == 28
    assert set(Assignment.objects.values_list("indicator__level", flat=True)) == {1}


def test_load_turns_the_reported_figures_into_accepted_values(catalogue):
    row = Observation.objects.unscoped("test").get(indicator__code="A08.2")
    assert (row.value, row.as_of, row.standing) == (Decimal(6), date(2021, 9, 16), "accepted")
    assert row.accepted_at.date() == date(2021, 9, 16)
    assert row.first_level.code == "A08"


def test_load_keeps_units_and_end_of_the_standards(catalogue):
    statutory = Standard.objects.get(indicator__code="A08.2", kind="statutory")
    assert (statutory.unit, statutory.statutory_until) == ("工作日", date(2026, 2, 28))
    assert statutory.has_lapsed_on(date(2026, 3, 1))
    assert not statutory.has_lapsed_on(date(2026, 2, 28))
    assert Standard.objects.get(indicator__code="A08.2", kind="baseline").value == 9
    assert not Standard.objects.filter(kind__in=["worst", "target"]).exists()


@pytest.mark.parametrize(
    ("code", "least", "greatest"),
    [("A08.2", 0, 365), ("A18.1.1", 0, 100), ("A08.4", 0, None), ("A08.5", 0, 1), ("A08", None, None)],
)
def test_load_gives_each_leaf_its_default_range(catalogue, code, least, greatest):
    row = Indicator.objects.get(code=code)
    assert (row.min_value, row.max_value) == (least, greatest)


def test_load_again_changes_nothing_and_adds_what_is_missing(catalogue):
    Indicator.objects.filter(code="A08.4").delete()
    Indicator.objects.filter(code="A08").update(name="获得燃气")
    loaded = load_catalogue(read_catalogue(), year=2027, now=NOW)
    assert (loaded.indicators, loaded.assignments) == (1, 0)
    assert load_catalogue(read_catalogue(), year=2027, now=NOW).indicators == 0
    assert IndicatorSet.objects.count() == 1
    assert Indicator.objects.get(code="A08").name == "获得燃气"


def test_load_is_one_line_of_the_audit_log(catalogue):
    assert AuditEvent.objects.filter(action="indicators.indicatorset.load").count() == 1


@pytest.mark.django_db
def test_load_without_departments_names_them_and_writes_nothing():
    with pytest.raises(RuleViolation, match="load_departments"):
        load_catalogue(read_catalogue(), year=2026, now=NOW)
    assert not IndicatorSet.objects.exists()
