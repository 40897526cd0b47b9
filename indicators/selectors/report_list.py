"""The list of daily reports as plain lines: one page of it, and all of it for an export (ui.md)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from indicators.models import Coordination, DailyReport
from indicators.rules.report_dates import DispatchTimes, is_late
from indicators.selectors.report_rows import COLUMNS

PAGE_SIZE = 50
_STATUS = dict(DailyReport.Status.choices)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row of the list of reports."""

    id: int
    code: str
    name: str
    department: str
    status: str
    status_label: str
    no_change: bool
    is_late: bool
    needs_coordination: bool
    submitted_at: datetime | None
    date: date


def day_or_none(text: str | None) -> date | None:
    """Return the date an address names; None for anything unreadable."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


#: The filters of the list's address; what cannot be read does not filter.
_FILTERS: dict[str, Callable[[str], Q | None]] = {
    "from_day": lambda text: Q(date__gte=day) if (day := day_or_none(text)) else None,
    "to_day": lambda text: Q(date__lte=day) if (day := day_or_none(text)) else None,
    "department": lambda text: Q(department__code=text),
    "status": lambda text: Q(status=text) if text in _STATUS else None,
    "search": lambda text: Q(indicator__name__icontains=text) | Q(indicator__code__iexact=text),
}


def matching_reports(user, asked: Mapping[str, Any]) -> QuerySet[DailyReport]:
    """Return the reports ``user`` may see under the filters ``asked`` (name to text), the newest first."""
    rows = DailyReport.objects.visible_to(user)
    for name, condition in _FILTERS.items():
        text = str(asked.get(name) or "").strip()
        if text and (wanted := condition(text)) is not None:
            rows = rows.filter(wanted)
    return rows.order_by("-date", "indicator__position", "pk")


def report_page(rows: QuerySet[DailyReport], *, number: str | None, times: DispatchTimes) -> Page:
    """Return one page of ``rows`` as plain lines."""
    page = Paginator(rows.values(*COLUMNS), PAGE_SIZE).get_page(number)
    page.object_list = [_line(row, times) for row in page.object_list]
    return page


def report_lines(rows: QuerySet[DailyReport], *, times: DispatchTimes) -> Iterable[ReportLine]:
    """Yield every one of ``rows`` as a line, without holding them all."""
    return (_line(row, times) for row in rows.values(*COLUMNS).iterator(chunk_size=1_000))


def _line(row: Mapping[str, Any], times: DispatchTimes) -> ReportLine:
    return ReportLine(
        id=row["id"],
        code=row["indicator__code"],
        name=row["indicator__name"],
        date=row["date"],
        department=row["department__short_name"],
        status=row["status"],
        status_label=_STATUS[row["status"]],
        no_change=row["no_change"],
        is_late=is_late(row["first_submitted_at"] or row["submitted_at"], row["date"], times),
        needs_coordination=row["coordination"] != Coordination.SELF,
        submitted_at=row["submitted_at"],
    )
