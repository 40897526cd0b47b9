"""What complaints give to supervision: proposals to press, subjects of records, closed cases; and what they take back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from complaints.identities import CONFIDENTIAL, without_private_data
from complaints.models import Complaint, Escalation
from complaints.selectors.conditions import overdue_q
from core.clock import local_date
from core.dates import SHANGHAI
from core.ladder import SECOND_REHANDLING, Rung
from core.settings_registry import setting
from indicators.models import Indicator
from supervision.models import Issue, SupervisionOrder
from supervision.selectors.proposals import MOST_SHOWN, Proposal, Proposals
from supervision.selectors.similar import MOST_COMPARED, ClosedCase, cleared_issues_like
from supervision.selectors.subjects import KnownSubject

#: A complaint like something cleared within this time came back (domain §7).
RELAPSE_WITHIN = timedelta(days=365)
CLOSED = (Complaint.Status.CLOSED, Complaint.Status.ARCHIVED)


# --- Proposals to press ---------------------------------------------------------------------------


def proposed_complaints(user, now: datetime) -> Proposals:
    """Return complaints whose round stands on rung 3 or above and was not pressed, the longest overdue first.

    Those whose clock runs: overdue ones, and second re-handlings.
    """
    rehandled = Q(clock_due_at__isnull=False, current_round__round_no__gte=SECOND_REHANDLING)
    rows = _proposed(user).filter(overdue_q(now) | rehandled)
    columns = ("number", "title", "confidential", "department__short_name", "clock_due_at", "current_round_id")
    first = list(rows.order_by("clock_due_at", "id").values(*columns)[:MOST_SHOWN])
    reached = _reached().filter(round__in=[row["current_round_id"] for row in first]).order_by("rung")
    rungs = dict(reached.values_list("round", "rung"))
    lines = [
        Proposal(
            number=row["number"],
            title=CONFIDENTIAL if row["confidential"] else row["title"],
            url=reverse("complaints:detail", args=[row["number"]]),
            act_url=reverse("complaints:act", args=[row["number"], "supervise"]),
            department=row["department__short_name"],
            due_on=local_date(row["clock_due_at"]),
            is_overdue=row["clock_due_at"] < now,
            rung=Rung(rungs[row["current_round_id"]]).label,
        )
        for row in first
    ]
    return Proposals(rows.count(), lines)


def is_proposed(complaint: Complaint, user) -> bool:
    """Return whether the open complaint stands on rung 3 or above and was not pressed in its round."""
    return _proposed(user).filter(pk=complaint.pk).exists()


def _proposed(user) -> QuerySet[Complaint]:
    reached = _reached().filter(round=OuterRef("current_round"))
    orders = SupervisionOrder.objects.unscoped("narrows rows already scoped").filter(
        subject_kind=SupervisionOrder.SubjectKind.COMPLAINT,
        subject_number=OuterRef("number"),
        issued_at__gte=OuterRef("current_round__dispatched_at"),
    )
    rows = Complaint.objects.visible_to(user).filter(status__in=Complaint.OPEN, department__isnull=False)
    return rows.filter(Exists(reached), ~Exists(orders))


def _reached() -> QuerySet[Escalation]:
    rows = Escalation.objects.unscoped("narrows rows already scoped")
    return rows.filter(rung__gte=Rung.SUPERVISION_PROPOSED, rung__lt=Rung.UNSIGNED)


def orders_on(complaint: Complaint, user) -> QuerySet[SupervisionOrder]:
    """Return the orders on a complaint fetched through the user, those they see, the newest first."""
    return SupervisionOrder.objects.visible_to(user).filter(
        subject_kind=SupervisionOrder.SubjectKind.COMPLAINT, subject_number=complaint.number
    )


def issue_of(complaint: Complaint, user) -> Issue | None:
    """Return the issue the complaint became, None where there is none or ``user`` does not see it."""
    if complaint.issue_id is None:
        return None
    return Issue.objects.visible_to(user).filter(pk=complaint.issue_id).first()


# --- Subjects of accountability records -----------------------------------------------------------


def complaint_as_subject(user, number: str) -> KnownSubject | None:
    """Return the complaint of that number among those ``user`` sees, as a record keeps it."""
    complaint = Complaint.objects.visible_to(user).filter(number=number).first()
    if complaint is None:
        return None
    units = set(complaint.rounds.values_list("department", flat=True))
    units |= set(complaint.rounds.filter(assisting__isnull=False).values_list("assisting__department", flat=True))
    title = CONFIDENTIAL if complaint.confidential else without_private_data(complaint.title)
    return KnownSubject(number, title, complaint.get_absolute_url(), frozenset(units), lies_above=True)


# --- 回潮, both ways -------------------------------------------------------------------------------


def closed_complaints(issue: Issue, since: date) -> Iterable[ClosedCase]:
    """Return complaints of the issue's department and indicator closed since ``since``; confidential ones never.

    One whose indicator nobody named counts too: its text decides. That of which the issue was made is no case of its own.
    """
    if issue.indicator is None:
        same_matter = Q()
    else:
        same_matter = Q(indicator=None) | Q(indicator__in=[issue.indicator_id, issue.indicator.first_level_id])
    rows = Complaint.objects.unscoped("whether an issue came back is asked for the office, not for a reader")
    rows = rows.filter(
        same_matter,
        department=issue.department_id,
        status__in=CLOSED,
        confidential=False,
        closed_at__gte=datetime.combine(since, time.min, SHANGHAI),
    ).exclude(relevance=Complaint.Relevance.NO)
    newest = rows.exclude(issue=issue.pk).order_by("-closed_at")
    return [
        ClosedCase(
            number=number,
            title=without_private_data(title),
            page="complaints:detail",
            ended_at=closed_at,
            text=content,
        )
        for number, title, closed_at, content in newest.values_list("number", "title", "closed_at", "content")[
            :MOST_COMPARED
        ]
    ]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a complaint is compared by: its text, and the departments and indicators (keys) it may concern."""

    text: str
    departments: Sequence[int] = ()
    indicators: Sequence[int] = ()


def relapses_of(matter: Matter, *, user, on: date) -> list[dict]:
    """Return issues of the same department or indicator cleared within 12 months before ``on`` that it resembles.

    Each a dict of ``number``, ``title``, ``url``, ``ended_on``, ``likeness``; the surest first, at most three, those
    ``user`` sees.
    """
    concerned = Q(department__in=matter.departments)
    if matter.indicators:
        # Keys and no join, so that units and indicators are each found by their index.
        beneath = Indicator.objects.filter(Q(pk__in=matter.indicators) | Q(first_level__in=matter.indicators))
        concerned |= Q(indicator__in=list(beneath.values_list("pk", flat=True)))
    return cleared_issues_like(
        matter.text, concerned, user=user, between=(on - RELAPSE_WITHIN, on), alike=setting("issues.similarity")
    )


def relapses_of_complaint(complaint: Complaint, *, user) -> list[dict]:
    """Return the cleared issues a complaint resembles (回潮), as ``relapses_of`` gives them."""
    matter = Matter(
        complaint.content,
        departments=[complaint.department_id] if complaint.department_id else [],
        indicators=[complaint.indicator_id] if complaint.indicator_id else [],
    )
    return relapses_of(matter, user=user, on=local_date(complaint.received_at))
