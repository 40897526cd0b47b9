"""What had reached rung 4 of the ladder at the cut-off: named by number, unit and days, or only counted (domain §8, 六).

Neither a person nor the content is named. Units asked by a letter (司法机关、垂直管理) and confidential complaints are
never named; they and what R2 took out are counted with the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from bulletins.bindings import name_part
from bulletins.selectors.parts import Asked, Part
from complaints.models import HandlingRound
from complaints.selectors.statistics import COUNTED, STAYED, not_yet, owed
from core.dates import WorkCalendar
from core.dates.wording import overdue_workdays
from core.ladder.rungs import WORKDAYS_OVERDUE, Rung
from core.selectors.calendar import work_calendar
from departments.models import Department
from supervision.rules.rates import end_of
from supervision.selectors.figures import open_issues

A_MOMENT = timedelta(microseconds=1)


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
    """Return the items on rung 4 to be named, and how many more are overdue."""
    calendar = work_calendar()
    # 24:00 of the last day is that day's, not the next one's: one working day must not be counted too much.
    moment = asked.cut_off - A_MOMENT
    late = sorted(
        (*_complaints(asked, moment, calendar), *_issues(asked, moment, calendar)),
        key=lambda one: (one.official_order, -one.days, one.number),
    )
    nameable = [one for one in late if one.may_be_named and one.days >= WORKDAYS_OVERDUE[Rung.BULLETIN]]
    named = [one for one in nameable if one.number not in asked.excluded]
    part = Part(tables={"named": [one.as_json() for one in named]})
    part.facts["taken_out"] = sorted(one.number for one in nameable if one.number in asked.excluded)
    listed = f"{reverse('complaints:list')}?view=overdue"
    part.bind("overdue.all", len(late), label="超期件", url=listed, group="overdue")
    part.bind("overdue.named", len(named), label="列名超期件", url=listed, group="overdue")
    part.bind("overdue.rest", len(late) - len(named), label="其他超期件", url=listed, group="overdue")
    for one in named:
        part.bind(one.name, one.days, label=f"{one.number}超期工作日", url=one.url, group="overdue")
    return part


def _complaints(asked: Asked, moment: datetime, calendar: WorkCalendar) -> Iterable[Item]:
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
            days=overdue_workdays(calendar, due_at, moment),
            kind="complaint",
            may_be_named=not confidential and not Department(kind=kind).is_asked_by_letter,
        )


def _issues(asked: Asked, moment: datetime, calendar: WorkCalendar) -> Iterable[Item]:
    """Yield issues that were overdue at the cut-off."""
    late = [one for one in open_issues(asked.cut_off, calendar=calendar) if one.is_overdue and one.due_on]
    units = {unit.code: unit for unit in Department.objects.filter(code__in={one.department for one in late})}
    for one in late:
        unit = units[one.department or ""]
        yield Item(
            number=one.number,
            url=reverse("supervision:issue", args=[one.number]),
            department=unit.name,
            official_order=unit.official_order,
            days=overdue_workdays(calendar, end_of(one.due_on or asked.end), moment),
            kind="issue",
            may_be_named=not unit.is_asked_by_letter,
        )
