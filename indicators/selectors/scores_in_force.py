"""The scores of this moment, computed once for everybody who looks at the same time: a sheet is 70 ms of arithmetic."""

from datetime import datetime

from core.clock import local_date
from indicators.models import IndicatorSet
from indicators.selectors.score_readings import active_set
from indicators.selectors.score_rows import ScoreSheet
from indicators.selectors.scores import catalogue_scores


def scores_in_force(now: datetime, *, indicator_set: IndicatorSet | None = None, weeks: int = 1) -> ScoreSheet:
    """Return ``catalogue_scores`` of the day of ``now`` (aware), kept while nothing is written.

    Args:
        indicator_set: the active one when not given.
        weeks: as for ``catalogue_scores``.
    """
    return catalogue_scores(local_date(now), indicator_set=indicator_set or active_set(), weeks=weeks)
