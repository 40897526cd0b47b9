"""核对数值 in one tap: 「仍为 6 天」 (domain §4)."""

from datetime import datetime

from django.db import transaction

from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import NotAllowed, RuleViolation
from indicators.models import Indicator, Observation
from indicators.selectors.expectation import lead_department_id


@transaction.atomic
def confirm_value(leaf: Indicator, *, actor, now: datetime) -> Observation:
    """State that the value in force of ``leaf`` still holds today (R4 R5 of the lead department).

    A new observation with the same value as of today, accepted at once: the office has accepted this value, and
    there is nothing new to review. It needs no report, no evidence and no open date.

    Raises:
        NotAllowed: the actor's department does not lead the leaf's first-level indicator.
        RuleViolation: there is no value yet, or a new one is under review.
    """
    first_level = leaf.first_level or leaf
    today = local_date(now)
    lead = lead_department_id(first_level, today)
    if lead is None or lead != actor.scope_department_id or not actor.can(Permission.REPORT):
        raise NotAllowed("数值由牵头单位填报员或负责人核对")
    values = Observation.objects.unscoped("the values of a leaf already checked").filter(
        indicator=leaf, withdrawn_at=None
    )
    if values.filter(standing=Observation.Standing.PENDING).exists():
        raise RuleViolation("该指标有新数值待采纳，不用核对")
    current = values.filter(standing=Observation.Standing.ACCEPTED).order_by("-as_of", "-accepted_at", "-pk").first()
    if current is None:
        raise RuleViolation("该指标还没有数值，请在日报中填写")
    confirmed = Observation.objects.create(
        indicator=leaf,
        first_level=first_level,
        value=current.value,
        as_of=max(today, current.as_of),
        source=Observation.Source.REPORT,
        standing=Observation.Standing.ACCEPTED,
        supersedes=current,
        reason="核对：数值未变",
        entered_by=actor,
        entered_at=now,
        accepted_at=now,
    )
    record_event(
        actor=actor,
        action="indicators.observation.confirm",
        target=confirmed,
        after={"indicator": leaf.code, "value": confirmed.value, "as_of": confirmed.as_of},
        now=now,
    )
    return confirmed
