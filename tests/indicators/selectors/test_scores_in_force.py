"""The sheet everybody shares: kept while nothing is written."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core import clock
from core.audit import record_event
from core.kept import one_request
from indicators.selectors.scores_in_force import scores_in_force
from tests.factories.indicators import make_indicator, make_set, observe, set_standard


@pytest.fixture
def leaf(keeping):
    make_set()
    leaf = make_indicator("A08.2", parent=make_indicator("A08"))
    set_standard(leaf, "worst", 15)
    set_standard(leaf, "frontier", 5)
    observe(leaf, 10)
    return leaf


def shown():
    with one_request():
        return scores_in_force(clock.now()).rows["A08.2"].shown_score


def test_sheet_is_computed_once_for_everybody(leaf, django_assert_num_queries):
    assert shown() == Decimal("50.00")
    with django_assert_num_queries(1):  # how many lines the audit log has
        assert shown() == Decimal("50.00")


def test_audited_write_shows_at_once(leaf):
    shown()
    observe(leaf, 5, as_of=clock.now().date())
    record_event(actor=None, action="indicators.observation.accept", target=leaf, now=clock.now())
    assert shown() == Decimal("100.00")


def test_sheet_is_never_older_than_the_setting(leaf, keeping):
    shown()
    observe(leaf, 5, as_of=clock.now().date())
    keeping(clock.now() + timedelta(seconds=10))
    assert shown() == Decimal("100.00")
