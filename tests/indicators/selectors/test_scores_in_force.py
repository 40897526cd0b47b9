"""The sheet everybody shares: kept while nothing is written, never beyond a write or a few seconds."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.audit import record_event
from core.dates import SHANGHAI
from indicators.selectors.scores_in_force import _sheet, scores_in_force
from tests.factories.indicators import make_indicator, make_set, observe, set_standard

NOW = datetime(2026, 11, 23, 10, 0, 1, tzinfo=SHANGHAI)


@pytest.fixture
def leaf(db, settings):
    settings.SCORES_KEPT_SECONDS = 10
    _sheet.cache_clear()
    make_set()
    leaf = make_indicator("A08.2", parent=make_indicator("A08"))
    set_standard(leaf, "worst", 15)
    set_standard(leaf, "frontier", 5)
    observe(leaf, 10)
    yield leaf
    _sheet.cache_clear()


def shown(now=NOW):
    return scores_in_force(now).rows["A08.2"].shown_score


def test_sheet_is_computed_once_for_everybody(leaf, django_assert_num_queries):
    assert shown() == Decimal("50.00")
    with django_assert_num_queries(2):  # the set in use, the newest line of the audit log
        assert shown() == Decimal("50.00")


def test_audited_write_shows_at_once(leaf):
    shown()
    observe(leaf, 5, as_of=NOW.date())
    record_event(actor=None, action="indicators.observation.accept", target=leaf, now=NOW)
    assert shown() == Decimal("100.00")


def test_sheet_is_never_older_than_the_setting(leaf):
    shown()
    observe(leaf, 5, as_of=NOW.date())
    assert shown(NOW + timedelta(seconds=10)) == Decimal("100.00")
