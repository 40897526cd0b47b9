"""What a dispatch class is proposed from: light, missed days, quiet days, and what upper apps add (domain §4)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max

from core.clock import local_date
from indicators.models import DispatchClass, Indicator, Observation
from indicators.rules.dispatch_classes import QUIET_WORKDAYS, Record
from indicators.rules.report_dates import DispatchTimes
from indicators.selectors.completeness import counted
from indicators.selectors.expectation import first_level_indicators
from indicators.selectors.scores import catalogue_scores

#: (today) -> sentences by first-level code: open issues, overdue items, complaints. Apps above register theirs
#: in ``ready()``, because this app knows neither.
OpenMatters = Callable[[date], Mapping[str, list[str]]]

_registry: dict[str, OpenMatters] = {}


def register_open_matters(name: str, function: OpenMatters) -> None:
    """Let the app ``name`` contribute to the weekly proposals; registering again replaces."""
    _registry[name] = function


def dispatch_records(*, now: datetime, times: DispatchTimes) -> list[tuple[Indicator, Record]]:
    """Return every applicable first-level indicator of the active set with its record, in catalogue order."""
    today = local_date(now)
    lights = {row.code: row.light for row in catalogue_scores(today, now).first_level()}
    missed, changed, matters = _missed(today, now, times), _last_changes(), _open_matters(today)
    return [
        (
            row,
            Record(
                light=lights[row.code],
                missed=missed[row.pk],
                unchanged_workdays=_workdays_since(changed.get(row.pk), today, times),
                open_matters=matters[row.code],
            ),
        )
        for row in first_level_indicators(applicable=True)
    ]


def _missed(today: date, now: datetime, times: DispatchTimes) -> Counter:
    """Count the reports of the last working days, today not among them, that never reached 已报."""
    first = times.calendar.add_workdays(today, -QUIET_WORKDAYS)
    last = times.calendar.previous_workday(today)
    pairs = counted(first, last, cut_off=now, times=times)
    return Counter(wanted.indicator_id for wanted, arrival in pairs if arrival is None)


def _last_changes() -> dict[int, date]:
    """Return the as-of date of each first-level indicator's newest accepted value that is no mere confirmation."""
    rows = Observation.objects.unscoped("nightly proposal: every indicator").filter(
        standing=Observation.Standing.ACCEPTED, withdrawn_at=None
    )
    # A confirmation repeats the value it follows.
    news = rows.exclude(supersedes__isnull=False, supersedes__value=F("value"))
    return dict(
        news.order_by().values("first_level_id").annotate(last=Max("as_of")).values_list("first_level_id", "last")
    )


def _open_matters(today: date) -> Mapping[str, list[str]]:
    sentences: dict[str, list[str]] = defaultdict(list)
    for name in sorted(_registry):
        for code, lines in _registry[name](today).items():
            sentences[code].extend(lines)
    return sentences


def _workdays_since(day: date | None, today: date, times: DispatchTimes) -> int | None:
    if day is None:
        return None
    first_year = times.calendar.first_year
    start = day if first_year is None else max(day, date(first_year, 1, 1))
    return max(times.calendar.workdays_between(start, today), 0)


def classes_in_force(day: date) -> dict[int, str]:
    """Return the class of each first-level indicator of the active set on ``day``."""
    installed = dict(first_level_indicators().values_list("pk", "frequency"))
    rows = DispatchClass.objects.filter(effective_from__lte=day, indicator__in=installed).order_by("effective_from")
    return installed | dict(rows.values_list("indicator_id", "frequency"))


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One indicator with its class in force."""

    code: str
    name: str
    frequency: str
    label: str


def class_lines(day: date) -> list[ClassLine]:
    """Return every first-level indicator of the active set with its class on ``day``, in catalogue order."""
    in_force, labels = classes_in_force(day), dict(Indicator.Frequency.choices)
    rows = first_level_indicators().values_list("pk", "code", "name")
    return [ClassLine(code, name, in_force[pk], labels[in_force[pk]]) for pk, code, name in rows]
