"""What one department sees on its daily page: the day's indicators, what may be made up, what is left to prove."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q

from core.clock import local_date
from core.kept import kept_for_reader
from core.settings_registry import setting
from indicators.models import Assignment, DailyReport, DateUnlock, Evidence, Indicator, Observation, ReportValue
from indicators.rules.report_dates import Closure, DispatchTimes, closure_of, is_late
from indicators.selectors.expectation import expectations, first_level_indicators, judge_closures, newest_unlocks
from indicators.selectors.report_leaves import ReportLeaf, report_leaves
from indicators.workflow.daily_reports import DAILY_REPORT, EDITABLE

Status = DailyReport.Status


@dataclass(frozen=True, slots=True)
class OwnIndicator:
    """One card of the daily page: an indicator one's department leads, and its report of the day, if any."""

    indicator: Indicator
    report: DailyReport | None
    closure: Closure
    is_expected: bool
    is_late: bool
    leaf_count: int
    last_change: date | None
    actions: tuple[str, ...]
    date: date

    @property
    def is_done(self) -> bool:
        """Whether nothing more is asked of the department for this day."""
        return self.report is not None and self.report.status in (Status.REPORTED, Status.ACCEPTED)

    @property
    def is_waiting(self) -> bool:
        """Whether the report lies with the head."""
        return self.report is not None and self.report.status == Status.SUBMITTED

    @property
    def may_write(self) -> bool:
        """Whether the form may be opened for writing."""
        return not self.closure.is_closed and (self.report is None or self.report.status in EDITABLE)

    @property
    def may_report_no_change(self) -> bool:
        """Whether 今日无变化 is offered: nothing was begun, or a draft that is still empty."""
        return self.may_write and (self.report is None or self.report.status == Status.DRAFT)


@kept_for_reader
def own_day(user, day: date, *, now: datetime, times: DispatchTimes) -> list[OwnIndicator]:
    """Return the cards of ``user``'s department for ``day``: what was expected, and what was reported besides."""
    department_id = user.scope_department_id
    wanted = {one.indicator_id for one in expectations(day, day, times=times, department_id=department_id)}
    reports = {
        report.indicator_id: report
        for report in judge_closures(
            DailyReport.objects.visible_to(user).filter(date=day, department=department_id), now=now, times=times
        )
    }
    indicators = list(first_level_indicators(pk__in={*wanted, *reports}))
    ids = [row.pk for row in indicators]
    unlocks = newest_unlocks(frozenset(ids), dates=frozenset([day]))
    leaves, changes = _leaf_counts(ids), _last_changes(ids)
    cards = []
    for indicator in indicators:
        report = reports.get(indicator.pk)
        closure = (
            report.closure
            if report
            else closure_of(
                day, now=now, times=times, unlocked_until=unlocks.get((indicator.pk, day)), reopened_until=None
            )
        )
        cards.append(
            OwnIndicator(
                indicator=indicator,
                date=day,
                report=report,
                closure=closure,
                is_expected=indicator.pk in wanted,
                is_late=report is not None and is_late(report.first_submitted_at or report.submitted_at, day, times),
                leaf_count=leaves.get(indicator.pk, 0),
                last_change=changes.get(indicator.pk),
                actions=tuple(act.name for act in DAILY_REPORT.available(report, user)) if report else (),
            )
        )
    return cards


def _leaf_counts(ids: list[int]) -> dict[int | None, int]:
    has_children = Exists(Indicator.objects.filter(parent=OuterRef("pk")))
    rows = Indicator.objects.filter(~has_children, first_level__in=ids, applicable=True)
    return dict(rows.order_by().values("first_level").annotate(leaves=Count("pk")).values_list("first_level", "leaves"))


def _last_changes(ids: list[int]) -> dict[int, date]:
    """Return the as-of date of each first-level indicator's newest accepted value."""
    rows = Observation.objects.unscoped("accepted values are everybody's").filter(
        first_level__in=ids, standing=Observation.Standing.ACCEPTED, withdrawn_at=None
    )
    return dict(
        rows.order_by().values("first_level_id").annotate(last=Max("as_of")).values_list("first_level_id", "last")
    )


# --- 补报 -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDay:
    """An earlier (indicator, date) that is still open and not reported: it will be late."""

    indicator: Indicator
    date: date
    until: datetime
    status: str | None
    reason: str = ""


@kept_for_reader
def open_days(user, *, now: datetime, times: DispatchTimes) -> list[OpenDay]:
    """Return what ``user``'s department may still make up for days before the report day, the oldest first.

    Open are yesterday until the lock, dates the office unlocked, and reports returned or sent back.
    """
    department_id = user.scope_department_id
    report_day = times.report_day(now)
    days = [times.calendar.previous_workday(report_day)]
    days = [day for day in days if now < times.lock_of(day)]
    pairs = {
        (one.indicator_id, one.date)
        for day in days
        for one in expectations(day, day, times=times, department_id=department_id)
    }
    unlocks = DateUnlock.objects.visible_to(user).filter(until__gt=now, date__lt=report_day)
    pairs |= set(unlocks.values_list("indicator_id", "date"))
    reopened = DailyReport.objects.visible_to(user).filter(
        department=department_id, open_until__gt=now, date__lt=report_day, status__in=EDITABLE
    )
    pairs |= set(reopened.values_list("indicator_id", "date"))
    return _still_open(pairs, department_id=department_id, now=now, times=times)


def _still_open(
    pairs: Iterable[tuple[int, date]], *, department_id: int, now: datetime, times: DispatchTimes
) -> list[OpenDay]:
    pairs = list(pairs)
    ids, days = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    led = Assignment.objects.filter(
        indicator__in=ids, role=Assignment.Role.LEAD, department=department_id, valid_to=None
    )
    indicators = Indicator.objects.in_bulk(set(led.values_list("indicator_id", flat=True)))
    reports = DailyReport.objects.unscoped("reports of one's own indicators").filter(indicator__in=ids, date__in=days)
    facts = {
        (indicator_id, day): (status, open_until, reason)
        for indicator_id, day, status, open_until, reason in reports.values_list(
            "indicator_id", "date", "status", "open_until", "return_reason"
        )
    }
    unlocks = newest_unlocks(frozenset(ids), dates=frozenset(days))
    rows = []
    for indicator_id, day in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        status, open_until, reason = facts.get((indicator_id, day), (None, None, ""))
        closure = closure_of(
            day,
            now=now,
            times=times,
            unlocked_until=unlocks.get((indicator_id, day)),
            reopened_until=open_until,
        )
        if indicator_id in indicators and not closure.is_closed and (status is None or status in EDITABLE):
            rows.append(OpenDay(indicators[indicator_id], day, closure.until, status, reason))
    return rows


# --- 核对数值, 佐证待补, 待审定 ----------------------------------------------------------------------


@kept_for_reader
def stale_values(user, *, now: datetime) -> list[ReportLeaf]:
    """Return the leaves beneath one's own indicators whose value is older than the setting (30 days)."""
    today = local_date(now)
    oldest = today - timedelta(days=setting("daily.confirm_after_days"))
    led = Assignment.objects.filter(
        role=Assignment.Role.LEAD, department=user.scope_department_id, valid_to=None
    ).values_list("indicator_id", flat=True)
    own = first_level_indicators(pk__in=led, applicable=True).values_list("pk", flat=True)
    leaves = report_leaves(own, on=today)
    return [leaf for rows in leaves.values() for leaf in rows if _is_stale(leaf, oldest)]


def _is_stale(leaf: ReportLeaf, oldest: date) -> bool:
    """Return whether the leaf has a value in force as of a day before ``oldest`` and none under review."""
    return leaf.accepted_as_of is not None and leaf.accepted_as_of < oldest and leaf.facts.pending is None


@dataclass(frozen=True, slots=True)
class EvidenceOwed:
    """A report whose evidence was to follow, and until when (佐证待补)."""

    report_id: int
    code: str
    name: str
    department: str
    due_on: date
    is_overdue: bool
    date: date


@kept_for_reader
def evidence_owed(user, *, now: datetime, times: DispatchTimes) -> list[EvidenceOwed]:
    """Return the reports ``user`` sees on which evidence was promised and none has come, the oldest first."""
    # Begins at the few promises, not at the many reports: one a day and indicator, for years.
    promised = ReportValue.objects.unscoped("below reports the user sees").filter(evidence_later=True)
    given = DailyReport.evidence.through.objects.filter(dailyreport=OuterRef("pk"))
    rows = (
        DailyReport.objects.visible_to(user)
        .filter(
            ~Exists(given),
            pk__in=promised.values("report"),
            status__in=[Status.REPORTED, Status.ACCEPTED, Status.SUBMITTED],
        )
        .order_by("date", "indicator__position")
        .values_list("pk", "indicator__code", "indicator__name", "department__short_name", "date", "submitted_at")
    )
    workdays, today = setting("daily.evidence_later_workdays"), local_date(now)
    owed = []
    for pk, code, name, department, day, submitted_at in rows:
        due_on = times.calendar.add_workdays(local_date(submitted_at), workdays)
        owed.append(EvidenceOwed(pk, code, name, department, due_on, today > due_on, day))
    return owed


def awaiting_approval(user):
    """Return the submitted reports of one's own department with their values, the oldest first, for its head."""
    rows = DailyReport.objects.visible_to(user).filter(status=Status.SUBMITTED, department=user.scope_department_id)
    rows = rows.select_related("indicator", "submitted_by").prefetch_related(_values_for(user))
    return rows.order_by("date", "indicator__position")


def awaiting_review(user, day: date | None = None):
    """Return the reports 已报 that wait for the office, with their values and whether evidence is to follow."""
    values = ReportValue.objects.unscoped("below reports the user sees")
    promised = values.filter(report=OuterRef("pk"), evidence_later=True)
    rows = DailyReport.objects.visible_to(user).filter(status=Status.REPORTED)
    if day is not None:
        rows = rows.filter(date=day)
    rows = rows.select_related("indicator", "department").prefetch_related(_values_for(user))
    return rows.annotate(evidence_promised=Exists(promised)).order_by("date", "indicator__position")


def _values_for(user) -> Prefetch:
    return Prefetch("values", ReportValue.objects.visible_to(user).select_related("indicator"))


def reusable_evidence(user, indicator: Indicator, *, limit: int = 20):
    """Return earlier evidence of one's own that may be reused for ``indicator``, the newest first."""
    own = Q(links__first_level=indicator) | Q(department=user.scope_department_id, links=None)
    return Evidence.objects.visible_to(user).filter(own).distinct().order_by(F("added_at").desc(), "-pk")[:limit]
