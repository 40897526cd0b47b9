"""What happens below that indicators must answer to: a unit that is to be closed (domain §2)."""

from datetime import date

from django.db.models import Max, Q

from core.exceptions import RuleViolation
from indicators.models import Assignment, IndicatorSet

MOST_NAMED = 3


def keep_units_that_lead(sender, department, on: date, **kwargs) -> None:
    """Refuse to close a unit that would still lead an indicator after ``on``, in the set in force or one prepared.

    The office hands the lead over first, so that no indicator is left without one. What the unit led in sets of
    the past is history and stays.
    """
    in_force = IndicatorSet.objects.filter(active=True).aggregate(year=Max("year"))["year"]
    prepared = Q(indicator__indicator_set__year__gt=in_force) if in_force is not None else Q()
    leads = Assignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(indicator__indicator_set__active=True) | prepared,
        department=department,
        role=Assignment.Role.LEAD,
    )
    codes = sorted(set(leads.values_list("indicator__code", flat=True)))
    if codes:
        named = "、".join(codes[:MOST_NAMED]) + (f" 等 {len(codes)} 项" if len(codes) > MOST_NAMED else "")
        raise RuleViolation(f"{department.short_name}还牵头指标 {named}，请先改由其他单位牵头", code="leads_indicators")
