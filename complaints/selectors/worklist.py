"""The worklist: built-in views, what waits for whom, one page with the running clocks first (ui.md §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet

from complaints.models import Complaint, Extension
from complaints.selectors.conditions import (
    assisted_q,
    found,
    nearly_due_q,
    overdue_q,
    sign_overdue_q,
    upstream_overdue_q,
)
from complaints.selectors.deadlines import end_of_day
from complaints.selectors.rows import COLUMNS, RowReader
from complaints.selectors.times import time_light
from core.access import Permission
from core.dates import SHANGHAI, WorkCalendar
from core.kept import kept_for_reader
from core.paging import CappedPaginator, Chain

RECENT = timedelta(days=30)

S = Complaint.Status


#: Filters of the address that compare one column.
FILTERS = {
    "status": "status",
    "type": "type",
    "regime": "regime",
    "channel": "channel",
    "urgency": "urgency",
    "department": "department__code",
    "indicator": "indicator__code",
}


@dataclass(frozen=True, slots=True)
class View:
    """A built-in view: ``condition(user, now, calendar)`` narrows the rows; ``is_open`` views are counted."""

    code: str
    label: str
    condition: Callable[[Any, datetime, WorkCalendar], Q]
    is_open: bool = True


def at(*states: str) -> Callable[..., Q]:
    """Return the condition of standing in one of ``states``."""
    return lambda user, now, calendar: Q(status__in=states)


def waiting_q(user) -> Q:
    """Return the condition that the next step is ``user``'s own (their to-dos, the number in the navigation)."""
    steps = Q(pk__in=[])
    here = Q(handled=Complaint.Handled.HERE)
    if user.can(Permission.DISPATCH_COMPLAINTS):
        steps |= here & Q(status__in=(S.RECEIVED, S.ACCEPTED, S.RETURN_REVIEW, S.OFFICE_REVIEW, S.CALLBACK))
    if user.can(Permission.DECIDE_COMPLAINTS):
        steps |= here & (Q(status=S.REFUSAL_REVIEW) | extension_q(Extension.Answer.ASKED))
    if user.can(Permission.HANDLE_COMPLAINTS):
        own = Q(department=user.scope_department_id)
        steps |= here & own & Q(status__in=(S.DISPATCHED, S.HANDLING))
        steps |= here & Q(status=S.HANDLING) & unanswered_q(user.scope_department_id)
    if user.can(Permission.SIGN_COMPLAINTS):
        own = Q(department=user.scope_department_id)
        steps |= here & own & (Q(status=S.SIGN_OFF) | extension_q(Extension.Answer.UNCONFIRMED))
    return steps


def extension_q(answer: str) -> Q:
    """Return the condition that the current round's request for more time stands at ``answer``."""
    return Q(status=S.HANDLING, current_round__extension__answer=answer)


def unanswered_q(department_id: int | None) -> Q:
    """Return the condition that the department assists now and has not given its part."""
    return assisted_q(department=department_id, replied_at=None)


VIEWS = {
    view.code: view
    for view in (
        View("waiting", "待我办理", lambda user, now, calendar: waiting_q(user)),
        View("open", "全部在办", at(*Complaint.OPEN)),
        View("overdue", "已超期", lambda user, now, calendar: overdue_q(now)),
        View("nearly_due", "临期", lambda user, now, calendar: nearly_due_q(now, calendar)),
        View("to_dispatch", "待派单", at(S.ACCEPTED)),
        View("to_sign", "待签收", at(S.DISPATCHED)),
        View("sign_overdue", "签收已超", lambda user, now, calendar: sign_overdue_q(now)),
        View("to_call", "待回访", at(S.CALLBACK)),
        View("extension", "延期待批", lambda user, now, calendar: extension_q(Extension.Answer.ASKED)),
        View(
            "rehandled",
            "重办",
            lambda user, now, calendar: Q(status__in=Complaint.OPEN, current_round__round_no__gte=2),
        ),
        View("upstream", "平台时限已过", lambda user, now, calendar: upstream_overdue_q(now)),
        View("irrelevant", "不涉营商", lambda user, now, calendar: Q(relevance="no"), is_open=False),
        View("recent", "近 30 日办结", lambda user, now, calendar: Q(closed_at__gte=now - RECENT), is_open=False),
    )
}


def narrowed(
    asked: Mapping[str, str], *, user, now: datetime, calendar: WorkCalendar, piece: Q | None = None
) -> QuerySet[Complaint]:
    """Return the rows ``user`` may see under the filters of an address; what cannot be read does not filter.

    Args:
        asked: ``view``, ``search``, ``from`` and ``to`` (days of receipt, both included) and those of ``FILTERS``.
        piece: one of ``Complaint.scope_pieces``, where only the rows of that piece are asked for.
    """
    rows = Complaint.objects.visible_to(user)
    if piece is not None:
        rows = Complaint.objects.unscoped("a piece of the user's scope").filter(piece)
    if view := VIEWS.get(asked.get("view", "")):
        rows = rows.filter(view.condition(user, now, calendar))
    rows = rows.filter(**{column: asked[name] for name, column in FILTERS.items() if asked.get(name)})
    if since := day_of(asked.get("from", "")):
        rows = rows.filter(received_at__gte=datetime.combine(since, time.min, SHANGHAI))
    if until := day_of(asked.get("to", "")):
        rows = rows.filter(received_at__lte=end_of_day(until))
    return found(rows, asked.get("search", ""), user=user)


def day_of(text: str) -> date | None:
    """Return the day written ``2026-11-23``, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@kept_for_reader
def view_counts(user, *, now: datetime, calendar: WorkCalendar) -> dict[str, int]:
    """Return how many rows each view of open complaints holds for ``user``; one query over the open ones."""
    rows = Complaint.objects.visible_to(user).filter(status__in=Complaint.OPEN)
    counts = {
        view.code: Count("pk", filter=view.condition(user, now, calendar)) for view in VIEWS.values() if view.is_open
    }
    return rows.aggregate(**counts)


def count_waiting(user, now: datetime) -> int:
    """Return how many complaints wait for ``user``'s next step (the number beside 投诉工单)."""
    if not user.can(Permission.READ_COMPLAINTS):
        return 0
    rows = Complaint.objects.visible_to(user).filter(status__in=Complaint.OPEN)
    return rows.filter(waiting_q(user)).count()


def clocks_first(asked: Mapping[str, str], *, user, now: datetime, calendar: WorkCalendar) -> Chain:
    """Return the rows of ``narrowed`` in the order of the worklist: running clocks by due time, then the newest first.

    Two walks over two indexes instead of one sort of a million rows.
    """
    running, others = by_clock(narrowed(asked, user=user, now=now, calendar=calendar))
    pieces = Complaint.scope_pieces(user)
    counted = [by_clock(narrowed(asked, user=user, now=now, calendar=calendar, piece=piece)) for piece in pieces]
    return Chain(
        running.order_by("clock_due_at", "id").values(*COLUMNS),
        others.order_by("-received_at", "-id").values(*COLUMNS),
        counted=[[rows.values("clock_due_at") for rows in part] for part in zip(*counted, strict=True)],
    )


def by_clock(rows: QuerySet[Complaint]) -> tuple[QuerySet[Complaint], QuerySet[Complaint]]:
    """Return the rows with a running clock, and the others."""
    return rows.filter(clock_due_at__isnull=False), rows.filter(clock_due_at=None)


def worklist_page(asked: Mapping[str, str], *, user, number: str | None, now: datetime, calendar: WorkCalendar) -> Page:
    """Return one page of the rows of ``narrowed`` as plain rows, each with its ``time`` light."""
    page = CappedPaginator(clocks_first(asked, user=user, now=now, calendar=calendar)).get_page(number)
    lines = RowReader(user, now=now, calendar=calendar).read(page.object_list)
    page.object_list = [line | {"time": time_light(line, now=now, calendar=calendar)} for line in lines]
    return page
