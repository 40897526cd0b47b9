"""数字来源: the bound numbers a paper's text prints, where they come from, and which would be others today (domain §8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bulletins.bindings import moved_names, names_in, text_in, unknown_names
from bulletins.models import Bulletin
from complaints.models import Complaint
from supervision.models import Issue

#: Fact of the snapshot: newer values somebody decided not to take (保留原值), by name.
DECLINED = "declined"
Numbers = Mapping[str, Mapping[str, Any]]
#: Which page a source's address leads to.
_PLACES = (
    ("/complaints/statistics/", "投诉办理统计"),
    ("/complaints/", "投诉工单"),
    ("/issues/statistics/", "整改统计"),
    ("/issues/", "问题台账"),
    ("/supervision/", "督办中心"),
    ("/dispatch/completeness/", "报送情况"),
    ("/dispatch/", "日调度看板"),
    ("/indicators/", "指标"),
    ("/dashboard/", "总览"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One bound number: as printed, and what the same calculation gives today where that is something else.

    ``current`` is None for a number that has not moved, and ``—`` where there is none any more. ``companions`` are
    the labels of what is renewed with it.
    """

    name: str
    label: str
    text: str
    url: str
    place: str
    group: str
    current: str | None = None
    is_declined: bool = False
    companions: tuple[str, ...] = ()

    @property
    def is_stale(self) -> bool:
        """Whether somebody has still to decide between the two values."""
        return self.current is not None and not self.is_declined


def printed_names(bulletin: Bulletin) -> list[str]:
    """Return the names bound in the text, each once, in the order of reading."""
    found: dict[str, None] = {}
    for section in bulletin.sections.all():
        found |= dict.fromkeys(names_in(section.text))
    return [name for name in found if name in bulletin.snapshot["numbers"]]


def unbound_names(bulletin: Bulletin) -> list[str]:
    """Return the names in the text that the snapshot no longer holds, each once."""
    numbers = bulletin.snapshot["numbers"]
    found: dict[str, None] = {}
    for section in bulletin.sections.all():
        found |= dict.fromkeys(unknown_names(section.text, numbers))
    return list(found)


def sources_of(bulletin: Bulletin, today: Numbers | None = None) -> list[Source]:
    """Return the bound numbers of the text, those to decide about first, then in the order of reading.

    Args:
        today: what the same calculation gives now; None for a frozen paper, which is compared with nothing.
    """
    numbers: Numbers = bulletin.snapshot["numbers"]
    declined = bulletin.snapshot["facts"].get(DECLINED, {})
    moved = set() if today is None else set(moved_names(numbers, today))
    found = []
    for name in printed_names(bulletin):
        number = numbers[name]
        current = text_in(today, name) if today is not None and name in moved else None
        companions = tuple(
            str(other["label"])
            for key, other in numbers.items()
            if current is not None and other["group"] == number["group"] and key != name and key in moved
        )
        found.append(
            Source(
                name=name,
                label=number["label"],
                text=number["text"],
                url=number["url"],
                place=place_of(number["url"]),
                group=number["group"],
                current=current,
                is_declined=current is not None and declined.get(name) == current,
                companions=companions,
            )
        )
    return sorted(found, key=lambda source: not source.is_stale)


def unseen_items(bulletin: Bulletin, user) -> frozenset[str]:
    """Return the addresses of the items section 六 names that ``user`` does not see: to them they do not exist."""
    named = bulletin.snapshot["tables"].get("named", [])
    if not named or user.sees_all_departments:
        return frozenset()
    numbers, seen = [item["number"] for item in named], set[str]()
    for model in (Complaint, Issue):
        seen.update(model.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    return frozenset(item["url"] for item in named if item["number"] not in seen)


def place_of(url: str) -> str:
    """Return what the page behind a source is called."""
    return next((word for start, word in _PLACES if url.startswith(start)), "来源")
