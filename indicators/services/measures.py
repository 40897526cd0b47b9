"""The work plan (任务分解): measures and their progress (domain §3)."""

from datetime import date, datetime

from django.db import transaction

from accounts.roles import Role
from accounts.selectors import people_with_role
from accounts.services import notify
from core.audit import record_event
from core.exceptions import InvalidInput
from departments.models import Department
from indicators.models import Indicator, Measure, MeasureNote
from indicators.rules.catalogue import can_keep_catalogue, can_note_measure
from indicators.services.access import require


@transaction.atomic
def add_measure(
    indicator: Indicator,
    *,
    text: str,
    department: Department,
    actor,
    now: datetime,
    person: str = "",
    due_on: date | None = None,
) -> Measure:
    """Add one line to an indicator's work plan; without ``due_on`` it is 持续推进. Who: R1 R2.

    The responsible department's people are told.
    """
    require(can_keep_catalogue(actor), "登记工作措施")
    measure = Measure.objects.create(
        indicator=indicator, text=text, department=department, person=person, due_on=due_on, created_at=now
    )
    record_event(
        actor=actor,
        action="indicators.indicator.add_measure",
        target=indicator,
        after={"measure": measure.pk, "text": text, "department": department.short_name, "due_on": due_on},
        now=now,
    )
    notify(
        people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=department),
        kind="measure.assigned",
        title=f"{indicator} 新增工作措施：{text[:60]}",
        url=indicator.get_absolute_url(),
        key=f"measure:{measure.pk}",
        now=now,
    )
    return measure


@transaction.atomic
def note_measure(measure: Measure, *, text: str, actor, now: datetime) -> MeasureNote:
    """Note progress. Who: R1 R2, and R4 R5 of the measure's department."""
    require(can_note_measure(actor, measure), "填写措施进展", measure.department.short_name)
    note = MeasureNote.objects.create(measure=measure, text=text, author=actor, created_at=now)
    record_event(
        actor=actor,
        action="indicators.indicator.note_measure",
        target=measure.indicator,
        after={"measure": measure.pk, "text": text},
        now=now,
    )
    return note


@transaction.atomic
def set_measure_state(measure: Measure, *, state: str, actor, now: datetime) -> Measure:
    """Mark a measure as going on, done or dropped. Who: R1 R2. Raises InvalidInput for an unknown state."""
    require(can_keep_catalogue(actor), "变更措施状态")
    if state not in Measure.Status.values:
        raise InvalidInput.at("state", f"没有“{state}”这种措施状态")
    before, measure.progress_state = measure.progress_state, state
    measure.save(update_fields=["progress_state"])
    record_event(
        actor=actor,
        action="indicators.indicator.set_measure_state",
        target=measure.indicator,
        before={"measure": measure.pk, "state": before},
        after={"measure": measure.pk, "state": state},
        now=now,
    )
    return measure
