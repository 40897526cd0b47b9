"""The scores of this moment, computed once for everybody who looks at the same time.

A sheet costs some 70 ms of arithmetic whoever asks. It is kept in the process until anything is written
(every write leaves a line in the audit log) and for a few seconds at most, because on PostgreSQL a line with
a lower number may be committed after a higher one was seen.
"""

from datetime import date, datetime
from functools import lru_cache

from django.conf import settings

from core.clock import local_date
from core.models import AuditEvent
from indicators.models import IndicatorSet
from indicators.selectors.score_readings import active_set
from indicators.selectors.score_rows import ScoreSheet
from indicators.selectors.scores import catalogue_scores

SHEETS_KEPT = 16


def scores_in_force(now: datetime, *, indicator_set: IndicatorSet | None = None, weeks: int = 1) -> ScoreSheet:
    """Return ``catalogue_scores`` of the day of ``now`` (aware); at most ``settings.SCORES_KEPT_SECONDS`` old.

    Args:
        indicator_set: the active one when not given.
        weeks: as for ``catalogue_scores``.
    """
    indicator_set = indicator_set or active_set()
    kept_for = settings.SCORES_KEPT_SECONDS
    if not kept_for:
        return catalogue_scores(local_date(now), indicator_set=indicator_set, weeks=weeks)
    newest = AuditEvent.objects.order_by("-id").values_list("id", "at").first()
    version = (newest, int(now.timestamp()) // kept_for)
    return _sheet(version, local_date(now), indicator_set, weeks)


@lru_cache(maxsize=SHEETS_KEPT)
def _sheet(version: tuple, on: date, indicator_set: IndicatorSet | None, weeks: int) -> ScoreSheet:
    """Return the sheet; ``version`` is only the key under which it is remembered."""
    return catalogue_scores(on, indicator_set=indicator_set, weeks=weeks)
