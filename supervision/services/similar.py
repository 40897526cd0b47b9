"""Marking what came back (回潮): similar to something cleared or closed within 12 months (domain §7)."""

from datetime import datetime, timedelta

from core.clock import local_date
from core.settings_registry import setting
from supervision.models import Issue, SimilarCase
from supervision.selectors.similar import cleared_cases_like

WITHIN = timedelta(days=365)


def link_similar_cases(issue: Issue, *, now: datetime) -> list[SimilarCase]:
    """Keep the cleared cases that ``issue`` resembles and mark it 回潮; it links and marks, never blocks.

    Compared are cases of the same lead department, and of the same indicator or category.
    """
    found = cleared_cases_like(issue, since=local_date(now - WITHIN), alike=setting("issues.similarity"))
    cases = SimilarCase.objects.bulk_create(
        (SimilarCase(issue=issue, **vars_of) for vars_of in found), ignore_conflicts=True
    )
    if cases:
        rows = Issue.objects.unscoped("the issue in hand")
        rows.filter(pk=issue.pk).update(relapsed=True)
        issue.relapsed = True
    return cases
