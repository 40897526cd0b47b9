"""填报负担: how much reporting asks of the units (ui.md §2.7). Shown to keep it small, never to rank anybody."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from core.kept import kept_for_reader
from indicators.models import DailyReport, ReportValue
from indicators.selectors.completeness import percentage

#: What one act costs, measured with a stop-watch on the form: opening it, one tap, one number with its date.
SECONDS_PER_NO_CHANGE = 10
SECONDS_PER_REPORT = 60
SECONDS_PER_VALUE = 30


@dataclass(frozen=True, slots=True)
class Burden:
    """The reporting of one period: how many units, reports, of which 今日无变化, and values typed."""

    departments: int
    reports: int
    no_change: int
    values: int

    @property
    def no_change_share(self) -> Decimal | None:
        """The share of 今日无变化 in per cent."""
        return percentage(self.no_change, self.reports)

    @property
    def values_per_department(self) -> Decimal | None:
        """How many numbers a unit typed on average, one decimal."""
        return _average(self.values, self.departments)

    @property
    def minutes_per_department(self) -> Decimal | None:
        """How many minutes a unit spent on average, estimated from what was entered, one decimal."""
        seconds = (
            self.no_change * SECONDS_PER_NO_CHANGE
            + (self.reports - self.no_change) * SECONDS_PER_REPORT
            + self.values * SECONDS_PER_VALUE
        )
        return _average(Decimal(seconds) / 60, self.departments)


def _average(amount: Decimal | int, departments: int) -> Decimal | None:
    return (Decimal(amount) / departments).quantize(Decimal("0.1")) if departments else None


@kept_for_reader
def burden(user, start: date, end: date) -> Burden:
    """Return the burden of ``start``..``end`` over the reports ``user`` may see; two queries."""
    reports = DailyReport.objects.visible_to(user).filter(date__range=(start, end), submitted_at__isnull=False)
    counts = reports.aggregate(reports=Count("pk"), departments=Count("department", distinct=True))
    no_change = reports.filter(no_change=True).count()
    values = ReportValue.objects.visible_to(user).filter(
        report__date__range=(start, end), report__submitted_at__isnull=False
    )
    return Burden(counts["departments"], counts["reports"], no_change, values.count())
