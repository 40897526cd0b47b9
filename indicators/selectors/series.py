"""The history of an indicator: values of a leaf, weekly scores of a parent; series run on by code (domain §3)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from core.dates import SHANGHAI, Period
from core.kept import kept_through_drafts
from indicators import scoring
from indicators.models import Indicator, Observation
from indicators.selectors.score_readings import read_standards, reading_of
from indicators.selectors.score_rows import ScoreRow
from indicators.selectors.scores import WEEK, catalogue_scores

#: How far back a parent's weekly scores go when no period is asked for, and at most.
USUAL_WEEKS, MOST_WEEKS = 12, 53
#: The lines of a leaf's chart: kind of standard and its word.
LINES = (("baseline", "基期"), ("target", "目标"), ("frontier", "前沿"), ("statutory", "法定"))


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One point: a leaf's value with the score it gave on that day, or a parent's score (``value`` None)."""

    as_of: date
    value: Decimal | None
    score: Decimal | None


def series_of(indicator: Indicator, *, today: date, period: Period | None = None) -> list[SeriesPoint]:
    """Return the points of ``indicator`` up to ``today``, oldest first, within ``period`` when given."""
    if indicator.children.exists():
        return weekly_scores(indicator, today=today, period=period)
    return leaf_series(indicator, today=today, period=period)


@kept_through_drafts
def leaf_series(indicator: Indicator, *, today: date, period: Period | None = None) -> list[SeriesPoint]:
    """Return the accepted values by as-of date, the newest acceptance of a day; three queries."""
    rows = (
        Observation.objects.unscoped("accepted values are everybody's")
        .filter(
            indicator__code=indicator.code,
            standing=Observation.Standing.ACCEPTED,
            withdrawn_at=None,
            as_of__lte=today,
            accepted_at__lte=datetime.combine(today, time.max, SHANGHAI),
        )
        .exclude(source=Observation.Source.CARRIED)
    )
    if period is not None:
        rows = rows.filter(as_of__range=(period.start, period.end))
    values = dict(rows.order_by("as_of", "accepted_at", "id").values_list("as_of", "value"))
    standards = read_standards(indicator.indicator_set, today, indicator=indicator).get(indicator.pk, [])
    node: dict[str, Any] = {"unit": indicator.unit, "direction": indicator.direction}

    def score_on(day: date, value: Decimal) -> Decimal | None:
        reading = reading_of((value, day), standards, node, day)
        return scoring.rounded(scoring.leaf_score(reading.worst, reading.frontier, reading.value))

    return [SeriesPoint(day, value, score_on(day, value)) for day, value in values.items()]


def weekly_scores(indicator: Indicator, *, today: date, period: Period | None = None) -> list[SeriesPoint]:
    """Return a parent's weekly scores, at most a year of them, the last on ``today`` or the period's end."""
    last = min(today, period.end) if period else today
    weeks = min((last - period.start) // WEEK, MOST_WEEKS) if period else USUAL_WEEKS
    if period is not None and last < period.start:
        return []
    sheet = catalogue_scores(last, indicator_set=indicator.indicator_set, weeks=max(weeks, 1))
    return [
        SeriesPoint(day, None, score)
        for day, score in zip(sheet.days, sheet.rows[indicator.code].history, strict=True)
        if score is not None and (period is None or day in period)
    ]


def chart_of(row: ScoreRow, points: list[SeriesPoint], today: date) -> dict[str, Any]:
    """Return what ``charts.js`` draws for a leaf: values that hold until changed, and the comparable standards.

    The last value is drawn on to ``today``, because it still holds.
    """
    drawn = [[point.as_of.isoformat(), float(point.value)] for point in points if point.value is not None]
    if drawn and points[-1].as_of < today:
        drawn.append([today.isoformat(), drawn[-1][1]])
    return {
        "unit": row.unit,
        "direction": Indicator.Direction(row.direction).label if row.direction else "",
        "series": [{"name": row.name, "points": drawn}],
        "lines": [
            {"name": word, "value": float(standard.value)}
            for kind, word in LINES
            if (standard := row.standards.get(kind)) is not None and standard.is_comparable
        ],
    }
