"""Every address of the product, found by walking the URL patterns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

#: Tried in turn for a part of an address when any value will do.
ANY_VALUES = (1, "x", "a01", date(2026, 11, 23), "2026-11-23", "00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True)
class Route:
    """One URL pattern: its full name, the names of its parts that vary, and the view behind it."""

    name: str
    parts: tuple[str, ...]
    view: Callable

    @property
    def is_api(self) -> bool:
        return hasattr(self.view, "cls")

    @property
    def view_class(self) -> Any:
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    @property
    def methods(self) -> set[str]:
        """Return the HTTP methods the view answers, in capitals."""
        if actions := getattr(self.view, "actions", None):
            return {method.upper() for method in actions}
        if self.view_class is None:
            return {"GET"}
        return {name.upper() for name in self.view_class.http_method_names if hasattr(self.view_class, name)} - {
            "OPTIONS"
        }

    def permission(self, method: str) -> Any:
        """Return the permission declared for ``method``, None where the view declares none."""
        action = getattr(self.view, "actions", {}).get(method.lower(), "")
        return getattr(self.view_class, "permissions_by_action", {}).get(
            action, getattr(self.view_class, "permission", None)
        )

    def address(self, **parts) -> str:
        """Return an address of this route; parts not given get some value that fits."""
        free = [part for part in self.parts if part not in parts]
        for values in product(ANY_VALUES, repeat=len(free)):
            try:
                return reverse(self.name, kwargs=parts | dict(zip(free, values, strict=True)))
            except (NoReverseMatch, AttributeError):  # the latter from a converter that got another type
                continue
        raise AssertionError(f"no value fits the address of {self.name}")


def routes() -> list[Route]:
    """Return every route of the product; static files and the like are not routes."""
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns, namespace: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        here = (*parts, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} needs a name"
            yield Route(f"{namespace}{pattern.name}", here, pattern.callback)
