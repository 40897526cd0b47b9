"""What waits for one person among complaints: rows of the 工作台, with the office's own limits (domain §6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from complaints.models import Complaint, Extension
from complaints.selectors.deadlines import moved_by_workdays
from complaints.selectors.worklist import waiting_q
from core.access import Permission
from core.dates import WorkCalendar
from core.panels import ToDo
from core.selectors.calendar import work_calendar
from core.settings_registry import settings_in_force

MOST_ROWS = 50
S = Complaint.Status
COLUMNS = (
    *("number", "title", "status", "entered_status_at", "clock_due_at", "department_id", "department__short_name"),
    *("current_round__sign_due_at", "current_round__extension__answer"),
)
#: State -> kind of the tag, the one verb.
WORDS = {
    S.RECEIVED: ("受理", "受理"),
    S.REFUSAL_REVIEW: ("审不受理", "审核"),
    S.ACCEPTED: ("派单", "派单"),
    S.DISPATCHED: ("签收", "签收"),
    S.RETURN_REVIEW: ("审退单", "审核"),
    S.HANDLING: ("办理", "办理"),
    S.SIGN_OFF: ("签发", "签发"),
    S.OFFICE_REVIEW: ("审核", "审核"),
    S.CALLBACK: ("回访", "回访"),
}
#: State -> the setting that holds the office's own limit, in working days from entering the state.
OFFICE_LIMITS = {
    S.RECEIVED: "complaints.dispatch_workdays",
    S.ACCEPTED: "complaints.dispatch_workdays",
    S.REFUSAL_REVIEW: "complaints.review_workdays",
    S.RETURN_REVIEW: "complaints.review_workdays",
    S.OFFICE_REVIEW: "complaints.review_workdays",
    S.CALLBACK: "complaints.call_back_workdays",
}


def complaint_to_dos(user, now: datetime) -> list[ToDo]:
    """Return the complaints whose next step is ``user``'s, soonest due first, at most fifty."""
    if not user.can(Permission.READ_COMPLAINTS):
        return []
    rows = Complaint.objects.visible_to(user).filter(waiting_q(user), status__in=Complaint.OPEN)
    rows = rows.order_by(F("clock_due_at").asc(nulls_last=True), "entered_status_at", "id").values(*COLUMNS)[:MOST_ROWS]
    if not rows:
        return []
    calendar, limits = work_calendar(), settings_in_force(*set(OFFICE_LIMITS.values()))
    return [_to_do(row, user, calendar, limits) for row in rows]


def _to_do(row: Mapping[str, Any], user, calendar: WorkCalendar, limits: Mapping[str, int]) -> ToDo:
    kind, act = _words(row, user)
    return ToDo(
        kind=kind,
        title=row["title"],
        url=reverse("complaints:detail", args=[row["number"]]),
        act=act,
        due_at=_due_at(row, calendar, limits),
        meta="　".join(part for part in (row["number"], row["department__short_name"]) if part),
        number=row["number"],
    )


def _words(row: Mapping[str, Any], user) -> tuple[str, str]:
    """Return kind and verb; in 办理中 it may be an extension or a part to give that waits."""
    answer = row["current_round__extension__answer"]
    if row["status"] != S.HANDLING:
        return WORDS[row["status"]]
    if user.can(Permission.DECIDE_COMPLAINTS) and answer == Extension.Answer.ASKED:
        return "审延期", "审批"
    if user.can(Permission.SIGN_COMPLAINTS) and answer == Extension.Answer.UNCONFIRMED:
        return "延期", "确认"
    return WORDS[S.HANDLING] if row["department_id"] == user.scope_department_id else ("协办", "答复")


def _due_at(row: Mapping[str, Any], calendar: WorkCalendar, limits: Mapping[str, int]) -> datetime | None:
    """Return the department's own due time, or the end of the office's limit since the row came to it."""
    if setting := OFFICE_LIMITS.get(row["status"]):
        return moved_by_workdays(row["entered_status_at"], limits[setting], calendar)
    return row["current_round__sign_due_at"] if row["status"] == S.DISPATCHED else row["clock_due_at"]
