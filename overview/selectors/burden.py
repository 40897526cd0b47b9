"""填报负担: what reporting has cost this week, so that nobody is asked for more than needed (ui.md §2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from indicators.models import DailyReport, ReportValue


@dataclass(frozen=True, slots=True)
class Burden:
    """This week's reporting among the rows one may see: how many reports, units, filled fields, no-change taps."""

    reports: int
    units: int
    fields: int
    unchanged: int

    def __bool__(self):
        return self.reports > 0

    @property
    def fields_per_unit(self) -> Decimal:
        """Return how many fields a unit filled on average."""
        return Decimal(self.fields) / self.units


def burden_of_week(user, today: date) -> Burden:
    """Return the burden from Monday to ``today`` of the reports ``user`` may see; drafts do not count.

    A field is a value or a text somebody typed; 今日无变化 costs none.
    """
    week = Q(date__gte=today - timedelta(days=today.weekday()), date__lte=today)
    sent = DailyReport.objects.visible_to(user).filter(week).exclude(status=DailyReport.Status.DRAFT)
    totals = sent.order_by().aggregate(
        reports=Count("id"),
        units=Count("department", distinct=True),
        unchanged=Count("id", filter=Q(no_change=True)),
        progress=Count("id", filter=~Q(progress="")),
        difficulty=Count("id", filter=~Q(difficulty="")),
    )
    values = ReportValue.objects.visible_to(user).filter(report__in=sent.order_by().values("id")).count()
    fields = values + totals.pop("progress") + totals.pop("difficulty")
    return Burden(fields=fields, **totals)
