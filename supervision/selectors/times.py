"""The light beside an issue's time, and what its kind of limit means, in words (ui.md §7, domain §7). Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from core.clock import local_date
from core.dates import SHANGHAI, WorkCalendar, overdue_workdays, remaining_text
from core.dates.deadlines import END_OF_DAY
from core.settings_registry import setting
from supervision.models import Issue, IssueExtension, IssueRound
from supervision.selectors.conditions import is_nearly_due, is_overdue

S = Issue.Status
_WAITING = (IssueExtension.Answer.UNCONFIRMED, IssueExtension.Answer.ASKED)


@dataclass(frozen=True, slots=True)
class TimeLight:
    """``code`` is one of normal, nearly_due, overdue, done; ``word`` says it."""

    code: str
    word: str


def days_left(due_on: date, *, now: datetime, calendar: WorkCalendar) -> str:
    """Return the phrase for the time until the end of ``due_on``: 还剩 2 个工作日, 今日到期, 已超 2 个工作日."""
    return remaining_text(calendar, datetime.combine(due_on, END_OF_DAY, SHANGHAI), now)


def time_light(issue: Issue, *, now: datetime, calendar: WorkCalendar) -> TimeLight | None:
    """Return the light of the department's clock; None where there is no date, or nobody's clock.

    In 待验收 the clock stands still; what is cleared says whether it was in time.
    """
    round_, today = issue.current_round, local_date(now)
    if issue.clock_due_on is not None:
        words = days_left(issue.clock_due_on, now=now, calendar=calendar)
        if is_overdue(issue.clock_due_on, today):
            return TimeLight("overdue", words)
        extension = issue.current_extension
        if extension is not None and extension.answer in _WAITING:
            return TimeLight("nearly_due", f"{words}・延期待批")
        return TimeLight("nearly_due" if is_nearly_due(issue.clock_due_on, today, calendar) else "normal", words)
    if issue.status == S.VERIFYING:
        return TimeLight("done", "单位时限暂停")
    return punctuality(round_, calendar=calendar) if round_ is not None else None


def punctuality(round_: IssueRound, *, calendar: WorkCalendar) -> TimeLight | None:
    """Return whether the round's passed request was made in time; None where none passed or there is no date."""
    if round_.passed_request_at is None or round_.effective_due_on is None:
        return None
    due = datetime.combine(round_.effective_due_on, END_OF_DAY, SHANGHAI)
    if round_.passed_request_at <= due:
        return TimeLight("normal", "按期整改")
    days = overdue_workdays(calendar, due, round_.passed_request_at)
    return TimeLight("overdue", f"超期 {days} 个工作日整改" if days else "超期整改")


def limit_explained(kind: str) -> str:
    """Return what the kind of limit asks of the department."""
    return {
        Issue.LimitKind.DEADLINE: "到期前完成整改并申请销号",
        Issue.LimitKind.IMMEDIATE: (
            f"不写日期的，交办后 {setting('issues.immediate_workdays')} 个工作日到期；可以不报方案，传佐证后直接申请销号"
        ),
        Issue.LimitKind.STAGED: "分阶段整改，到期前完成本阶段目标并申请销号",
        Issue.LimitKind.LONG_TERM: f"见效后转长期坚持，每 {setting('issues.review_days')} 天复查一次",
    }[Issue.LimitKind(kind)]
