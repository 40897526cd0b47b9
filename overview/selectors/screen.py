"""What the big screen shows besides the scores: rates, counts, and what to press on (ui.md §14).

It hangs on a wall where anybody may look: no person, no content of a complaint, nothing confidential, and no unit
is ranked; units stand only beside what is overdue or nearly due.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from complaints.models import Complaint
from complaints.selectors.statistics import rates_by_period
from core.clock import local_date
from core.dates import SHANGHAI, Period, WorkCalendar, remaining_text
from core.dates.deadlines import END_OF_DAY
from core.models import DeadlineRule
from core.rates import Count as Rate
from core.rates import Window
from core.templatetags.ui import LIGHT_WORDS
from indicators.selectors.score_rows import ScoreSheet
from supervision.models import Issue
from supervision.selectors.conditions import overdue_q

MOST_URGED = 4
RATE_DAYS = 30
#: Issues that citizens or firms reported: their titles may be the reporter's words.
_REPORTED = (Issue.Source.PUBLIC_REPORT, Issue.Source.HOTLINE)


@dataclass(frozen=True, slots=True)
class Urged:
    """One thing to press on: kind, what it is without any content of a complaint, whose it is, how late it is."""

    due_at: datetime
    kind: str
    what: str
    department: str
    colour: str
    remaining: str


def light_counts(sheet: ScoreSheet) -> list[tuple[str, int]]:
    """Return how many applicable first-level rows have each light, as word and number, the best first."""
    lights = Counter(row.light for row in sheet.first_level() if row.applicable)
    return [(word, lights[code]) for code, word in LIGHT_WORDS.items()]


def closing_rate(user, *, now: datetime) -> Rate:
    """Return 按期办结率 of the thirty days to the aware ``now``, as 统计分析 counts it; one query."""
    today = local_date(now)
    days = Period("days", today - timedelta(days=RATE_DAYS - 1), today, "")
    ((_, tally),) = rates_by_period(user, [("", Window.of(days, now))]).rows
    return tally.counts["on_time_close"]


def issue_counts(user, *, now: datetime) -> dict[str, int]:
    """Return how many registered issues are not cleared, of these overdue and waiting for verification; one query."""
    rows = Issue.objects.visible_to(user).filter(status__in=Issue.OPEN).exclude(status=Issue.Status.DRAFT)
    return rows.order_by().aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=overdue_q(local_date(now))),
        verifying=Count("pk", filter=Q(status=Issue.Status.VERIFYING)),
    )


def urged(user, *, now: datetime, calendar: WorkCalendar) -> list[Urged]:
    """Return what is overdue or due by the end of the next working day, the longest overdue first; two queries."""
    until = datetime.combine(calendar.next_workday(local_date(now)), END_OF_DAY, SHANGHAI)
    found = [
        Urged(due_at, kind, what, unit, "red" if due_at < now else "amber", remaining_text(calendar, due_at, now))
        for due_at, kind, what, unit in (*_issues(user, until), *_complaints(user, until))
    ]
    return sorted(found, key=lambda row: (row.due_at, row.what))[:MOST_URGED]


def _issues(user, until: datetime) -> Iterator[tuple[datetime, str, str, str]]:
    rows = Issue.objects.visible_to(user).filter(clock_due_on__lte=local_date(until)).order_by("clock_due_on", "id")
    columns = ("clock_due_on", "source", "category", "title", "department__short_name")
    for due_on, source, category, title, unit in rows.values_list(*columns)[:MOST_URGED]:
        what = f"{Issue.Category(category).label}问题" if source in _REPORTED else title
        yield datetime.combine(due_on, END_OF_DAY, SHANGHAI), "问题", what, unit or ""


def _complaints(user, until: datetime) -> Iterator[tuple[datetime, str, str, str]]:
    rows = Complaint.objects.visible_to(user).filter(
        clock_due_at__lte=until, confidential=False, handled=Complaint.Handled.HERE
    )
    words = dict(DeadlineRule.ComplaintType.choices)
    columns = ("clock_due_at", "type", "number", "department__short_name")
    for due_at, type_, number, unit in rows.order_by("clock_due_at", "id").values_list(*columns)[:MOST_URGED]:
        yield due_at, "工单", f"{words[type_]} {number}", unit or ""
