"""Filters of ``GET issues/`` (api.md)."""

import django_filters

from core import clock
from core.api.filters import BooleanFilter, ChoicesFilter
from core.selectors.calendar import work_calendar
from supervision.models import Inspection, Issue
from supervision.selectors.conditions import about_q, involved_q, nearly_due_q, overdue_q, without_clock_or


class IssueFilter(django_filters.FilterSet):
    """``department`` leads now, ``involved`` leads or assists; ``due`` is the date that binds."""

    status = ChoicesFilter(choices=Issue.Status.choices)
    source = ChoicesFilter(choices=Issue.Source.choices)
    limit_kind = ChoicesFilter(choices=Issue.LimitKind.choices)
    category = ChoicesFilter(choices=Issue.Category.choices)
    severity = ChoicesFilter(choices=Issue.Severity.choices)
    department = django_filters.CharFilter("department__code")
    involved = django_filters.CharFilter(method="filter_involved")
    indicator = django_filters.CharFilter(method="filter_indicator")
    inspection = django_filters.NumberFilter(method="filter_inspection", min_value=1, max_value=2**63 - 1)
    relapsed = BooleanFilter()
    overdue = BooleanFilter(method="filter_overdue")
    nearly_due = BooleanFilter(method="filter_nearly_due")
    found_on__gte = django_filters.DateFilter("found_on", "gte")
    found_on__lte = django_filters.DateFilter("found_on", "lte")
    due_on__gte = django_filters.DateFilter("due_on", "gte")
    due_on__lte = django_filters.DateFilter("due_on", "lte")

    class Meta:
        model = Issue
        fields: list[str] = []

    def filter_involved(self, rows, name, value):
        """Keep what the department of that code leads or assists now."""
        return rows.filter(involved_q(value))

    def filter_indicator(self, rows, name, value):
        """Keep what concerns the indicator or one beneath it."""
        return rows.filter(about_q(value))

    def filter_inspection(self, rows, name, value):
        """Keep the findings of an inspection the caller may read; departments read none."""
        return rows.filter(inspection__in=Inspection.objects.visible_to(self.request.user).filter(pk=int(value)))

    def filter_overdue(self, rows, name, value):
        """Keep what is overdue today, or everything else."""
        return self._narrow(rows, overdue_q(clock.today()), value)

    def filter_nearly_due(self, rows, name, value):
        """Keep what is nearly due today, or everything else."""
        return self._narrow(rows, nearly_due_q(clock.today(), work_calendar()), value)

    @staticmethod
    def _narrow(rows, condition, is_wanted):
        return rows.filter(condition if is_wanted else without_clock_or(condition))
