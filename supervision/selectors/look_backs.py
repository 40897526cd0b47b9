"""回头看: what is to be looked at again, cleared issues on their dates and sustained ones on theirs (domain §7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value

from core.access import Permission
from core.dates import WorkCalendar
from supervision.models import Issue, LookBack
from supervision.rules.issues import own_departments

LOOK_BACK, REVIEW = "look_back", "review"
KINDS = {LOOK_BACK: "销号后回头看", REVIEW: "长期坚持复查"}
#: So many days ahead count as coming.
SOON = 30
VIEWS = {"due": "已到期", "soon": f"{SOON} 日内"}
COLUMNS = (
    *("kind", "row", "key", "issue_number", "issue_title", "unit_id", "unit", "due", "round_no", "is_later"),
    *("is_held_back", "has_come_back"),
)


def open_dates(user) -> tuple[QuerySet, QuerySet]:
    """Return the open look-backs of cleared issues and the sustained issues, as ``user`` sees them, under one naming."""
    earlier = LookBack.objects.unscoped("narrows rows already scoped").filter(
        round=OuterRef("round"), due_on__lt=OuterRef("due_on")
    )
    look_backs = LookBack.objects.visible_to(user).filter(done_on=None, result="", issue__status=Issue.Status.CLEARED)
    sustained = Issue.objects.visible_to(user).filter(status=Issue.Status.SUSTAINED)
    return (
        look_backs.annotate(
            kind=Value(LOOK_BACK, CharField()),
            row=F("pk"),
            key=F("issue"),
            issue_number=F("issue__number"),
            issue_title=F("issue__title"),
            unit_id=F("issue__department"),
            unit=F("issue__department__short_name"),
            unit_code=F("issue__department__code"),
            due=F("due_on"),
            round_no=F("round__round_no"),
            is_later=Exists(earlier),
            # What is recorded counts for the earliest open date.
            is_held_back=Exists(earlier.filter(done_on=None, result="")),
            has_come_back=F("issue__relapsed"),
        ),
        sustained.annotate(
            kind=Value(REVIEW, CharField()),
            row=F("pk"),
            key=F("pk"),
            issue_number=F("number"),
            issue_title=F("title"),
            unit_id=F("department"),
            unit=F("department__short_name"),
            unit_code=F("department__code"),
            due=F("next_review_on"),
            round_no=F("current_round__round_no"),
            is_later=Value(False, BooleanField()),
            is_held_back=Value(False, BooleanField()),
            has_come_back=F("relapsed"),
        ),
    )


def look_back_rows(user, asked: Mapping[str, str], *, today: date) -> QuerySet:
    """Return what is to be looked at under the filters of an address, the soonest first; plain rows.

    Args:
        asked: ``view`` (due, soon), ``kind`` (look_back, review), ``department`` (code), ``search``.
    """
    wanted = dict(zip(KINDS, open_dates(user), strict=True))
    if asked.get("kind") in KINDS:
        wanted = {asked["kind"]: wanted[asked["kind"]]}
    conditions = Q()
    if asked.get("view") in VIEWS:
        conditions &= view_q(asked["view"], today)
    for word in asked.get("search", "").split():
        conditions &= Q(issue_number__icontains=word) | Q(issue_title__icontains=word)
    if code := asked.get("department"):
        conditions &= Q(unit_code=code)
    first, *others = (rows.filter(conditions).order_by().values(*COLUMNS) for rows in wanted.values())
    return first.union(*others, all=True).order_by("due", "issue_number") if others else first.order_by("due", "row")


def view_q(view: str, today: date) -> Q:
    """Return the condition of a view; a date that waits for an earlier one of its issue is not yet to be recorded."""
    return Q(due__lte=today if view == "due" else today + timedelta(days=SOON), is_held_back=False)


def view_counts(user, *, today: date) -> dict[str, int]:
    """Return how many dates each view holds for ``user``; two queries."""
    totals: dict[str, int] = defaultdict(int)
    for rows in open_dates(user):
        counts = {f"in_{view}": Count("pk", filter=view_q(view, today)) for view in VIEWS}
        for name, amount in rows.order_by().aggregate(**counts).items():
            totals[name.removeprefix("in_")] += amount
    return dict(totals)


def judged(rows: Iterable[dict[str, Any]], *, user, today: date, calendar: WorkCalendar) -> list[dict[str, Any]]:
    """Return the rows of one page with their light in words, and the acts ``user`` may do; one query.

    A cleared issue is looked back at by R6; a sustained one is reviewed by R6 and R2 outside its departments.
    """
    rows = list(rows)
    own = own_departments(user)
    assisted: set[int] = set()
    if own:
        units = Issue.assisting.through._default_manager.filter(
            department__in=own, issue__in=[row["key"] for row in rows]
        )
        assisted = set(units.values_list("issue", flat=True))
    lines = []
    for row in rows:
        concerns = row["unit_id"] in own or row["key"] in assisted
        may = user.can(Permission.LOOK_BACK) and not row["is_held_back"]
        if row["kind"] == REVIEW:
            may = user.can(Permission.VERIFY_ISSUES) and not concerns
        lines.append(
            row
            | {
                "kind_label": KINDS[row["kind"]],
                "time": time_light(row["due"], today=today, calendar=calendar),
                "may_act": may,
                "may_relapse": may or (row["kind"] == REVIEW and user.can(Permission.LOOK_BACK)),
            }
        )
    return lines


def time_light(due: date, *, today: date, calendar: WorkCalendar) -> dict[str, str]:
    """Return code and words of how far off a date is."""
    if due < today:
        days = calendar.workdays_between(due, today)
        return {"code": "overdue", "word": f"已超 {days} 个工作日" if days else "已到期"}
    if due == today:
        return {"code": "today", "word": "今日到期"}
    code = "nearly_due" if due <= calendar.next_workday(today) else "normal"
    return {"code": code, "word": f"还剩 {(due - today).days} 天"}
