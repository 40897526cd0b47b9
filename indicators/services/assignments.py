"""Who answers for an indicator: dated duties, handed over without losing history (domain §3)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.roles import Role
from accounts.selectors import people_with_role
from accounts.services import notify
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, RuleViolation, VersionConflict
from departments.models import Department
from indicators.models import Assignment, Indicator
from indicators.rules.catalogue import can_keep_catalogue
from indicators.services.access import require

#: The people an assignment names.
PEOPLE = (
    *("county_leader", "responsible_leader", "leader_in_charge", "direct_person"),
    *("reporter", "backup_reporter"),
)


@transaction.atomic
def assign_department(
    indicator: Indicator,
    *,
    department: Department,
    role: str,
    actor,
    now: datetime,
    valid_from: date | None = None,
    **people: Any,
) -> Assignment:
    """Make ``department`` lead or assist a first-level indicator from ``valid_from`` (today by default).

    A new lead ends the former lead's duty on that day; whatever the department did before for this
    indicator ends too. The same indicator of earlier sets follows, so that a department that no longer
    answers no longer sees its rows. The new department's people are told.

    Who: R1 R2. Raises RuleViolation below the first level, or when nothing would change; InvalidInput for a
    day to come or one before the running duty began, and for people of another department.
    """
    require(can_keep_catalogue(actor), "调整责任分工")
    valid_from = valid_from or local_date(now)
    if indicator.level != 1:
        raise RuleViolation("责任分工按一级指标确定，下级指标随一级指标")
    current = list(Assignment.objects.filter(indicator=indicator, valid_to=None).select_related("department"))
    if any(row.department_id == department.pk and row.role == role for row in current):
        raise RuleViolation(f"{department.short_name}已是{Assignment.Role(role).label}单位")
    ended = [row for row in current if row.department_id == department.pk or (role == row.role == Assignment.Role.LEAD)]
    check_day(valid_from, ended, now)
    check_people(department, people)
    for row in ended:
        close(row, valid_from)
    assignment = Assignment.objects.create(
        indicator=indicator, department=department, role=role, valid_from=valid_from, **people
    )
    record_event(
        actor=actor,
        action="indicators.indicator.assign",
        target=indicator,
        before={"ended": [f"{row.get_role_display()} {row.department.short_name}" for row in ended]},
        after=facts_of(assignment),
        now=now,
    )
    notify(
        people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=department),
        kind="assignment.begun",
        title=f"{indicator} 由本单位{assignment.get_role_display()}",
        url=indicator.get_absolute_url(),
        key=f"assignment:{assignment.pk}",
        now=now,
    )
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, *, actor, now: datetime, valid_to: date | None = None) -> Assignment:
    """End an assisting duty. Who: R1 R2.

    Raises RuleViolation for a lead, which is handed over instead, and for one that has ended already.
    """
    require(can_keep_catalogue(actor), "调整责任分工")
    valid_to = valid_to or local_date(now)
    if assignment.role == Assignment.Role.LEAD:
        raise RuleViolation("牵头单位不能空缺，请改为移交给另一单位")
    if assignment.valid_to is not None:
        raise RuleViolation("这项分工已经结束")
    check_day(valid_to, [assignment], now)
    close(assignment, valid_to)
    record_event(
        actor=actor,
        action="indicators.indicator.end_assignment",
        target=assignment.indicator,
        before=facts_of(assignment),
        after={"valid_to": valid_to},
        now=now,
    )
    return assignment


@transaction.atomic
def change_people(assignment: Assignment, *, actor, now: datetime, **people: Any) -> Assignment:
    """Name other people for a running duty from today on; the earlier names stay with the earlier days.

    Who: R1 R2. Returns the row in force: the same one when it began today, else a new one. Editing clears the
    mark of a reconstruction, because somebody has now said who it is.
    """
    require(can_keep_catalogue(actor), "调整责任人")
    if assignment.valid_to is not None:
        raise RuleViolation("这项分工已经结束")
    check_people(assignment.department, people)
    before, today = facts_of(assignment), local_date(now)
    if assignment.valid_from < today:
        close(assignment, today, here_only=True)
        kept = {name: getattr(assignment, name) for name in PEOPLE} | people
        assignment = Assignment.objects.create(
            indicator=assignment.indicator,
            department=assignment.department,
            role=assignment.role,
            valid_from=today,
            **kept,
        )
    else:
        for name, value in {**people, "assumed": False}.items():
            setattr(assignment, name, value)
        assignment.save()
    record_event(
        actor=actor,
        action="indicators.indicator.change_people",
        target=assignment.indicator,
        before=before,
        after=facts_of(assignment),
        now=now,
    )
    return assignment


def close(assignment: Assignment, day: date, *, here_only: bool = False) -> None:
    """End a running duty on ``day``, and the same one of earlier sets unless ``here_only``.

    Raises VersionConflict when somebody else has ended it meanwhile.
    """
    if not Assignment.objects.filter(pk=assignment.pk, valid_to=None).update(valid_to=day):
        raise VersionConflict("刚刚有人调整了这项分工，请刷新后再看")
    assignment.valid_to = day
    if not here_only:
        earlier = Assignment.objects.filter(indicator__in=lineage(assignment.indicator), valid_to=None)
        earlier.filter(department=assignment.department_id).update(valid_to=day)


def lineage(indicator: Indicator) -> list[Indicator]:
    """Return the indicator and, when its set is in use, the same one in earlier sets, newest first.

    What is arranged for next year does not touch who answers today.
    """
    rows = [indicator]
    while indicator.indicator_set.active and rows[-1].predecessor is not None:
        rows.append(rows[-1].predecessor)
    return rows


def check_day(day: date, ended: list[Assignment], now: datetime) -> None:
    """Raise InvalidInput for a day to come, or one before any of the duties it would end began."""
    if day > local_date(now):
        raise InvalidInput.at("valid_from", "移交日期不能晚于今天")
    begun = max((row.valid_from for row in ended), default=day)
    if day < begun:
        raise InvalidInput.at("valid_from", f"移交日期早于现有分工的开始日期 {begun}")


def check_people(department: Department, people: dict[str, Any]) -> None:
    """Raise InvalidInput for unknown columns' people: reporter and backup must be of the department."""
    for name in ("reporter", "backup_reporter"):
        person = people.get(name)
        if person is not None and person.department_id != department.pk:
            raise InvalidInput.at(name, f"{person.name}不是{department.short_name}的人员")


def facts_of(assignment: Assignment) -> dict[str, Any]:
    """Return what the audit log keeps of an assignment."""
    return {
        "department": assignment.department.short_name,
        "role": assignment.role,
        "valid_from": assignment.valid_from,
        **{name: value for name in PEOPLE if (value := getattr(assignment, name))},
    }
