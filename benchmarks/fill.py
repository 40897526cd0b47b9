"""Ten years of daily reports before the demonstration's sixty-one days."""

import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection

from config.prepare import prepare
from core.dates import SHANGHAI
from core.selectors.calendar import work_calendar
from core.services.audit import seal_audit
from indicators.demo.history import PAST
from indicators.models import Assignment, DailyReport, Indicator, Observation

YEARS = 10


def fill() -> None:
    """Prepare an empty database and write 28 accepted reports for each working day of ten years."""
    prepare()
    latest = DailyReport.objects.unscoped("where the demonstration begins").order_by("date").first().date
    days = work_calendar().workdays(latest - timedelta(days=YEARS * 365), latest - timedelta(days=1))
    leads = dict(
        Assignment.objects.filter(role="lead", valid_to=None, indicator__level=1).values_list(
            "indicator_id", "department_id"
        )
    )
    leaves = dict(Indicator.objects.filter(level__gt=1, children=None).values_list("first_level_id", "id"))
    for number, day in enumerate(days):
        write_day(day, leads, leaves)
        if number % 250 == 0:
            sys.stdout.write(f"{day}  {number} of {len(days)} days\n")
    while seal_audit():
        pass  # as the worker does each minute
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what a database in use has done by itself: without it every plan is a guess


def write_day(day: date, leads: Mapping[int, int], leaves: Mapping[int, int]) -> None:
    """Write the reports of one day as they ended, a fifth of them with a value.

    Args:
        day: the reports' date.
        leads: the leading department's id by first-level indicator.
        leaves: one leaf's id by first-level indicator.
    """
    moment = datetime.combine(day, time(9), SHANGHAI)
    moments = dict.fromkeys(
        ("saved_at", "submitted_at", "reported_at", "first_submitted_at", "first_reported_at"), moment
    )
    rows = [
        {
            "indicator_id": indicator,
            "department_id": department,
            "date": day,
            "status": DailyReport.Status.ACCEPTED,
            "no_change": number % 5 != 0,
            "progress": "" if number % 5 else "按计划推进，材料已压减，窗口人员已培训。",
            "accepted_at": moment,
        }
        | moments
        for number, (indicator, department) in enumerate(leads.items())
    ]
    Observation.objects.bulk_create(
        Observation(
            indicator_id=leaves[report.indicator_id],
            first_level_id=report.indicator_id,
            value=Decimal(5) + day.toordinal() % 7,
            as_of=day,
            source=Observation.Source.REPORT,
            standing=Observation.Standing.ACCEPTED,
            report=report,
            entered_at=moment,
            accepted_at=moment,
        )
        for report in PAST.enter_many(DailyReport, rows)
        if not report.no_change
    )
