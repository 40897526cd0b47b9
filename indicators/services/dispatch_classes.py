"""精准分类调度: the system proposes a class once a week, R2 decides with one tap and a reason (domain §4)."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.ledger import claim_run
from indicators.models import DispatchClass, DispatchClassProposal, Indicator
from indicators.rules.dispatch_classes import grounds_of, proposed_class
from indicators.selectors.dispatch_records import classes_in_force, dispatch_records
from indicators.selectors.expectation import dispatch_times

LEDGER = "dispatch_classes"
#: Before any decision the installed class has always held.
ALWAYS = date(2000, 1, 1)
Decision = DispatchClassProposal.Decision


@transaction.atomic
def propose_due(*, now: datetime) -> list[DispatchClassProposal]:
    """Propose a class wherever it differs from the one in force, once a week; on rest days nothing happens.

    What was proposed earlier and is not decided yet gives way to this week's proposals.
    """
    times, today = dispatch_times(), local_date(now)
    if not times.calendar.is_workday(today):
        return []
    week = week_of(today)
    if not claim_run(LEDGER, week, now=now):
        return []
    in_force = classes_in_force(today)
    DispatchClassProposal.objects.filter(decision=Decision.OPEN).update(
        decision=Decision.DECLINED, decided_at=now, reason="由新一周的建议代替"
    )
    proposals = DispatchClassProposal.objects.bulk_create(
        DispatchClassProposal(
            indicator=indicator,
            week=week,
            proposed=proposed_class(record),
            grounds=grounds_of(record),
            proposed_at=now,
        )
        for indicator, record in dispatch_records(now=now, times=times)
        if proposed_class(record) != in_force[indicator.pk]
    )
    if proposals:
        notify(
            people_with_permission(Permission.CONFIRM_DISPATCH_CLASS),
            kind="dispatch_class.proposed",
            title=f"有 {len(proposals)} 项指标建议调整调度类别，待确认",
            url=reverse("indicators:dispatch_classes"),
            key=f"dispatch_class:{week}",
            now=now,
        )
    return proposals


def week_of(day: date) -> str:
    """Return the ISO week of ``day``, ``2026W48``."""
    year, week, _ = day.isocalendar()
    return f"{year}W{week:02}"


@transaction.atomic
def decide_proposal(
    proposal: DispatchClassProposal, *, is_confirmed: bool, reason: str, actor, now: datetime
) -> DispatchClassProposal:
    """Confirm or decline a proposal (R2) with a reason; a confirmed class holds from the next working day.

    Raises:
        NotAllowed: the actor is not R2.
        RuleViolation: somebody has decided already.
        InvalidInput: no reason.
    """
    if not actor.can(Permission.CONFIRM_DISPATCH_CLASS):
        raise NotAllowed("调度类别由县营商办审核人确认")
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明理由", code="required")
    decision = Decision.CONFIRMED if is_confirmed else Decision.DECLINED
    mine = DispatchClassProposal.objects.filter(pk=proposal.pk, decision=Decision.OPEN)
    if not mine.update(decision=decision, decided_by=actor, decided_at=now, reason=reason.strip()):
        raise RuleViolation("这一条已有人处理，请刷新后再看")
    proposal.refresh_from_db()
    if is_confirmed:
        set_dispatch_class(proposal.indicator, frequency=proposal.proposed, reason=reason, actor=actor, now=now)
    record_event(
        actor=actor,
        action="indicators.dispatchclassproposal.decide",
        target=proposal,
        after={"indicator": proposal.indicator.code, "proposed": proposal.proposed, "decision": decision},
        purpose=reason.strip(),
        now=now,
    )
    return proposal


@transaction.atomic
def set_dispatch_class(indicator: Indicator, *, frequency: str, reason: str, actor, now: datetime) -> DispatchClass:
    """Put a class in force from the next working day on (R2), keeping what held before for past figures."""
    if not actor.can(Permission.CONFIRM_DISPATCH_CLASS):
        raise NotAllowed("调度类别由县营商办审核人确认")
    start = dispatch_times().calendar.next_workday(local_date(now))
    before = classes_in_force(start).get(indicator.pk, indicator.frequency)
    DispatchClass.objects.get_or_create(
        indicator=indicator,
        effective_from=ALWAYS,
        defaults={"frequency": indicator.frequency, "reason": "安装时的类别", "decided_at": now},
    )
    row, _ = DispatchClass.objects.update_or_create(
        indicator=indicator,
        effective_from=start,
        defaults={"frequency": frequency, "reason": reason.strip(), "decided_by": actor, "decided_at": now},
    )
    Indicator.objects.filter(pk=indicator.pk).update(frequency=frequency)
    record_event(
        actor=actor,
        action="indicators.dispatchclass.set",
        target=row,
        before={"frequency": before},
        after={"indicator": indicator.code, "frequency": frequency, "effective_from": start},
        purpose=reason.strip(),
        now=now,
    )
    return row
