"""Reads of units: in official order, by the names of a day, by the names of a file; the leading group."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from core.kept import kept
from core.panels import columns_of
from core.spreadsheets.fields import DepartmentNames
from departments.models import Department, FormerName, LeadingGroupMember
from departments.rules import Name, Names, lookup, name_on


def departments_in_order() -> QuerySet[Department]:
    """Return all units, closed ones too, in official order with their successor."""
    return Department.objects.select_related("successor").order_by("official_order", "pk")


@kept
def units_by_key() -> Mapping[int | None, tuple[str, str]]:
    """Return code and short name of every unit, closed ones too, in official order: what rows print beside a key."""
    rows = Department.objects.order_by("official_order", "pk").values_list("pk", "code", "short_name")
    return {pk: (code, name) for pk, code, name in rows}


def unit_choices() -> list[tuple[str, str]]:
    """Return code and short name of every unit in official order: what filters offer."""
    return list(units_by_key().values())


def valid_departments(on: date) -> QuerySet[Department]:
    """Return the units that exist on ``on``, in official order: what forms offer."""
    return Department.objects.filter(valid_q(on)).order_by("official_order", "pk")


def valid_q(on: date) -> Q:
    """Return the condition that a unit exists on ``on``."""
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))


def department_list(*, on: date, search: str = "", kind: str = "", closed: bool = False) -> list[dict]:
    """Return plain rows in official order: units valid on ``on``, or with ``closed`` those that are not.

    ``search`` words are looked for in code, names and aliases. One query, whatever the number of units.
    """
    rows = departments_in_order().filter(~valid_q(on) if closed else valid_q(on))
    if kind:
        rows = rows.filter(kind=kind)
    words = search.split()
    return [row for row in rows.values(*LIST_FIELDS) if matches(row, words)]


#: Code and name of no unit.
NO_UNIT = (None, None)
LIST_FIELDS = (
    "id",
    "code",
    "name",
    "short_name",
    "aliases",
    "kind",
    "official_order",
    "office_phone",
    "valid_from",
    "valid_to",
    "head_approval",
    "successor__code",
)


def with_figures(user, rows: list[dict]) -> list[dict]:
    """Add to each row ``figures``: label and number of each column that upper apps registered for units."""
    columns = columns_of(user, Department, [row["id"] for row in rows])
    return [
        row | {"figures": [{"label": label, "number": numbers.get(row["id"], 0)} for label, numbers in columns]}
        for row in rows
    ]


def matches(row: Mapping, words: Iterable[str]) -> bool:
    """Return whether each of ``words`` occurs in the code, a name or an alias of the plain ``row``."""
    text = "\n".join([row["code"], row["name"], row["short_name"], *row["aliases"]]).lower()
    return all(word.lower() in text for word in words)


def names_on(day: date, departments: Iterable[Department]) -> dict[int, Name]:
    """Return the name each of ``departments`` carried on ``day``, by key; one query for all of them."""
    former: dict[int, list[tuple[date, Name]]] = {}
    departments = list(departments)
    for row in FormerName.objects.filter(department__in=departments):
        former.setdefault(row.department_id, []).append((row.until, Name(row.name, row.short_name)))
    return {unit.pk: name_on(Name(unit.name, unit.short_name), former.get(unit.pk, ()), day) for unit in departments}


def department_names(on: date, mapping: Mapping[str, str] | None = None) -> DepartmentNames:
    """Return the table by which imports find units by name (oracles README §5); two queries.

    Names, short names and aliases, then former names; a unit closed by ``on`` stands for its successor.
    """
    former: dict[int, list[str]] = {}
    for department_id, name, short_name in FormerName.objects.values_list("department_id", "name", "short_name"):
        former.setdefault(department_id, []).extend((name, short_name))
    units = [
        Names(
            unit.code,
            (unit.name, unit.short_name, *unit.aliases, *former.get(unit.pk, ())),
            is_valid=unit.is_valid_on(on),
            successor=unit.successor.code if unit.successor else None,
        )
        for unit in departments_in_order()
    ]
    return lookup(units, mapping)


def leading_group(on: date) -> list[LeadingGroupMember]:
    """Return the members of the leading group on ``on``: head, deputies, members, each by order."""
    members = LeadingGroupMember.objects.unscoped("the group is read by every business role; its doors ask who")
    members = members.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))
    ranks = LeadingGroupMember.Position.values
    return sorted(
        members.select_related("department"),
        key=lambda member: (ranks.index(member.position), member.official_order, member.pk),
    )
