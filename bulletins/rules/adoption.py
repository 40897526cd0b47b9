"""采用新值: what of a newer snapshot a draft takes over with a group of numbers (domain §8). Pure.

A group is renewed whole: its numbers, those that have come to it, the lists the sentences name its rows from, and the
annex columns that print it; a rate in the text never contradicts the total of its annex.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Snapshot = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]

#: Group of numbers -> the lists that are of it alone.
_LISTS = {
    "received": ("complaint_types", "complaint_topics"),
    "issues": ("open_issues",),
    "overdue": ("named",),
    "reports": ("missed",),
    "score": ("best", "weak", "indicators"),
    "indicators": ("changes",),
    "previous": ("previous",),
}
#: Facts the sentences about a group ask.
_FACTS = {
    "score": ("score_direction", "score_sufficient"),
    "overdue": ("taken_out",),
    "previous": ("previous_number", "more_previous"),
}
_RATE = "complaints."


def adopted(kept: Snapshot, fresh: Snapshot, groups: Collection[str]) -> dict[str, Any]:
    """Return ``kept`` with everything of ``groups`` as ``fresh`` has it; the rest stays as it is."""
    wanted = set(groups)
    if "indicators" in wanted:
        # How many moved, and which, are told by the same rows.
        wanted |= {row["code"] for snapshot in (kept, fresh) for row in snapshot["tables"].get("changes", ())}
    if "reports" in wanted:
        wanted |= {
            f"{row['code']}.missed" for snapshot in (kept, fresh) for row in snapshot["tables"].get("missed", ())
        }
    return {
        **kept,
        "numbers": _numbers(kept["numbers"], fresh["numbers"], wanted),
        "tables": _tables(kept["tables"], fresh["tables"], wanted),
        "facts": {**kept["facts"], **_named(_FACTS, fresh["facts"], wanted)},
    }


def _numbers(kept: Snapshot, fresh: Snapshot, wanted: Collection[str]) -> dict[str, Any]:
    """Return the numbers of other groups as kept, those of ``wanted`` as fresh; what has gone is gone."""
    others = {name: number for name, number in kept.items() if number["group"] not in wanted}
    return others | {name: number for name, number in fresh.items() if number["group"] in wanted}


def _tables(kept: Snapshot, fresh: Snapshot, wanted: Collection[str]) -> dict[str, Any]:
    tables = {**kept, **_named(_LISTS, fresh, wanted)}
    if "changes" in kept and "indicators" not in wanted:
        tables["changes"] = _changes(kept["changes"], fresh["changes"], wanted)
    keys = {group.removeprefix(_RATE) for group in wanted if group.startswith(_RATE)}
    if keys and "complaint_departments" in kept:
        tables["complaint_departments"] = _units(kept["complaint_departments"], fresh["complaint_departments"], keys)
    return tables


def _named(names: Mapping[str, Sequence[str]], fresh: Snapshot, wanted: Collection[str]) -> dict[str, Any]:
    """Return what ``names`` gives to the groups wanted, as ``fresh`` has it."""
    return {name: fresh[name] for group in wanted for name in names.get(group, ()) if name in fresh}


def _changes(kept: Rows, fresh: Rows, wanted: Collection[str]) -> list[Mapping[str, Any]]:
    """Return the leaves that moved, those of ``wanted`` as they are now: one may have come back to where it was."""
    now = {row["code"]: row for row in fresh}
    rows = ((row if row["code"] not in wanted else now.get(row["code"])) for row in kept)
    return [row for row in rows if row is not None]


def _units(kept: Rows, fresh: Rows, keys: Collection[str]) -> list[dict[str, Any]]:
    """Return the annex by unit with the columns ``keys`` as they are now, in the order of now."""
    before = {row["code"]: row for row in kept}
    return [{**before.get(row["code"], row), **{key: row[key] for key in keys if key in row}} for row in fresh]
