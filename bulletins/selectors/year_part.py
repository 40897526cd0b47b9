"""What only the yearly report asks: issues found by visiting enterprises, practice cases adopted (domain §8)."""

from django.urls import reverse

from bulletins.selectors.parts import Asked, Part
from indicators.models import PracticeCase
from supervision.models import Issue
from supervision.selectors.statistics import not_yet, within


def year_part(asked: Asked) -> Part:
    """Return both counts as at the cut-off; two queries."""
    part, window = Part(), asked.window
    issues = Issue.objects.unscoped("counted by source, no content")
    registered = within("registered_at", window) & not_yet("revoked_at", window.cut_off)
    visits = issues.filter(registered, source=Issue.Source.VISIT).count()
    part.bind(
        "issues.from_visits", visits, label="企业走访发现的问题", url=f"{reverse('supervision:issues')}?source=visit"
    )
    cases = PracticeCase.objects.unscoped("counted, no content").filter(
        within("published_at", window), status=PracticeCase.Status.PUBLISHED
    )
    part.bind("cases.published", cases.count(), label="采用的典型案例", url=reverse("indicators:cases"))
    return part
