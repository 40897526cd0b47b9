"""What lists ask in SQL: overdue, nearly due, who is involved, and where words are looked for (domain §7)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.dates import WorkCalendar
from supervision.models import ClearanceRequest, Issue

#: What the words of a search are looked for in.
SEARCHED = ("number", "title", "description", "requirement", "responsible_person")


def is_overdue(clock_due_on: date | None, today: date) -> bool:
    """Return whether a department's clock that runs out on ``clock_due_on`` has; None: it does not run.

    ``today`` is a day in Asia/Shanghai; the due day itself is still on time.
    """
    return clock_due_on is not None and clock_due_on < today


def is_nearly_due(clock_due_on: date | None, today: date, calendar: WorkCalendar) -> bool:
    """Return whether the clock runs out today or by the next working day."""
    return clock_due_on is not None and today <= clock_due_on <= calendar.next_workday(today)


def overdue_q(today: date) -> Q:
    """Return the condition of ``is_overdue``; ``clock_due_on`` is set only while the department's clock runs."""
    return Q(clock_due_on__lt=today)


def nearly_due_q(today: date, calendar: WorkCalendar) -> Q:
    """Return the condition of ``is_nearly_due``."""
    return Q(clock_due_on__gte=today, clock_due_on__lte=calendar.next_workday(today))


def without_clock_or(condition: Q) -> Q:
    """Return the opposite of a condition on the clock: in SQL its NOT alone would drop issues without one."""
    return Q(clock_due_on=None) | ~condition


def verification_overdue_q(today: date) -> Q:
    """Return the condition that the verifiers' own limit has passed; it is held against them, not the department."""
    requests = ClearanceRequest.objects.unscoped("narrows rows already scoped")
    late = requests.filter(
        round=OuterRef("current_round"), result=ClearanceRequest.Result.STANDING, verify_due_on__lt=today
    )
    return Q(Exists(late), status=Issue.Status.VERIFYING)


def assisted_q(**conditions) -> Q:
    """Return the condition that an assisting department exists of which ``conditions`` (on Department) hold."""
    units = Issue.assisting.through._default_manager.filter(
        issue=OuterRef("pk"), **{f"department__{name}": value for name, value in conditions.items()}
    )
    return Q(Exists(units))


def involved_q(code: str) -> Q:
    """Return the condition that the department of that code leads or assists."""
    return Q(department__code=code) | assisted_q(code=code)


def about_q(code: str) -> Q:
    """Return the condition that the issue concerns the indicator of that code or one beneath it."""
    return Q(indicator__code=code) | Q(indicator__first_level__code=code) | Q(indicator__parent__code=code)


def found(rows: QuerySet[Issue], words: str) -> QuerySet[Issue]:
    """Return ``rows`` that hold every word of ``words``."""
    for word in words.split():
        rows = rows.filter(Q(*((f"{field}__icontains", word) for field in SEARCHED), _connector=Q.OR))
    return rows
