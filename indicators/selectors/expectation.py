"""Which reports were wanted from whom on which day, and whether a date is still open (domain §4)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F, Q

from core.exceptions import InvalidInput
from core.kept import kept, kept_through_drafts
from core.selectors.calendar import work_calendar
from core.settings_registry import settings_in_force
from indicators.models import Assignment, DailyReport, DateUnlock, DispatchClass, Indicator, IndicatorSet
from indicators.rules.report_dates import DispatchTimes, closure_of, is_due_on

ONE_DAY = timedelta(days=1)
_SETTINGS = {
    "cut_off": "daily.cut_off",
    "remind_at": "daily.remind_at",
    "lock_at": "daily.lock_at",
    "reopened_until": "daily.reopened_until",
    "reopened_workdays": "daily.reopened_workdays",
}


class Expectation(NamedTuple):
    """One report that was wanted: which indicator, which day, and the department that led on that day."""

    indicator_id: int
    date: date
    department_id: int


@kept_through_drafts
def dispatch_times() -> DispatchTimes:
    """Return the calendar and the times of day in force; two queries, once a page."""
    values = settings_in_force(*_SETTINGS.values())
    return DispatchTimes(calendar=work_calendar(), **{field: values[name] for field, name in _SETTINGS.items()})


# --- Is the date open? --------------------------------------------------------------------------


def judge_closure(report: DailyReport, *, now: datetime, times: DispatchTimes | None = None) -> DailyReport:
    """Put on ``report`` whether its department may still write on it at the aware ``now``; return it."""
    return judge_closures([report], now=now, times=times)[0]


def judge_closures(
    reports: Iterable[DailyReport], *, now: datetime, times: DispatchTimes | None = None
) -> list[DailyReport]:
    """Put on each report whether its department may still write on it; one query for all unlocks."""
    reports = list(reports)
    times = times or dispatch_times()
    unlocks = newest_unlocks(
        frozenset(report.indicator_id for report in reports), dates=frozenset(report.date for report in reports)
    )
    for report in reports:
        report.closure = closure_of(
            report.date,
            now=now,
            times=times,
            unlocked_until=unlocks.get((report.indicator_id, report.date)),
            reopened_until=report.open_until,
        )
    return reports


@kept
def newest_unlocks(indicator_ids: frozenset[int], *, dates: frozenset[date]) -> dict[tuple[int, date], datetime]:
    """Return until when the office's newest unlock opens each (indicator, date); a newer one may shorten it."""
    rows = DateUnlock.objects.unscoped("the lock is the same for whoever asks")
    rows = rows.filter(indicator__in=indicator_ids, date__in=dates).order_by("unlocked_at", "pk")
    return {(row["indicator_id"], row["date"]): row["until"] for row in rows.values("indicator_id", "date", "until")}


# --- Who was to report? -------------------------------------------------------------------------


class _History:
    """Values by the date from which they hold, e.g. the dispatch classes of one indicator."""

    def __init__(self):
        self.starts: list[date] = []
        self.values: list = []

    def add(self, start: date, value) -> None:
        """Append a value; call in order of ``start``."""
        self.starts.append(start)
        self.values.append(value)

    def on(self, day: date):
        """Return the value in force on ``day``, None before the first."""
        position = bisect_right(self.starts, day)
        return self.values[position - 1] if position else None


_NOTHING = _History()


def first_level_indicators(**filters):
    """Return the first-level indicators of the active set in catalogue order, as a queryset."""
    return Indicator.objects.filter(level=1, indicator_set__active=True, **filters)


def first_level_by_code(code: str, *, field: str) -> Indicator:
    """Return the first-level indicator ``code`` of the active set; InvalidInput at ``field`` when there is none."""
    indicator = first_level_indicators(code=code).first()
    if indicator is None:
        raise InvalidInput.at(field, f"没有一级指标 {code}", code="not_found")
    return indicator


def lead_departments(day: date, indicator_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Return the leading department's id on ``day`` by indicator; of two, the one that began later."""
    rows = Assignment.objects.filter(role=Assignment.Role.LEAD, valid_from__lte=day)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("valid_from", "pk")
    if indicator_ids is not None:
        rows = rows.filter(indicator__in=list(indicator_ids))
    return dict(rows.values_list("indicator_id", "department_id"))


def lead_department_id(indicator: Indicator, day: date) -> int | None:
    """Return which department led ``indicator`` on ``day``."""
    return lead_departments(day, [indicator.pk]).get(indicator.pk)


class Span(NamedTuple):
    """What was wanted of one indicator while its set, class and leading department stayed the same."""

    indicator_id: int
    department_id: int
    days: Sequence[date]


def expectations(
    start: date, end: date, *, times: DispatchTimes, department_id: int | None = None
) -> list[Expectation]:
    """Return every report wanted on ``start``..``end``, by date and catalogue order."""
    spans = wanted_spans(start, end, times=times, department_id=department_id)
    wanted = [Expectation(span.indicator_id, day, span.department_id) for span in spans for day in span.days]
    wanted.sort(key=attrgetter("date"))  # which leaves those of one day in the order of the catalogue
    return wanted


def wanted_spans(start: date, end: date, *, times: DispatchTimes, department_id: int | None = None) -> Iterator[Span]:
    """Yield what was wanted on ``start``..``end``, in catalogue order and of each indicator by date.

    Wanted is a report on each due day of the class in force then, of each applicable first-level indicator of the
    set in force then, from the department that led then. Five queries, however long the period.
    """
    calendar = times.calendar
    if calendar.first_year is not None:
        start = max(start, date(calendar.first_year, 1, 1))
    known, due = _duties(), _due_days(start, end, times=times)
    for indicator_id, of_set, installed in known.indicators:
        classes, leads = known.classes.get(indicator_id, _NOTHING), known.leads.get(indicator_id, _NOTHING)
        changes = {day for history in (known.sets, classes, leads) for day in history.starts if start < day <= end}
        for first, following in pairwise([start, *sorted(changes), end + ONE_DAY]):
            lead = leads.on(first)
            if known.sets.on(first) == of_set and lead is not None and department_id in (None, lead):
                days = due[classes.on(first) or installed]
                yield Span(indicator_id, lead, days[bisect_left(days, first) : bisect_left(days, following)])


@kept_through_drafts
def _due_days(start: date, end: date, *, times: DispatchTimes) -> dict[str, list[date]]:
    """Return the due days of each dispatch class, in order."""
    days = times.calendar.workdays(start, end)
    return {
        frequency: [day for day in days if is_due_on(day, frequency, times.calendar)]
        for frequency in Indicator.Frequency.values
    }


@dataclass(frozen=True, slots=True)
class _Duties:
    """Everything that decides who was to report when: sets by date, (id, set, frequency) of the indicators in
    catalogue order, their classes and leading departments.
    """

    sets: _History
    indicators: list[tuple[int, int, str]]
    classes: Mapping[int, _History]
    leads: Mapping[int, _History]


@kept_through_drafts
def _duties() -> _Duties:
    sets = _sets_by_date()
    indicators = Indicator.objects.filter(
        level=1, applicable=True, indicator_set__in=[pk for pk in sets.values if pk]
    ).order_by("position", "id")
    rows = list(indicators.values_list("id", "indicator_set_id", "frequency"))
    return _Duties(sets, rows, _dispatch_classes(), _leads())


def _sets_by_date() -> _History:
    """Return which set was in force from when: the active one, and before its start its predecessors."""
    history = _History()
    active = IndicatorSet.objects.filter(active=True).values_list("pk", "activates_on").first()
    if active is None:
        return history
    earlier = IndicatorSet.objects.filter(active=False, activates_on__isnull=False).order_by("activates_on")
    if active[1] is not None:
        for pk, start in earlier.filter(activates_on__lt=active[1]).values_list("pk", "activates_on"):
            history.add(start or date.min, pk)
    # The first set has no predecessor whose reports it could be confused with.
    history.add(active[1] if history.starts and active[1] else date.min, active[0])
    return history


def _dispatch_classes() -> dict[int, _History]:
    """Return the dispatch classes of each indicator by the date from which they hold."""
    histories: dict[int, _History] = defaultdict(_History)
    rows = DispatchClass.objects.order_by("effective_from").values_list("indicator_id", "effective_from", "frequency")
    for indicator_id, start, frequency in rows:
        histories[indicator_id].add(start, frequency)
    return histories


def _leads() -> dict[int, _History]:
    """Return who led each indicator by the date from which it holds; None where nobody did."""
    assignments: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    rows = Assignment.objects.filter(role=Assignment.Role.LEAD).order_by(F("valid_from").desc(), "-pk")
    columns = ("indicator_id", "valid_from", "valid_to", "department_id")
    for indicator_id, start, end, department_id in rows.values_list(*columns):
        assignments[indicator_id].append((start, end, department_id))
    return {indicator_id: _history_of(duties) for indicator_id, duties in assignments.items()}


def _history_of(duties: Sequence[tuple[date, date | None, int]]) -> _History:
    """Return who led when by ``duties``, the latest beginning first; of two at once, the one that began later."""
    history = _History()
    for day in sorted({start for start, _, _ in duties} | {end + ONE_DAY for _, end, _ in duties if end}):
        history.add(
            day, next((lead for start, end, lead in duties if start <= day and (end is None or day <= end)), None)
        )
    return history
