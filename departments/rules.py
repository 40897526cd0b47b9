"""Which name a unit had, and which unit a file means: pure functions (domain §2, oracles README §5)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.spreadsheets.fields import DepartmentNames, department_key

CODE_FORM = re.compile(r"[a-z][a-z0-9]{1,19}", re.ASCII)
#: Words of the addresses beside ``/departments/<code>/``.
RESERVED_CODES = frozenset({"add", "export", "options"})


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
    while not unit.is_valid and unit.successor and unit.successor in by_code and unit.successor not in seen:
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


def can_keep_departments(user) -> bool:
    """Return whether ``user`` keeps the list of units (S1, domain §1)."""
    return user.can(Permission.KEEP_DEPARTMENTS)


def can_set_head_approval(user, department) -> bool:
    """Return whether ``user`` may switch the head's approval: the unit's own head, or S1 (domain §4)."""
    is_own_head = user.can(Permission.SET_DEPARTMENT_OPTIONS) and user.scope_department_id == department.pk
    return is_own_head or can_keep_departments(user)


def can_keep_leading_group(user) -> bool:
    """Return whether ``user`` keeps the leading group's list (R1 R2, domain §1)."""
    return user.can(Permission.KEEP_LEADING_GROUP)


def acts_on_department(user, department) -> list[str]:
    """Return the acts ``user`` may do on ``department`` now: the API's ``actions`` and the page's buttons."""
    acts = []
    if can_keep_departments(user):
        acts += ["update", "rename", "move"]
        if department.valid_to is None:
            acts.append("close")
    if can_set_head_approval(user, department):
        acts.append("set_head_approval")
    return acts


def acts_on_member(user, member) -> list[str]:
    """Return the acts ``user`` may do on a ``member`` of the leading group now."""
    return ["change", "end"] if can_keep_leading_group(user) and member.valid_to is None else []
