"""What the ladder proposes to press with an order (rung 3, domain §6); apps above add theirs by ``register_proposals``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from core.clock import local_date
from core.ladder import SECOND_REHANDLING, Rung
from supervision.models import Issue, IssueEscalation, SupervisionOrder

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """One issue or complaint that stands on rung 3 or above and was not pressed since.

    ``act_url`` is the form of 督办; ``due_on`` the date that binds, which has passed where ``is_overdue``: a second
    relapse or re-handling proposes it before.
    """

    number: str
    title: str
    url: str
    act_url: str
    department: str
    due_on: date
    is_overdue: bool
    rung: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """How many there are, and the longest overdue of them."""

    total: int
    lines: Sequence[Proposal]


Source = Callable[[object, datetime], Proposals]
_sources: list[Source] = []


def register_proposals(source: Source) -> None:
    """Let ``source(user, now)`` give what an app above proposes, at most ``MOST_SHOWN`` lines."""
    if source not in _sources:
        _sources.append(source)


def proposals_for(user, now: datetime) -> Proposals:
    """Return what is proposed to press, of every kind ``user`` sees, the longest overdue first."""
    found = [source(user, now) for source in (_issues, *_sources)]
    lines = sorted((line for one in found for line in one.lines), key=lambda line: (line.due_on, line.number))
    return Proposals(sum(one.total for one in found), lines[:MOST_SHOWN])


def _issues(user, now: datetime) -> Proposals:
    today = local_date(now)
    rows = proposed_issues(user, today)
    columns = ("number", "title", "department__short_name", "clock_due_on", "current_round_id")
    first = list(rows.order_by("clock_due_on", "id").values(*columns)[:MOST_SHOWN])
    rungs = _highest_rungs(IssueEscalation, [row["current_round_id"] for row in first])
    lines = [
        Proposal(
            number=row["number"],
            title=row["title"],
            url=reverse("supervision:issue", args=[row["number"]]),
            act_url=reverse("supervision:issue_act", args=[row["number"], "supervise"]),
            department=row["department__short_name"],
            due_on=row["clock_due_on"],
            is_overdue=row["clock_due_on"] < today,
            rung=rungs[row["current_round_id"]],
        )
        for row in first
    ]
    return Proposals(rows.count(), lines)


def proposed_issues(user, today: date) -> QuerySet[Issue]:
    """Return issues whose current round stands on rung 3 or above and was not pressed, by an order, since it began.

    Those whose department's clock runs: overdue ones, and second relapses.
    """
    reached = IssueEscalation.objects.unscoped("narrows rows already scoped").filter(
        round=OuterRef("current_round"), rung__gte=Rung.SUPERVISION_PROPOSED, rung__lt=Rung.UNSIGNED
    )
    orders = SupervisionOrder.objects.unscoped("as above").filter(
        issue=OuterRef("pk"), issued_at__gte=OuterRef("current_round__opened_at")
    )
    late = Q(clock_due_on__lt=today) | Q(clock_due_on__isnull=False, current_round__round_no__gte=SECOND_REHANDLING)
    return Issue.objects.visible_to(user).filter(late, Exists(reached), ~Exists(orders))


def _highest_rungs(model, rounds: Sequence[int]) -> dict[int, str]:
    """Return the word of the highest rung each round stands on."""
    rows = model.objects.unscoped("of rounds fetched through the user")
    rows = rows.filter(round__in=rounds, rung__gte=Rung.SUPERVISION_PROPOSED, rung__lt=Rung.UNSIGNED)
    return {round_id: Rung(rung).label for round_id, rung in rows.order_by("rung").values_list("round", "rung")}
