"""Filters of ``GET complaints/`` (api.md)."""

import django_filters
from django.db.models import Q

from complaints.models import Complaint
from complaints.selectors.conditions import involved_q, nearly_due_q, overdue_q
from core import clock
from core.api.filters import BooleanFilter, ChoicesFilter, MomentFilter
from core.models import DeadlineRule
from core.selectors.calendar import work_calendar


class ComplaintFilter(django_filters.FilterSet):
    """``department`` leads now, ``involved`` leads or assists; ``due`` is the effective due time."""

    status = ChoicesFilter(choices=Complaint.Status.choices)
    type = ChoicesFilter(choices=DeadlineRule.ComplaintType.choices)
    urgency = django_filters.ChoiceFilter(choices=DeadlineRule.Urgency.choices)
    regime = django_filters.ChoiceFilter(choices=Complaint.Regime.choices)
    channel = django_filters.ChoiceFilter(choices=Complaint.Channel.choices)
    relevance = django_filters.ChoiceFilter(choices=Complaint.Relevance.choices)
    grade = django_filters.ChoiceFilter(choices=DeadlineRule.Grade.choices)
    department = django_filters.CharFilter("department__code")
    involved = django_filters.CharFilter(method="filter_involved")
    indicator = django_filters.CharFilter("indicator__code")
    overdue = BooleanFilter(method="filter_overdue")
    nearly_due = BooleanFilter(method="filter_nearly_due")
    received__gte = MomentFilter("received_at", "gte")
    received__lte = MomentFilter("received_at", "lte")
    due__gte = MomentFilter("due_at", "gte")
    due__lte = MomentFilter("due_at", "lte")

    class Meta:
        model = Complaint
        fields: list[str] = []

    def filter_involved(self, rows, name, value):
        """Keep what the department of that code leads or assists now."""
        return rows.filter(involved_q(value))

    def filter_overdue(self, rows, name, value):
        """Keep what is overdue now, or everything else."""
        return self._narrow(rows, overdue_q(clock.now()), value)

    def filter_nearly_due(self, rows, name, value):
        """Keep what is nearly due now, or everything else."""
        return self._narrow(rows, nearly_due_q(clock.now(), work_calendar()), value)

    @staticmethod
    def _narrow(rows, condition, is_wanted):
        if is_wanted:
            return rows.filter(condition)
        # Without a clock the condition is unknown, and NOT would drop the row: what has none is not late.
        return rows.filter(Q(clock_due_at=None) | ~condition)
