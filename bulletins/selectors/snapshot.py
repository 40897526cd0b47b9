"""The data cut behind a paper: every number it prints, computed as at the cut-off whenever it is taken (domain §8)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bulletins.bindings import as_json, moved_names
from bulletins.models import Bulletin
from bulletins.selectors.complaint_part import complaint_part
from bulletins.selectors.indicator_part import indicator_part, yearly_indicator_part
from bulletins.selectors.issue_part import issue_part
from bulletins.selectors.next_step_part import next_step_part
from bulletins.selectors.overdue_part import overdue_complaints_part, overdue_part
from bulletins.selectors.parts import Asked, Part
from bulletins.selectors.reporting_part import reporting_part
from bulletins.selectors.year_part import year_part

Kind = Bulletin.Kind
EVERYTHING = (indicator_part, reporting_part, complaint_part, issue_part, overdue_part, next_step_part)
PARTS: Mapping[str, tuple[Callable[[Asked], Part], ...]] = {
    Kind.NOTICE: EVERYTHING,
    Kind.BRIEF: EVERYTHING,
    Kind.DAILY_BRIEF: EVERYTHING,
    Kind.MONTHLY_COMPLAINTS: (complaint_part, overdue_complaints_part),
    Kind.YEARLY_REPORT: (yearly_indicator_part, *EVERYTHING[1:], year_part),
}
#: Papers that say what the last one must be corrected by.
FOLLOWS_UP = (Kind.NOTICE, Kind.BRIEF)
#: What is named of the last paper's numbers: those its text prints first.
MOST_CORRECTIONS = 5


def take_snapshot(
    kind: str, *, start: date, end: date, cut_off: datetime, excluded: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the snapshot of a paper of ``kind`` for ``start``..``end`` as at the aware ``cut_off``, ready for JSON.

    ``numbers`` by name (value, text, label, url, group), ``tables`` for lists and annexes, ``facts`` for the
    sentences. What was signed, submitted, closed, accepted, registered or cleared later has not happened yet.
    """
    snapshot = calculated(kind, Asked(start, end, cut_off, excluded))
    if kind in FOLLOWS_UP and (last := last_issued(kind, before=start)) is not None:
        add_corrections(snapshot, last)
    return snapshot


def calculated(kind: str, asked: Asked) -> dict[str, Any]:
    """Return the snapshot without what it says of the paper before it."""
    whole = Part().add(part(asked) for part in PARTS[Kind(kind)])
    return {
        "kind": kind,
        "from": asked.start.isoformat(),
        "to": asked.end.isoformat(),
        "cut_off": asked.cut_off.isoformat(),
        "numbers": as_json(whole.numbers),
        "tables": whole.tables,
        "facts": whole.facts,
    }


def last_issued(kind: str, *, before: date) -> Bulletin | None:
    """Return the newest issued paper of ``kind`` whose period ended before the day ``before``."""
    rows = Bulletin.objects.unscoped("the paper before this one, whoever reads")
    issued = rows.filter(kind=kind, status=Bulletin.Status.ISSUED, to_on__lt=before)
    return issued.order_by("-to_on", "-issued_at").first()


def add_corrections(snapshot: dict[str, Any], last: Bulletin) -> None:
    """Put into ``snapshot`` which numbers of ``last`` would come out differently today at its own cut-off (上期更正)."""
    excluded = frozenset(last.exclusions.values_list("item_number", flat=True))
    today = calculated(last.kind, Asked(last.from_on, last.to_on, last.cut_off, excluded))["numbers"]
    kept, printed = last.snapshot["numbers"], last.printed_names()
    moved = [name for name in moved_names(kept, today) if name in today and name in printed]
    rates = {name for name in kept if f"{name}.n" in kept and f"{name}.d" in kept}
    # A rate is corrected with its counts, whichever of the three moved.
    heads = list(dict.fromkeys(group if (group := kept[name]["group"]) in rates else name for name in moved))
    snapshot["tables"]["previous"] = [
        _correction(name, kept, has_counts=name in rates) for name in heads[:MOST_CORRECTIONS]
    ]
    for name in heads[:MOST_CORRECTIONS]:
        for one in (name, f"{name}.n", f"{name}.d") if name in rates else (name,):
            snapshot["numbers"][f"previous.{one}"] = today[one] | {"group": "previous"}
    snapshot["facts"]["previous_number"] = last.document_number or last.issue_number
    snapshot["facts"]["more_previous"] = len(heads[MOST_CORRECTIONS:])


def _correction(name: str, kept: Mapping[str, Any], *, has_counts: bool) -> dict[str, Any]:
    """Return what the sentence says of one number of the last paper."""
    before = kept[name]["text"]
    if has_counts:
        before = f"{before}（{kept[f'{name}.n']['text']}/{kept[f'{name}.d']['text']}）"
    return {"name": f"previous.{name}", "label": kept[name]["label"], "before": before, "has_counts": has_counts}
