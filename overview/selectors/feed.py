"""Deadlines for the calendar of one person: what stands on their 工作台, and what is over (api.md, feeds)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from bulletins.models import Bulletin
from bulletins.selectors.waiting import waiting_bulletins
from complaints.models import Complaint
from complaints.selectors.waiting import complaint_to_dos
from core.access import Permission
from core.clock import local_date
from core.dates import SHANGHAI
from core.dates.deadlines import END_OF_DAY
from core.panels import ToDo
from core.selectors.calendar import work_calendar
from core.settings_registry import setting
from supervision.models import Issue, SupervisionOrder
from supervision.selectors.orders import OWED, order_to_dos
from supervision.selectors.waiting import issue_to_dos, look_back_to_dos

#: Look-backs and reviews whose day lies this far ahead are in the calendar before they are on the 工作台.
AHEAD = timedelta(days=180)
#: How long what is done stays as cancelled, for calendars that keep what a feed no longer names.
KEPT = timedelta(days=30)
MOST_DONE = 200
C = Complaint.Status
#: States in which the complaint is with the department that leads.
_WITH_DEPARTMENT = (C.DISPATCHED, C.RETURN_REVIEW, C.HANDLING, C.SIGN_OFF)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry of the calendar: ``key`` stays the same as long as the deadline is the same one.

    ``due`` is a date for a deadline at the end of a day, else an aware moment. ``summary`` says number and act,
    never a person, and of a complaint nothing it is about.
    """

    key: str
    summary: str
    url: str
    due: date | datetime
    is_done: bool = False


def deadlines_of(user, *, now: datetime) -> list[Deadline]:
    """Return the deadlines of ``user`` and their department at the aware ``now``, the soonest first.

    The same functions as the 工作台's, so that the two agree; daily reports are left out, they are due each day.
    """
    open_ones = [*_complaints(user, now), *_issues(user, now), *_orders(user, now), *_receipts(user)]
    rows = {one.key: one for one in [*_done(user, now), *open_ones]}  # what is open again is not over
    return sorted(rows.values(), key=lambda row: (_day(row.due), row.key))


def due_of(moment: datetime) -> date | datetime:
    """Return the date of a deadline at the end of a day in Xiping, else the moment itself."""
    local = moment.astimezone(SHANGHAI)
    return local.date() if local.time() == END_OF_DAY else moment


def _day(due: date | datetime) -> date:
    return local_date(due) if isinstance(due, datetime) else due


def _deadline(to_do: ToDo, part: str, *words: str) -> Deadline | None:
    if to_do.due_at is None:
        return None
    summary = " ".join((f"{to_do.act}：{to_do.meta}".replace("　", " "), *words))
    return Deadline(f"{to_do.number}-{part}", summary, to_do.url, due_of(to_do.due_at))


def _dated(rows: Iterator[Deadline | None]) -> list[Deadline]:
    return [row for row in rows if row is not None]


def _complaints(user, now: datetime) -> list[Deadline]:
    return _dated(_deadline(row, "sign" if row.act == "签收" else "due") for row in complaint_to_dos(user, now))


def _issues(user, now: datetime) -> list[Deadline]:
    reviews = (
        _deadline(row, "review" if row.act == "复查" else "due", row.title) for row in issue_to_dos(user, now + AHEAD)
    )
    looks = (_deadline(row, "look-back", row.title) for row in look_back_to_dos(user, now + AHEAD))
    return _dated(reviews) + _dated(looks)


def _orders(user, now: datetime) -> list[Deadline]:
    return _dated(_deadline(row, "reply") for row in order_to_dos(user, now))


def _receipts(user) -> list[Deadline]:
    """Return the papers the department has still to sign for, due by the setting's working days (domain §8)."""
    if not user.can(Permission.ACKNOWLEDGE_BULLETINS):
        return []
    rows = waiting_bulletins(user).filter(status=Bulletin.Status.ISSUED).order_by("issued_on", "id")
    papers = list(rows.values("number", "document_number", "issue_number", "issued_on")[:MOST_DONE])
    if not papers:
        return []
    calendar, allowed = work_calendar(), setting("bulletins.receipt_workdays")
    return [
        Deadline(
            key=f"{row['number']}-receipt",
            summary=f"签收：{row['document_number'] or row['issue_number']}",
            url=reverse("bulletins:detail", args=[row["number"]]),
            due=calendar.add_workdays(row["issued_on"], allowed),
        )
        for row in papers
        if row["issued_on"] is not None
    ]


def _done(user, now: datetime) -> Iterator[Deadline]:
    """Yield what the person's department had to do by a day of the last weeks or ahead, and no longer has."""
    unit = user.scope_department_id
    if unit is None:
        return
    since = now - KEPT
    if user.can(Permission.HANDLE_COMPLAINTS):
        rows = Complaint.objects.visible_to(user).filter(department=unit).order_by("-id")
        yield from _signed_complaints(rows.filter(current_round__sign_due_at__gte=since))
        yield from _answered_complaints(rows.filter(current_round__effective_due_at__gte=since))
    if user.can(Permission.HANDLE_ISSUES):
        issues = Issue.objects.visible_to(user).filter(department=unit, due_on__gte=local_date(since))
        for number, due_on in _latest(issues.exclude(status__in=Issue.CLOCK_RUNS), "number", "due_on"):
            yield Deadline(
                f"{number}-due", f"已办：{number}", reverse("supervision:issue", args=[number]), due_on, True
            )
        orders = SupervisionOrder.objects.visible_to(user).filter(department=unit, due_on__gte=local_date(since))
        for pk, number, due_on in _latest(orders.exclude(status__in=OWED), "pk", "number", "due_on"):
            yield Deadline(f"{number}-reply", f"已办：{number}", reverse("supervision:order", args=[pk]), due_on, True)


def _latest(rows, *columns: str):
    return rows.order_by("-id").values_list(*columns)[:MOST_DONE]


def _signed_complaints(rows) -> Iterator[Deadline]:
    signed = rows.exclude(status=C.DISPATCHED)
    for number, due_at in _latest(signed, "number", "current_round__sign_due_at"):
        url = reverse("complaints:detail", args=[number])
        yield Deadline(f"{number}-sign", f"已办：{number}", url, due_of(due_at), True)


def _answered_complaints(rows) -> Iterator[Deadline]:
    answered = rows.exclude(status__in=_WITH_DEPARTMENT)
    for number, due_at in _latest(answered, "number", "current_round__effective_due_at"):
        url = reverse("complaints:detail", args=[number])
        yield Deadline(f"{number}-due", f"已办：{number}", url, due_of(due_at), True)
