"""The ledger: three lists over the same rows, built-in views, filters, order, and its head (domain §7, ui.md §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.access import Permission
from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar, parse_period
from core.kept import kept_for_reader
from core.paging import Chain
from core.rates import Window
from indicators.selectors.report_list import day_or_none
from supervision.models import Issue, IssueExtension, LookBack
from supervision.selectors.conditions import about_q, found, nearly_due_q, overdue_q
from supervision.selectors.statistics import cleared_of, figures_of
from supervision.selectors.waiting import extension_q, to_verify_q

S = Issue.Status
#: 未销号: registered, and neither cleared, sustained nor revoked.
UNCLEARED = (S.REGISTERED, *Issue.WITH_DEPARTMENT)
#: The three lists: what was found, who rectifies it, how it is done.
LISTS = {"problems": ("问题清单", "查什么"), "duties": ("责任清单", "谁来改"), "measures": ("整改清单", "怎么改")}
#: Filters of the address that compare one column.
FILTERS = {
    "status": "status",
    "source": "source",
    "severity": "severity",
    "category": "category",
    "limit_kind": "limit_kind",
    "department": "department__code",
}
#: Filters of the address that name the first (``…_from``) or last day (``…_to``) of what happened to an issue.
DAYS = {"registered": "registered_at", "cleared": "cleared_at"}
#: Orders of the address; a minus before the name turns one round.
ORDERINGS: dict[str, tuple[str, ...]] = {
    "clock": ("clock_due_on", "id"),
    "number": ("created_at", "id"),
    "found_on": ("found_on", "id"),
    "department": ("department__official_order", "clock_due_on", "id"),
    "due_on": ("due_on", "id"),
    "cleared_at": ("cleared_at", "id"),
}
#: Order -> the column that may be empty.
MAY_LACK = {"clock": "clock_due_on", "department": "department", "due_on": "due_on", "cleared_at": "cleared_at"}
TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class View:
    """A built-in view: ``condition(user, now, calendar)`` narrows the rows.

    ``within``: the states its rows can stand in, which let the counts look at few rows. None: its rows are among
    many, and it is counted only where ``pieces(today)`` gives conditions that divide it, each with an index.
    """

    code: str
    label: str
    condition: Callable[[Any, datetime, WorkCalendar], Q]
    within: tuple[str, ...] | None = UNCLEARED
    pieces: Callable[[date], tuple[Q, ...]] | None = None


def at(*states: str) -> Callable[..., Q]:
    """Return the condition of standing in one of ``states``."""
    return lambda user, now, calendar: Q(status__in=states)


def to_look_back_pieces(today: date) -> tuple[Q, Q]:
    """Return the conditions that a look-back, or a periodic review, is due; no issue meets both."""
    dates = LookBack.objects.unscoped("narrows rows already scoped").filter(done_on=None, result="", due_on__lte=today)
    due = Q(status=S.CLEARED, pk__in=dates.order_by().values("issue"))
    return due, Q(status=S.SUSTAINED, next_review_on__lte=today)


VIEWS = {
    view.code: view
    for view in (
        View("uncleared", "未销号", at(*UNCLEARED)),
        View("overdue", "逾期", lambda user, now, calendar: overdue_q(local_date(now))),
        View("nearly_due", "临期", lambda user, now, calendar: nearly_due_q(local_date(now), calendar)),
        View("to_verify", "待我验收", lambda user, now, calendar: to_verify_q(user, now)),
        View("to_assign", "待交办", at(S.REGISTERED)),
        View("to_sign", "待签收", at(S.ASSIGNED)),
        View("extension", "延期待批", lambda user, now, calendar: extension_q(IssueExtension.Answer.ASKED)),
        View("drafts", "草稿", at(S.DRAFT), (S.DRAFT,)),
        View("third_party", "第三方评估", lambda user, now, calendar: Q(source=Issue.Source.THIRD_PARTY), None),
        View(
            "look_back",
            "回头看",
            lambda user, now, calendar: or_(*to_look_back_pieces(local_date(now))),
            None,
            pieces=to_look_back_pieces,
        ),
        View("sustained", "长期坚持", at(S.SUSTAINED), (S.SUSTAINED,)),
        View(
            "relapsed",
            "反弹和回潮",
            lambda user, now, calendar: Q(relapsed=True) | Q(current_round__round_no__gte=2),
            None,
        ),
    )
}
#: Views for those who may do what waits in them.
VIEW_NEEDS: dict[str, tuple[Permission, ...]] = {
    "to_verify": (Permission.VERIFY_ISSUES, Permission.VERIFY_IN_NEED),
    "to_assign": (Permission.KEEP_ISSUES,),
    "extension": (Permission.DECIDE_ISSUES,),
    "drafts": (Permission.WRITE_ISSUES,),
    "look_back": (Permission.READ_INSPECTIONS,),
    "third_party": (Permission.READ_INSPECTIONS,),
}


def views_for(user) -> list[View]:
    """Return the built-in views that mean something to ``user``."""
    return [view for code, view in VIEWS.items() if code not in VIEW_NEEDS or any(map(user.can, VIEW_NEEDS[code]))]


def narrowed(
    asked: Mapping[str, str], *, user, now: datetime, calendar: WorkCalendar, piece: Q | None = None
) -> QuerySet[Issue]:
    """Return the rows ``user`` may see under the filters of an address; what cannot be read does not filter.

    Args:
        asked: ``view``, ``search``, ``year`` (of finding), ``indicator`` (code, those beneath it included),
            ``inspection`` (id), ``overdue``, ``nearly_due``, and those of ``FILTERS`` and ``DAYS``.
        piece: one of ``Issue.scope_pieces``, where only the rows of that piece are asked for.
    """
    today = local_date(now)
    rows = Issue.objects.visible_to(user)
    if piece is not None:
        rows = Issue.objects.unscoped("a piece of the user's scope").filter(piece)
    if view := VIEWS.get(asked.get("view", "")):
        rows = rows.filter(view.condition(user, now, calendar))
    rows = rows.filter(**{column: asked[name] for name, column in FILTERS.items() if asked.get(name)})
    if code := asked.get("indicator"):
        rows = rows.filter(about_q(code))
    if (inspection := asked.get("inspection", "")).isdecimal() and user.can(Permission.READ_INSPECTIONS):
        rows = rows.filter(inspection=int(inspection))
    if (year := asked.get("year", "")).isdecimal() and len(year) == 4:
        rows = rows.filter(found_on__range=(date(int(year), 1, 1), date(int(year), 12, 31)))
    rows = rows.filter(_in_days(asked))
    if asked.get("overdue") in TRUE:
        rows = rows.filter(overdue_q(today))
    if asked.get("nearly_due") in TRUE:
        rows = rows.filter(nearly_due_q(today, calendar))
    return found(rows, asked.get("search", ""))


def _in_days(asked: Mapping[str, str]) -> Q:
    """Return the condition of ``DAYS``; both days are counted in."""
    condition = Q()
    for name, column in DAYS.items():
        if first := day_or_none(asked.get(f"{name}_from")):
            condition &= Q(**{f"{column}__gte": datetime.combine(first, time.min, SHANGHAI)})
        if last := day_or_none(asked.get(f"{name}_to")):
            condition &= Q(**{f"{column}__lte": datetime.combine(last, time.max, SHANGHAI)})
    return condition


def ordered(
    asked: Mapping[str, str], columns: tuple[str, ...], *, user, now: datetime, calendar: WorkCalendar
) -> Chain:
    """Return the rows of ``narrowed`` as plain rows in the order of the address, ``ordering``.

    Without one the running clocks come first, the soonest due at the head. Each part is a walk over an index. What
    has no value in the column asked for comes last.
    """
    ordering = asked.get("ordering", "")
    rows = narrowed(asked, user=user, now=now, calendar=calendar)
    pieces = [narrowed(asked, user=user, now=now, calendar=calendar, piece=one) for one in Issue.scope_pieces(user)]
    name, turn = ordering.removeprefix("-"), "-" if ordering.startswith("-") else ""
    if name not in ORDERINGS:
        name, turn = "clock", ""
    order = [f"{turn}{column}" for column in ORDERINGS[name]]
    column = MAY_LACK.get(name)
    if column is None:
        return Chain(rows.order_by(*order).values(*columns), counted=[[piece.values("status") for piece in pieces]])
    known, unknown = Q(**{f"{column}__isnull": False}), Q(**{column: None})
    return Chain(
        rows.filter(known).order_by(*order).values(*columns),
        rows.filter(unknown).order_by("-created_at", "-id").values(*columns),
        counted=[[piece.filter(part).values(column) for piece in pieces] for part in (known, unknown)],
        # No index has the units' official order: keys are sorted, not whole rows.
        is_sorted=name == "department",
    )


@kept_for_reader
def view_counts(user, *, now: datetime, calendar: WorkCalendar) -> dict[str, int]:
    """Return how many rows each counted view of ``user`` holds; one query for each group of states, and each piece."""
    counts: dict[str, int] = {}
    views = views_for(user)
    for states in dict.fromkeys(view.within for view in views if view.within):
        rows = Issue.objects.visible_to(user).filter(status__in=states or ())
        wanted = {
            view.code: Count("pk", filter=view.condition(user, now, calendar))
            for view in views
            if view.within == states
        }
        counts |= rows.aggregate(**wanted)
    rows = Issue.objects.visible_to(user).order_by()
    for view in views:
        if view.pieces:
            counts[view.code] = sum(rows.filter(piece).count() for piece in view.pieces(local_date(now)))
    return counts


@dataclass(frozen=True, slots=True)
class YearToDate:
    """The ledger's head: issues registered this year by where they stand now, and 整改率 of the year's rounds."""

    year: int
    registered: int
    cleared: int
    sustained: int
    uncleared: int
    rate: dict[str, Any]


@kept_for_reader
def year_to_date(user, *, now: datetime) -> YearToDate:
    """Return the head as ``user`` sees it; two queries. Revoked issues are left out (domain §7, Rates)."""
    today = local_date(now)
    start = datetime.combine(date(today.year, 1, 1), time.min, SHANGHAI)
    rows = Issue.objects.visible_to(user).filter(registered_at__gte=start, registered_at__lte=now)
    counts = rows.exclude(status=S.REVOKED).aggregate(
        # The state stands in the index of the registrations, so that no issue is read to be counted.
        registered=Count("status"),
        cleared=Count("status", filter=Q(status=S.CLEARED)),
        sustained=Count("status", filter=Q(status=S.SUSTAINED)),
        uncleared=Count("status", filter=Q(status__in=UNCLEARED)),
    )
    tally = cleared_of(user, Window.of(parse_period(str(today.year)), now))
    return YearToDate(year=today.year, rate=figures_of(tally)["cleared"], **counts)
