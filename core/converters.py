"""Parts of addresses that become values before a view sees them."""

from datetime import date


def escaped(number: str) -> str:
    """Return ``number`` as one part of an address: a slash would end it (``~1``, and ``~0`` for ``~``: RFC 6901)."""
    return number.replace("~", "~0").replace("/", "~1")


def unescaped(part: str) -> str:
    """Return the number that ``escaped`` was given."""
    return part.replace("~1", "/").replace("~0", "~")


class NumberConverter:
    """A number given by somebody else, of any characters."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        """Return the number."""
        return unescaped(value)

    def to_url(self, value: str) -> str:
        """Return the number as the address writes it."""
        return escaped(value)


class IsoDateConverter:
    """A day as ``2026-11-23``; a day that does not exist is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Return the day; ValueError (a 404) when there is none."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as the address writes it."""
        return value.isoformat()
