"""Filters by a moment: a day takes part whole at either end, and what is no moment is refused."""

from datetime import UTC, datetime

import pytest

from core.api.filters import MomentFilter

FIRST, LAST = datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 25, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "lookup", "moment"),
    [
        ("2026-11-25", "gte", FIRST),
        ("2026-11-25", "lte", LAST),
        ("2026-11-25T00:00:00", "lte", FIRST),
        ("2026-11-25T00:00:00+08:00", "lte", FIRST),
        ("2026-11-25T00:00:00 08:00", "lte", FIRST),
        ("2026-11-25 00:00", "gte", FIRST),
        ("2026-11-24T16:00:00Z", "gte", FIRST),
        ("", "gte", None),
    ],
)
def test_day_or_moment_is_read(text, lookup, moment):
    assert MomentFilter("received_at", lookup).field.clean(text) == moment


@pytest.mark.parametrize("text", ["yesterday", "2026-11-31", "2026-11-25T25:00", "0001-01-01", "2026-11"])
def test_anything_else_is_refused(text):
    field = MomentFilter("received_at", "gte").field
    with pytest.raises(Exception, match="应写作"):
        field.clean(text)
