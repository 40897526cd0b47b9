"""What a bulletin asks of the ledger as at a cut-off: what was registered, cleared, open, overdue, sustained, relapsed.

Every state is judged by the times on issues, rounds, requests and rungs, never by the present status: what came
after ``cut_off`` has not happened yet (domain §8, Cut-off; oracles README §4, rule 2). All departments are counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from core.clock import local_date
from core.dates import WorkCalendar, overdue_workdays
from core.rates import Window
from supervision.models import ClearanceRequest, Issue, IssueEscalation, IssueRound
from supervision.rules.rates import RoundFacts, Standing, end_of
from supervision.selectors.statistics import counted_q, due_then, not_yet, sustained_q, within

_WHY = "a bulletin counts all departments"


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """One issue that was registered and neither cleared, sustained nor revoked at the cut-off.

    ``department`` (code) and ``due_on`` are those of the round open then, None while it waited to be assigned.
    ``is_verifying``: the department's clock stood still. ``days_overdue`` are working days, 0 when not overdue or on
    the first day when that is a day of rest; ``is_overdue`` says which. ``rung`` is the highest alert reached, 0 for none.
    """

    number: str
    title: str
    source: str
    severity: str
    department: str | None = None
    department_label: str | None = None
    round_no: int = 1
    due_on: date | None = None
    is_verifying: bool = False
    is_overdue: bool = False
    days_overdue: int = 0
    rung: int = 0


@dataclass(frozen=True, slots=True)
class IssueFigures:
    """The counts of a period as at its cut-off, in issues.

    ``relapsed`` are second and further rounds opened in the period (反弹), ``returned`` issues registered in it that
    resemble an earlier one (回潮), ``sustained`` those standing in 长期坚持 at the cut-off, whatever the period.
    """

    registered: int
    cleared: int
    relapsed: int
    returned: int
    sustained: int
    open_issues: tuple[OpenIssue, ...]

    @property
    def overdue_issues(self) -> tuple[OpenIssue, ...]:
        """What was overdue, the longest first."""
        overdue = [issue for issue in self.open_issues if issue.is_overdue]
        return tuple(sorted(overdue, key=lambda issue: (issue.due_on, issue.number)))

    @property
    def open_by_department(self) -> dict[str | None, int]:
        """Code of the department → how many were open; None for those waiting to be assigned."""
        return dict(Counter(issue.department for issue in self.open_issues))

    @property
    def open_by_source(self) -> dict[str, int]:
        """Code of the source → how many were open."""
        return dict(Counter(issue.source for issue in self.open_issues))

    @property
    def overdue_by_department(self) -> dict[str | None, int]:
        """Code of the department → how many were overdue."""
        return dict(Counter(issue.department for issue in self.open_issues if issue.is_overdue))


def issue_figures(window: Window, *, calendar: WorkCalendar) -> IssueFigures:
    """Return the counts of ``window`` as at its cut-off; seven queries, whatever the number of issues."""
    issues = Issue.objects.unscoped(_WHY).order_by()
    rounds = IssueRound.objects.unscoped(_WHY).order_by()
    registered = issues.filter(within("registered_at", window) & not_yet("revoked_at", window.cut_off))
    cleared = rounds.filter(within("cleared_at", window))
    relapsed = rounds.filter(counted_q(window.cut_off), within("opened_at", window), round_no__gte=2)
    return IssueFigures(
        registered=registered.count(),
        cleared=cleared.values("issue").distinct().count(),
        relapsed=relapsed.count(),
        returned=registered.filter(relapsed=True).count(),
        sustained=rounds.filter(counted_q(window.cut_off), sustained_q(window.cut_off)).count(),
        open_issues=tuple(open_issues(window.cut_off, calendar=calendar)),
    )


def open_issues(cut_off: datetime, *, calendar: WorkCalendar) -> list[OpenIssue]:
    """Return what was open at the aware ``cut_off``, the soonest due first, without a date last; two queries."""
    last = _last_rounds(cut_off)
    found = []
    for row in _not_over(cut_off).values(*_ISSUE_COLUMNS):
        round_ = last.get(row["id"])
        standing = Standing.TAKEN_BACK if round_ is None else _standing(round_, cut_off)
        if standing is Standing.TAKEN_BACK:
            round_ = None
        if standing not in (Standing.CLEARED, Standing.SUSTAINED):
            found.append(_open_issue(row, round_, cut_off=cut_off, calendar=calendar))
    return sorted(found, key=lambda issue: (issue.due_on is None, issue.due_on or date.max, issue.number))


_ISSUE_COLUMNS = ("id", "number", "title", "source", "severity")
_ROUND_COLUMNS = (
    *(
        "issue_id",
        "department__code",
        "department__short_name",
        "opened_at",
        "round_no",
        "due_then",
        "is_verifying",
        "rung",
    ),
    *("sustained_at", "cleared_at", "ending", "ended_at"),
)


def _not_over(cut_off: datetime):
    """Return the issues registered by the cut-off that were not surely over then.

    What is cleared now, since before the cut-off, was cleared then; everything else is judged by its rounds.
    """
    issues = Issue.objects.unscoped(_WHY).order_by().filter(registered_at__lte=cut_off)
    still_cleared = Q(status=Issue.Status.CLEARED, cleared_at__lte=cut_off)
    return issues.filter(not_yet("revoked_at", cut_off)).exclude(still_cleared)


def _last_rounds(cut_off: datetime) -> dict[int, Mapping[str, Any]]:
    """Return the last round each of those issues had by the cut-off."""
    standing = ClearanceRequest.objects.unscoped(_WHY).filter(not_yet("answered_at", cut_off), signed_at__lte=cut_off)
    rungs = IssueEscalation.objects.unscoped(_WHY).filter(round=OuterRef("pk"), reached_at__lte=cut_off)
    rows = (
        IssueRound.objects.unscoped(_WHY)
        .filter(issue__in=_not_over(cut_off).values("pk"), opened_at__lte=cut_off)
        .annotate(
            due_then=due_then(cut_off),
            is_verifying=Exists(standing.filter(round=OuterRef("pk"))),
            rung=rungs.order_by().values("round").annotate(highest=Max("rung")).values("highest"),
        )
    )
    return {row["issue_id"]: row for row in rows.order_by("issue_id", "sequence").values(*_ROUND_COLUMNS)}


def _standing(round_: Mapping[str, Any], cut_off: datetime) -> Standing:
    """Return where a round stood; judged as for the rates."""
    facts = RoundFacts(
        department=round_["department__code"],
        opened_at=round_["opened_at"],
        sustained_at=round_["sustained_at"],
        cleared_at=round_["cleared_at"],
        ending=round_["ending"],
        ended_at=round_["ended_at"],
    )
    return facts.known_at(cut_off).standing


def _open_issue(
    row: Mapping[str, Any], round_: Mapping[str, Any] | None, *, cut_off: datetime, calendar: WorkCalendar
) -> OpenIssue:
    """Return an issue with its round, None while it waited to be assigned."""
    facts = {name: row[name] for name in ("number", "title", "source", "severity")}
    if round_ is None:
        return OpenIssue(**facts)
    due, is_verifying = round_["due_then"], round_["is_verifying"]
    is_overdue = due is not None and not is_verifying and due < local_date(cut_off)
    return OpenIssue(
        **facts,
        department=round_["department__code"],
        department_label=round_["department__short_name"],
        round_no=round_["round_no"],
        due_on=due,
        is_verifying=is_verifying,
        is_overdue=is_overdue,
        days_overdue=overdue_workdays(calendar, end_of(due), cut_off) if is_overdue else 0,
        rung=round_["rung"] or 0,
    )
