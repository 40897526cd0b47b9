"""Sort keys of what may be missing, alike on every database: rows without a value come last (api.md, Lists)."""

from datetime import UTC, date, datetime

from django.db.models import Value
from django.db.models.functions import Coalesce

NO_DATE = date(9999, 12, 31)
NO_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


def date_or_last(column: str) -> Coalesce:
    """Return the key of a date that may be missing."""
    return Coalesce(column, Value(NO_DATE))


def moment_or_last(column: str) -> Coalesce:
    """Return the key of a moment that may be missing."""
    return Coalesce(column, Value(NO_MOMENT))
