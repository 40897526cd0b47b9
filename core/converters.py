"""Parts of addresses that become values before a view sees them."""

from datetime import date


class IsoDateConverter:
    """A day as ``2026-11-23``; a day that does not exist is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Return the day; ValueError (a 404) when there is none."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as the address writes it."""
        return value.isoformat()
