"""Daily dispatch in the period: how much came, and which indicators missed three or more dates (domain §4, §8)."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.urls import reverse

from bulletins.selectors.parts import Asked, Part
from core.clock import local_date
from core.formats import MISSING
from departments.models import Department
from indicators.models import Indicator
from indicators.selectors.completeness import completeness, counted
from indicators.selectors.expectation import dispatch_times

#: From how many missed dates on an indicator is named.
MISSED_DATES = 3
TWO_WEEKS = timedelta(days=14)


def reporting_part(asked: Asked) -> Part:
    """Return 应报, 已报 and 按时 as totals; no unit's rate of reporting is printed (domain §8, 三)."""
    times = dispatch_times()
    found = completeness(asked.start, asked.end, cut_off=asked.cut_off, times=times)
    part, total = Part(), found.total
    url = _page(asked)
    for name, value, label in (
        ("reports.expected", total.expected, "日调度应报"),
        ("reports.actual", total.actual, "日调度已报"),
        ("reports.on_time", total.actual_on_time, "日调度按时报送"),
    ):
        part.bind(name, value, label=label, url=url, group="reports")
    part.bind("reports.rate", total.rate, label="报送率", url=url, group="reports", text=_percent(total.rate))
    part.bind(
        "reports.rate_on_time",
        total.rate_on_time,
        label="按时报送率",
        url=url,
        group="reports",
        text=_percent(total.rate_on_time),
    )
    missed = missed_dates(asked, times)
    part.tables["missed"] = [row for row in missed if row["missed"] >= MISSED_DATES]
    if asked.start == asked.end:
        part.tables["unreported"] = missed
    for row in part.tables["missed"]:
        part.bind(
            f"{row['code']}.missed",
            row["missed"],
            label=f"{row['name']}未报次数",
            url=reverse("indicators:detail", args=[row["code"]]),
        )
    last = min(asked.end, local_date(asked.cut_off))
    part.facts["workdays"] = len(times.calendar.workdays(asked.start, last))
    return part


def _page(asked: Asked) -> str:
    """Return where the counts stand: the board of a day, completeness of a week, or of the last month of more."""
    day = f"?date={asked.end:%Y-%m-%d}"
    if asked.start == asked.end:
        return reverse("indicators:dispatch") + day
    is_long = asked.end - asked.start > TWO_WEEKS
    return reverse("indicators:dispatch_completeness") + day + ("&view=month" if is_long else "")


def _percent(rate) -> str:
    return MISSING if rate is None else f"{rate}%"


def missed_dates(asked: Asked, times) -> list[dict[str, Any]]:
    """Return the indicators that missed a date as at the cut-off, how many, and the department that led."""
    missed: Counter = Counter()
    leads: dict[int, int] = {}
    for wanted, arrival in counted(asked.start, asked.end, cut_off=asked.cut_off, times=times):
        if arrival is None:
            missed[wanted.indicator_id] += 1
            leads[wanted.indicator_id] = wanted.department_id
    names = Indicator.objects.filter(pk__in=missed).order_by("code").values("id", "code", "name")
    units = Department.objects.in_bulk(set(leads.values()))
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "missed": missed[row["id"]],
            "department": units[leads[row["id"]]].name,
            "unit": units[leads[row["id"]]].short_name,
        }
        for row in names
    ]
