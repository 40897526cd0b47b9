"""The rounds behind a figure of the statistics: the same conditions that count, asked for rows."""

from dataclasses import dataclass

from django.db.models import QuerySet

from complaints.models import Complaint, HandlingRound
from complaints.selectors.statistics import figure_conditions, rated_rounds
from core.rates import Window

#: How each breakdown finds its rounds; "" stands for what belongs to none.
GROUP_COLUMNS = {
    "department": "department__code",
    "type": "complaint__type",
    "indicator": "complaint__indicator__code",
}
COLUMNS = (
    *("complaint__number", "complaint__title", "department__short_name", "round_no", "dispatched_at", "sign_due_at"),
    *("signed_at", "effective_due_at", "submitted_at", "closed_at", "ending", "satisfaction", "solved"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is asked about: figure, numerator or denominator, and the row of the breakdown it stands in.

    ``code`` None asks for the total, "" for what belongs to no indicator.
    """

    figure: str
    part: str
    group: str = "department"
    code: str | None = None


def counted_rounds_behind(user, window: Window, question: Question, definition: str) -> QuerySet[HandlingRound]:
    """Return every round the number counts, whether or not ``user`` may open its complaint.

    Their count is the number itself: the conditions are those of ``figure_conditions``.
    """
    numerator, denominator = figure_conditions(window, definition)[question.figure]
    condition = numerator if question.part == "numerator" or denominator is None else denominator
    rounds = rated_rounds(user, window).filter(condition)
    if question.code is None or question.group not in GROUP_COLUMNS:
        return rounds
    return rounds.filter(**{GROUP_COLUMNS[question.group]: question.code or None})


def rows_behind(user, rounds: QuerySet[HandlingRound]) -> QuerySet[HandlingRound, dict]:
    """Return plain rows of those ``rounds`` whose complaint ``user`` may open, newest dispatch first."""
    visible = Complaint.objects.visible_to(user).values("pk")
    return rounds.filter(complaint__in=visible).order_by("-dispatched_at", "-pk").values(*COLUMNS)
