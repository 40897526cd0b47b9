"""The latest two working days, and what leads on from the reports: played through the services, act by act."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from indicators.demo.history import Cast
from indicators.demo.plan import EVIDENCE_LATER, RETURN_REASON, PlannedReport
from indicators.models import DailyReport
from indicators.services.daily_reports import (
    accept_report,
    approve_report,
    report_no_change,
    return_report,
    save_draft,
    submit_report,
)

Act = tuple[datetime, Callable[[datetime], object]]


def play(plan: Iterable[PlannedReport], cast: Cast, *, now: datetime) -> None:
    """Do every planned act whose moment has come by ``now``, in the order of the moments."""
    acts = [act for one in plan for act in _acts(one, cast)]
    for moment, act in sorted(acts, key=lambda act: act[0]):
        if moment <= now:
            act(moment)


def _acts(one: PlannedReport, cast: Cast) -> Iterator[Act]:
    """Yield the acts on one report with their moments."""
    reporter, head, office = cast.reporter(one.code), cast.head(one.code), cast.office
    if one.no_change:
        yield one.saved_at, partial(_report_no_change, one, cast)
    else:
        yield one.saved_at, partial(_save, one, cast)
        if one.submitted_at:
            yield one.submitted_at, partial(_move, submit_report, one, cast, actor=reporter)
        if one.approved_at:
            yield one.approved_at, partial(_move, approve_report, one, cast, actor=head)
    if one.returned_at:
        yield one.returned_at, partial(_move, return_report, one, cast, actor=office, reason=RETURN_REASON)
    if one.accepted_at:
        yield one.accepted_at, partial(_move, accept_report, one, cast, actor=office)


def _report_no_change(one: PlannedReport, cast: Cast, moment: datetime) -> DailyReport:
    return report_no_change(cast.indicators[one.code], day=one.day, actor=cast.reporter(one.code), now=moment)


def _save(one: PlannedReport, cast: Cast, moment: datetime) -> DailyReport:
    """Save the draft with everything that stands on it; changed values bring evidence along, or say it follows."""
    follows = one.code == EVIDENCE_LATER
    return save_draft(
        cast.indicators[one.code],
        day=one.day,
        actor=cast.reporter(one.code),
        now=moment,
        progress=one.progress,
        difficulty=one.difficulty,
        coordination=one.coordination,
        values=[{"indicator": code, "value": str(value), "evidence_later": follows} for code, value in one.values],
        evidence=[evidence.pk for evidence in cast.evidence[one.code][:1]] if one.values and not follows else [],
    )


def _move(service: Callable, one: PlannedReport, cast: Cast, moment: datetime, **arguments) -> DailyReport:
    """Call ``service`` on the report as it stands at ``moment``."""
    rows = DailyReport.objects.visible_to(arguments["actor"])
    return service(rows.get(indicator=cast.indicators[one.code], date=one.day), now=moment, **arguments)
