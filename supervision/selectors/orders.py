"""Supervision orders as plain rows: what 督办中心, the workbench and the API print (api.md)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from core.access import Permission
from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar, remaining_text
from core.dates.deadlines import END_OF_DAY
from core.kept import kept_for_reader
from core.paging import CappedPaginator, Chain
from core.panels import ToDo
from departments.selectors import NO_UNIT, units_by_key
from supervision.models import FormNumber, OrderEvent, SupervisionOrder
from supervision.workflow import ORDER

S = SupervisionOrder.Status
#: The states in which the department still owes its answer.
OWED = (S.AWAITING, S.SIGN_OFF)
MOST_TO_DOS = 50

COLUMNS = (
    *("id", "number", "subject_kind", "subject_number", "subject_title", "subject_url", "subject_due_on"),
    *("department_id", "issuer_id", "requirement", "due_on", "issued_at", "issued_by", "status", "version"),
    *("form__kind", "reply", "replied_by", "reply_signed_by", "replied_at", "send_back_reason"),
    *("closing_note", "closed_by", "closed_at"),
)
PEOPLE = ("issued_by", "replied_by", "reply_signed_by", "closed_by")
_PLAIN = (
    *("id", "number", "subject_number", "subject_title", "subject_url", "subject_due_on", "requirement", "due_on"),
    *("issued_at", "version", "reply", "replied_at", "send_back_reason", "closing_note", "closed_at"),
)
CHOICES = {
    "status": dict(S.choices),
    "subject_kind": dict(SupervisionOrder.SubjectKind.choices),
}
INSTRUMENTS = dict(FormNumber.Kind.choices)


@dataclass(frozen=True, slots=True)
class JudgedOrder:
    """What the table of acts asks an order for."""

    status: str
    department_id: int


@dataclass(frozen=True, slots=True)
class TimeLight:
    """``code`` is one of normal, nearly_due, overdue (``ui`` ``time``); ``word`` says how long."""

    code: str
    word: str


class OrderReader:
    """Shapes rows of ``.values(*COLUMNS)`` for one person at one moment: two queries for any number of rows.

    Units and people are read beside the rows: joining six of them cost PostgreSQL ten times more to plan than to read.

    Args:
        user: who reads; decides ``actions``.
        now: the moment, aware.
        calendar: for 临期.
    """

    def __init__(self, user, *, now: datetime, calendar: WorkCalendar):
        self.user, self.now, self.calendar = user, now, calendar
        self.today = local_date(now)
        self.soon = calendar.next_workday(self.today)

    def read(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows as the contract names them, each with its ``time`` light for pages."""
        rows = list(rows)
        people = {row[name] for row in rows for name in PEOPLE} - {None}
        self._names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
        self._units = units_by_key()
        return [self._shape(row) for row in rows]

    def _shape(self, row: Mapping[str, Any]) -> dict[str, Any]:
        department, department_label = self._units[row["department_id"]]
        issuer, issuer_label = self._units.get(row["issuer_id"], NO_UNIT)
        owed = row["status"] in OWED
        shaped = {name: row[name] for name in _PLAIN}
        for name, words in CHOICES.items():
            shaped |= {name: row[name], f"{name}_label": words[row[name]]}
        overdue = owed and row["due_on"] < self.today
        nearly_due = owed and self.today <= row["due_on"] <= self.soon
        judged = JudgedOrder(row["status"], row["department_id"])
        return shaped | {
            "instrument": row["form__kind"],
            "instrument_label": INSTRUMENTS[row["form__kind"]],
            "department": department,
            "department_label": department_label,
            "issuer": issuer,
            "issuer_label": issuer_label,
            **{name: self._names.get(row[name]) for name in PEOPLE},
            "overdue": overdue,
            "nearly_due": nearly_due,
            "actions": [act.name for act in ORDER.available(judged, self.user)],
            "time": self._light(row["due_on"], overdue, nearly_due) if owed else None,
        }

    def _light(self, due_on: date, overdue: bool, nearly_due: bool) -> TimeLight:
        words = remaining_text(self.calendar, end_of(due_on), self.now)
        return TimeLight("overdue" if overdue else "nearly_due" if nearly_due else "normal", words)


def end_of(day: date) -> datetime:
    """Return the last second of ``day`` in Asia/Shanghai: until then the answer is on time."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI)


def orders_for(user) -> QuerySet[SupervisionOrder]:
    """Return the orders ``user`` may see, each with what its acts, page and print look at."""
    rows = SupervisionOrder.objects.visible_to(user)
    return rows.select_related(
        "form", "department", "issuer", "issue", "issued_by", "replied_by", "reply_signed_by", "closed_by"
    )


def order_row(order: SupervisionOrder, *, user, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    """Return one order whole: the row with ``evidence`` and ``events``."""
    rows = SupervisionOrder.objects.unscoped("fetched through the user").filter(pk=order.pk).values(*COLUMNS)
    (row,) = OrderReader(user, now=now, calendar=calendar).read(rows)
    return row | {
        "evidence": [{"id": one.pk, "title": one.title, "kind": one.kind} for one in order.evidence.all()],
        "events": [
            {
                "kind": one.kind,
                "label": one.label,
                "text": one.text,
                "at": one.at,
                "actor": one.actor.name,
                "on_behalf_of": one.on_behalf_of,
            }
            for one in events_of(order)
        ],
    }


def events_of(order: SupervisionOrder) -> QuerySet[OrderEvent]:
    """Return the timeline of an order fetched through the user, the newest first."""
    return (
        OrderEvent.objects.unscoped("of an order fetched through the user").filter(order=order).select_related("actor")
    )


# --- The list -------------------------------------------------------------------------------------


def overdue_q(today: date) -> Q:
    """Return the condition that the department should have answered before ``today``."""
    return Q(status__in=OWED, due_on__lt=today)


def waiting_q(user) -> Q:
    """Return the condition that the next step is ``user``'s own."""
    steps = Q(pk__in=[])
    if user.can(Permission.SUPERVISE):
        colleagues = Q(issuer=user.department_id) if user.department_id else Q(pk__in=[])
        steps |= Q(status=S.REPLIED) & (Q(issued_by=user.pk) | colleagues)
    if user.can(Permission.HANDLE_ISSUES):
        steps |= Q(status=S.AWAITING, department=user.scope_department_id)
    if user.can(Permission.SIGN_ISSUES):
        steps |= Q(status=S.SIGN_OFF, department=user.scope_department_id)
    return steps


@dataclass(frozen=True, slots=True)
class View:
    """A built-in view of the list: ``condition(user, today)`` narrows the rows."""

    code: str
    label: str
    condition: Callable[[Any, date], Q]


VIEWS = {
    view.code: view
    for view in (
        View("waiting", "待我办理", lambda user, today: waiting_q(user)),
        View("owed", "待回复", lambda user, today: Q(status__in=OWED)),
        View("overdue", "已超期", lambda user, today: overdue_q(today)),
        View("replied", "待了结", lambda user, today: Q(status=S.REPLIED)),
        View("closed", "已了结", lambda user, today: Q(status=S.CLOSED)),
    )
}
FILTERS = {"status": "status", "department": "department__code", "subject_kind": "subject_kind"}
SEARCHED = ("number", "subject_number", "subject_title", "requirement")


def narrowed(asked: Mapping[str, str], *, user, today: date) -> QuerySet[SupervisionOrder]:
    """Return the orders ``user`` may see under the filters of an address (``view``, ``search``, those of FILTERS)."""
    rows = SupervisionOrder.objects.visible_to(user)
    if view := VIEWS.get(asked.get("view", "")):
        rows = rows.filter(view.condition(user, today))
    rows = rows.filter(**{column: asked[name] for name, column in FILTERS.items() if asked.get(name)})
    for word in asked.get("search", "").split():
        rows = rows.filter(Q(*((f"{field}__icontains", word) for field in SEARCHED), _connector=Q.OR))
    return rows


@kept_for_reader
def view_counts(user, *, today: date) -> dict[str, int]:
    """Return how many orders each view holds for ``user``; two queries: what is closed is counted by its index alone."""
    rows = SupervisionOrder.objects.visible_to(user).order_by()
    is_open = [view for view in VIEWS.values() if view.code != "closed"]
    counts = {view.code: Count("pk", filter=view.condition(user, today)) for view in is_open}
    closed = rows.filter(status=S.CLOSED).values("status").count()
    return rows.filter(status__in=(*OWED, S.REPLIED)).aggregate(**counts) | {"closed": closed}


def order_page(
    rows: QuerySet[SupervisionOrder], *, user, number: str | None, now: datetime, calendar: WorkCalendar
) -> Any:
    """Return one page of ``rows`` as plain rows: what is owed by its date first, then the newest."""
    owed, others = rows.filter(status__in=OWED), rows.exclude(status__in=OWED)
    chain = Chain(
        owed.order_by("due_on", "-issued_at", "-id").values(*COLUMNS),
        others.order_by("-issued_at", "-id").values(*COLUMNS),
        counted=[[part.values("status")] for part in (owed, others)],
    )
    page: Any = CappedPaginator(chain).get_page(number)
    page.object_list = OrderReader(user, now=now, calendar=calendar).read(page.object_list)
    return page


# --- The workbench --------------------------------------------------------------------------------


def order_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the orders whose next step is ``user``'s, the soonest due first, at most fifty."""
    if not user.can(Permission.READ_ISSUES):
        return []
    rows = SupervisionOrder.objects.visible_to(user).filter(waiting_q(user)).order_by("due_on", "id")
    columns = ("id", "number", "subject_title", "subject_number", "department__short_name", "due_on", "status")
    return [_to_do(row) for row in rows.values(*columns)[:MOST_TO_DOS]]


#: State -> kind of the tag, the one verb.
WORDS = {S.AWAITING: ("督办", "回复"), S.SIGN_OFF: ("督办签发", "签发"), S.REPLIED: ("督办了结", "审核")}


def _to_do(row: Mapping[str, Any]) -> ToDo:
    kind, act = WORDS[S(row["status"])]
    return ToDo(
        kind=kind,
        title=row["subject_title"],
        url=reverse("supervision:order", args=[row["id"]]),
        act=act,
        due_at=None if row["status"] == S.REPLIED else end_of(row["due_on"]),
        meta="　".join((row["number"], row["subject_number"], row["department__short_name"])),
        number=row["number"],
    )


def count_waiting(user, now: datetime) -> int:
    """Return how many orders wait for ``user``'s next step (the number beside 督办中心)."""
    if not user.can(Permission.READ_ISSUES):
        return 0
    return SupervisionOrder.objects.visible_to(user).filter(waiting_q(user)).count()
