"""Which name a unit had, and which unit a file means: pure functions (domain §2, oracles README §5)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.spreadsheets.fields import DepartmentNames, department_key

CODE_FORM = re.compile(r"[a-z][a-z0-9]{1,19}", re.ASCII)
#: Words of the addresses beside ``/departments/<code>/``.
RESERVED_CODES = frozenset({"add", "import", "order", "options", "leadinggroup"})


@dataclass(frozen=True, slots=True)
class Name:
    """A unit's full and short name."""

    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the files of others may call a unit: its names, aliases and former names, and where it lives on."""

    code: str
    names: tuple[str, ...]
    is_valid: bool = True
    successor: str | None = None


def name_on(present: Name, former: Iterable[tuple[date, Name]], day: date) -> Name:
    """Return the name valid on ``day``.

    ``former`` holds (last day, name) of the earlier ones, in any order.
    """
    return next((name for until, name in sorted(former, key=lambda pair: pair[0]) if day <= until), present)


def lookup(units: Iterable[Names], mapping: Mapping[str, str] | None = None) -> DepartmentNames:
    """Return the table by which imports find units.

    Units that exist come before closed ones; a closed unit stands for its successor, as far as that goes on;
    ``mapping`` (name → code) is what the user has mapped and comes last. Names are compared by
    ``core.spreadsheets.fields.department_key``: without white space, 驻马店市, 西平县 or 西平, 县 in front.
    """
    units = list(units)
    by_code = {unit.code: unit for unit in units}
    ordered = sorted(units, key=lambda unit: not unit.is_valid)
    return DepartmentNames([(living_code(unit, by_code), unit.names) for unit in ordered], mapping)


def living_code(unit: Names, by_code: Mapping[str, Names]) -> str:
    """Return the code of ``unit``, or of the unit that took its place in the end."""
    seen = {unit.code}
    while not unit.is_valid and unit.successor in by_code and unit.successor not in seen:
        unit = by_code[unit.successor]
        seen.add(unit.code)
    return unit.code


def code_refused(code: str) -> str:
    """Return the sentence why ``code`` cannot be a unit's code, empty when it can."""
    if not CODE_FORM.fullmatch(code):
        return "代码应为 2 到 20 位小写字母和数字，以字母开头"
    return f"代码 {code} 已留作他用" if code in RESERVED_CODES else ""


def cleaned_aliases(aliases: Iterable[str]) -> list[str]:
    """Return ``aliases`` trimmed, without blanks and without twins as imports compare them."""
    kept: dict[str, str] = {}
    for alias in aliases:
        kept.setdefault(department_key(alias), alias.strip())
    return [alias for key, alias in kept.items() if key]
