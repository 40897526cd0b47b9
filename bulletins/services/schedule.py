"""Drafting by the clock: what is due, oldest first, missed ones made up for, never a twin (domain §8)."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.selectors import people_with_permission
from accounts.services import notify
from bulletins.models import Bulletin, ReportRun, ReportSchedule
from bulletins.rules.bulletins import may_draft
from bulletins.rules.schedule import DEFAULTS, OFF_AT_FIRST, Occasion
from bulletins.selectors.schedule import due_occasions, early_draft, failures_by_period, latest_period
from bulletins.services.drafting import draft_bulletin, renew_draft
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.dates import Period
from core.exceptions import DomainError, InvalidInput, NotAllowed
from core.ledger import take_turn
from core.selectors.calendar import work_calendar
from core.workflow import swap

logger = logging.getLogger(__name__)
#: A period whose drafting failed is tried again after this long, not every ten minutes.
RETRY_AFTER = timedelta(hours=1)
Outcome = ReportRun.Outcome


def install_schedules(*, now: datetime) -> None:
    """Set up every kind's schedule where it is missing; drafting begins on the day of ``now`` (Asia/Shanghai)."""
    for rule in DEFAULTS:
        ReportSchedule.objects.get_or_create(
            kind=rule.kind,
            defaults={
                "enabled": rule.kind not in OFF_AT_FIRST,
                "weekday": rule.weekday,
                "day_of_month": rule.day_of_month,
                "month": rule.month,
                "at": rule.at,
                "drafting_from": local_date(now),
            },
        )


def draft_due(*, now: datetime) -> list[Bulletin]:
    """Draft everything that is due at the aware ``now`` and return what was drafted; one failure stops no other."""
    install_schedules(now=now)
    drafted = []
    for schedule in ReportSchedule.objects.filter(enabled=True).order_by("id"):
        failed = failures_by_period(schedule.kind)
        for occasion in due_occasions(schedule, now=now, calendar=work_calendar()):
            last_failure = failed.get(occasion.period.text)
            if last_failure is not None and now - last_failure < RETRY_AFTER:
                continue
            bulletin = _run(schedule, occasion, now=now)
            drafted += [bulletin] if bulletin is not None else []
    return drafted


def _run(schedule: ReportSchedule, occasion: Occasion, *, now: datetime) -> Bulletin | None:
    """Draft one paper in its own transaction and put the run on record, failed ones too."""
    try:
        with transaction.atomic():
            take_turn("bulletins.draft", now=now)
            # Another scheduler may have drafted it while this one waited for its turn.
            due = due_occasions(schedule, now=now, calendar=work_calendar())
            if occasion.period.text not in {one.period.text for one in due}:
                return None
            if early := early_draft(occasion):
                bulletin = renew_draft(early, actor=None, now=now)
            else:
                bulletin, _ = draft_bulletin(occasion.kind, occasion.period, actor=None, now=now)
            _record(occasion.kind, occasion.period, occasion.planned_at, Outcome.DONE, bulletin=bulletin, now=now)
            tell_drafted(bulletin, now=now)
            return bulletin
    except Exception as error:
        # Whatever went wrong with one paper: the office sees it on the schedule page, the others are drafted.
        logger.exception("drafting %s for %s failed", occasion.kind, occasion.period.text)
        detail = error.detail if isinstance(error, DomainError) else "系统出错，已记入日志"
        _record(occasion.kind, occasion.period, occasion.planned_at, Outcome.FAILED, detail=str(detail), now=now)
        return None


def _record(
    kind: str, period: Period, planned_at: datetime, outcome: str, *, now: datetime, **fields: Any
) -> ReportRun:
    return ReportRun.objects.create(
        kind=kind,
        period=period.text,
        planned_at=planned_at,
        started_at=now,
        finished_at=now,
        outcome=outcome,
        **fields,
    )


def tell_drafted(bulletin: Bulletin, *, now: datetime) -> None:
    """Tell R1 R2 that a draft waits to be read."""
    notify(
        people_with_permission(Permission.DRAFT_BULLETINS),
        kind="bulletin.drafted",
        title=f"{bulletin.get_kind_display()}（{bulletin.period}）已生成草稿，请审阅",
        url=bulletin.get_absolute_url(),
        key=f"bulletin:{bulletin.pk}:drafted",
        now=now,
    )


def run_now(schedule: ReportSchedule, *, actor, now: datetime) -> Bulletin:
    """Draft the newest period of a kind at once (R1 R2).

    Raises what ``draft_bulletin`` raises; InvalidInput where no period has ended yet.
    """
    period = latest_period(schedule, now=now, calendar=work_calendar())
    if period is None:
        raise InvalidInput("还没有可以生成的期间")
    with transaction.atomic():
        bulletin, _ = draft_bulletin(schedule.kind, period, actor=actor, now=now)
        _record(schedule.kind, period, now, Outcome.DONE, bulletin=bulletin, started_by=actor, now=now)
    return bulletin


@transaction.atomic
def skip_period(schedule: ReportSchedule, period: Period, *, reason: str, actor, now: datetime) -> ReportRun:
    """Decide that a period gets no paper of its own, such as a holiday week (R1 R2)."""
    check_may_schedule(actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明不生成的理由", code="required")
    run = _record(schedule.kind, period, now, Outcome.SKIPPED, detail=reason.strip(), started_by=actor, now=now)
    record_event(
        actor=actor,
        action="bulletins.schedule.skip",
        target=schedule,
        after={"period": period.text},
        purpose=reason.strip(),
        now=now,
    )
    return run


def check_may_schedule(actor) -> None:
    """Raise NotAllowed unless R1 R2."""
    if not may_draft(actor, None):
        raise NotAllowed("生成计划由县营商办设定")


@transaction.atomic
def change_schedule(schedule: ReportSchedule, *, actor, now: datetime, **changes: Any) -> ReportSchedule:
    """Set when a kind is drafted, or whether at all (R1 R2); before and after are audited."""
    check_may_schedule(actor)
    columns = {name: value for name, value in changes.items() if getattr(schedule, name) != value}
    if not columns:
        return schedule
    before = {name: getattr(schedule, name) for name in columns}
    swap(schedule, **columns)
    record_event(
        actor=actor, action="bulletins.schedule.change", target=schedule, before=before, after=columns, now=now
    )
    return schedule
