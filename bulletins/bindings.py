"""Bound numbers: ``{name}`` in a section's text stands for a number of the snapshot (domain §8). Pure.

A number is kept with what it prints as, where it comes from, and the group it belongs to: taking a newer value
renews the whole group (numerator, denominator, rate), never one of them.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

NAME = re.compile(r"\{([A-Za-z0-9_.-]+)\}")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Number:
    """One bound number.

    ``value`` is the exact figure as text (None where there is none), ``text`` as printed, ``label`` its Chinese
    name, ``url`` the rows behind it, ``group`` what it is renewed with.
    """

    name: str
    value: str | None
    text: str
    label: str
    url: str
    group: str


def name_part(text: str) -> str:
    """Return ``text``, such as a number given by another platform, as a part of a name."""
    return _NOT_IN_A_NAME.sub("_", text)


def names_in(text: str) -> list[str]:
    """Return the names bound in ``text``, each once, in order."""
    return list(dict.fromkeys(NAME.findall(text)))


def unknown_names(text: str, numbers: Mapping[str, Any]) -> list[str]:
    """Return the names in ``text`` that the snapshot does not hold."""
    return [name for name in names_in(text) if name not in numbers]


def filled(text: str, numbers: Mapping[str, Mapping[str, Any]], show: Callable[[str, str], str] | None = None) -> str:
    """Return ``text`` with each name replaced by what its number prints as.

    Args:
        numbers: of the snapshot, each with ``text``.
        show: receives name and printed text, for marking them in HTML; the default is the text alone. Whoever
            marks escapes the words around them.
    """

    def replace(match: re.Match) -> str:
        name = match[1]
        printed = numbers[name]["text"] if name in numbers else match[0]
        return show(name, printed) if show else printed

    return NAME.sub(replace, text)


def as_json(numbers: Iterable[Number]) -> dict[str, dict[str, Any]]:
    """Return the numbers as the snapshot keeps them, by name."""
    return {number.name: {key: value for key, value in asdict(number).items() if key != "name"} for number in numbers}


def moved_names(kept: Mapping[str, Mapping[str, Any]], current: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the names whose number would be another today at the same cut-off (数据已变); how it is written is none."""
    return [name for name, number in kept.items() if _figure(current.get(name)) != _figure(number)]


def _figure(number: Mapping[str, Any] | None) -> Any:
    """Return the exact figure, or what stands for it where there is none."""
    if number is None:
        return None
    return number["text"] if number["value"] is None else number["value"]


def text_in(numbers: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """Return what ``name`` prints as in ``numbers``, ``—`` where there is no such number any more."""
    return str(numbers[name]["text"]) if name in numbers else "—"


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    """Return the sha256 of ``snapshot`` in canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
