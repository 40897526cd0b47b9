"""What had reached rung 4 of the ladder at the cut-off: named by number, unit and days, or only counted (domain §8, 六).

Neither a person nor the content is named. Units asked by a letter (司法机关、垂直管理) and confidential complaints are
never named; they and what R2 took out are counted with the rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from bulletins.bindings import name_part
from bulletins.selectors.parts import Asked, Part
from complaints.models import HandlingRound
from complaints.selectors.statistics import COUNTED, STAYED, not_yet, owed
from core.dates.wording import overdue_workdays
from core.ladder.rungs import WORKDAYS_OVERDUE, Rung
from departments.models import Department
from supervision.rules.rates import end_of

A_MOMENT = timedelta(microseconds=1)
COMPLAINT, ISSUE = "complaints", "issues"


@dataclass(frozen=True, slots=True)
class Item:
    """One overdue item; ``may_be_named`` is judged by the unit's kind and the item's confidentiality."""

    number: str
    url: str
    department: str
    official_order: int
    days: int
    kind: str
    may_be_named: bool

    def as_json(self) -> dict[str, Any]:
        """Return what the text and the annex print."""
        return {
            "number": self.number,
            "department": self.department,
            "days": self.days,
            "kind": self.kind,
            "url": self.url,
            "name": self.name,
        }

    @property
    def name(self) -> str:
        """The name of its bound number."""
        return f"{name_part(self.number)}.days"


def overdue_part(asked: Asked) -> Part:
    """Return the complaints and issues on rung 4 to be named, and how many more are overdue."""
    return _part(asked, {COMPLAINT: _complaints(asked), ISSUE: _issues(asked)})


def overdue_complaints_part(asked: Asked) -> Part:
    """Return the same of complaints alone: what a report on complaints tells."""
    return _part(asked, {COMPLAINT: _complaints(asked)})


def _part(asked: Asked, found: dict[str, Iterable[Item]]) -> Part:
    """Bind the counts by kind, each to the list its items stand on, and the days of each item named."""
    late = sorted(
        (item for items in found.values() for item in items),
        key=lambda one: (one.official_order, -one.days, one.number),
    )
    nameable = [one for one in late if one.may_be_named and one.days >= WORKDAYS_OVERDUE[Rung.BULLETIN]]
    named = [one for one in nameable if one.number not in asked.excluded]
    part = Part(tables={"named": [one.as_json() for one in named]})
    part.facts["taken_out"] = sorted(one.number for one in nameable if one.number in asked.excluded)
    for kind in found:
        _bind_counts(part, asked, kind, late, named)
    for one in named:
        part.bind(one.name, one.days, label=f"{one.number}超期工作日", url=one.url, group="overdue")
    return part


def _bind_counts(part: Part, asked: Asked, kind: str, late: list[Item], named: list[Item]) -> None:
    """Bind how many items of ``kind`` are overdue, named, and only counted."""
    word, url = {
        COMPLAINT: (
            "超期投诉",
            f"{reverse('complaints:statistics_rounds')}?{asked.query}&figure=overdue_open&part=numerator",
        ),
        ISSUE: ("超期问题", f"{reverse('supervision:issues')}?overdue=true"),
    }[kind]
    count, listed = (sum(1 for one in items if one.kind == kind) for items in (late, named))
    for name, value, label in (
        ("", count, word),
        (".named", listed, f"列名{word}"),
        (".rest", count - listed, f"其他{word}"),
    ):
        part.bind(f"overdue.{kind}{name}", value, label=label, url=url, group="overdue")


def _complaints(asked: Asked) -> Iterator[Item]:
    """Yield complaints whose round was overdue at the cut-off, as 超期未办结数 counts them."""
    window = asked.window
    rounds = HandlingRound.objects.unscoped("numbers, units and days of overdue rounds, no content")
    rounds = rounds.filter(
        COUNTED,
        STAYED & owed(window) & not_yet("submitted_at", window),
        dispatched_at__lte=asked.cut_off,
        effective_due_at__lt=asked.cut_off,
    )
    columns = (
        "complaint__number",
        "complaint__confidential",
        "effective_due_at",
        "department__name",
        "department__kind",
        "department__official_order",
    )
    for number, confidential, due_at, name, kind, order in rounds.order_by().values_list(*columns):
        yield Item(
            number=number,
            url=reverse("complaints:detail", args=[number]),
            department=name,
            official_order=order,
            days=_days(asked, due_at),
            kind=COMPLAINT,
            may_be_named=not confidential and not Department(kind=kind).is_asked_by_letter,
        )


def _issues(asked: Asked) -> Iterator[Item]:
    """Yield issues that were overdue at the cut-off."""
    late = asked.issues.overdue_issues
    units = {unit.code: unit for unit in Department.objects.filter(code__in={one.department for one in late})}
    for one in late:
        unit = units[one.department or ""]
        yield Item(
            number=one.number,
            url=reverse("supervision:issue", args=[one.number]),
            department=unit.name,
            official_order=unit.official_order,
            days=_days(asked, end_of(one.due_on or asked.end)),
            kind=ISSUE,
            may_be_named=not unit.is_asked_by_letter,
        )


def _days(asked: Asked, due_at) -> int:
    """Return the working days overdue; 24:00 of the last day is that day's, not the next one's."""
    return overdue_workdays(asked.calendar, due_at, asked.cut_off - A_MOMENT)
