"""The leading group's list: who is head, deputy or member, and what each county leader takes charge of (domain §2)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, RuleViolation
from core.workflow import swap
from departments.models import Department, LeadingGroupMember
from departments.services.access import require, require_text


@dataclass(frozen=True, slots=True)
class Member:
    """What the list says about a person."""

    name: str
    job_title: str
    position: str
    fields_in_charge: str = ""
    department: Department | None = None
    official_order: int = 0


@transaction.atomic
def add_leading_group_member(member: Member, *, valid_from: date, actor, now: datetime) -> LeadingGroupMember:
    """Put a person on the list from ``valid_from``.

    Who: R1 R2 (``KEEP_LEADING_GROUP``). Raises ``InvalidInput`` for missing words or an unknown position,
    ``RuleViolation`` when the group has a head already.
    """
    require(actor, Permission.KEEP_LEADING_GROUP)
    _check(member, besides=None)
    row = LeadingGroupMember.objects.create(**columns_of(member), valid_from=valid_from)
    record_event(actor=actor, action="departments.leadinggroupmember.add", target=row, after=_facts(row), now=now)
    return row


@transaction.atomic
def change_leading_group_member(row: LeadingGroupMember, *, member: Member, actor, now: datetime) -> LeadingGroupMember:
    """Correct what the list says about a person.

    Who: R1 R2. Raises as ``add_leading_group_member``, and ``RuleViolation`` for somebody who has left.
    """
    require(actor, Permission.KEEP_LEADING_GROUP)
    _check_still_member(row)
    _check(member, besides=row)
    before = _facts(row)
    swap(row, **columns_of(member))
    record_event(
        actor=actor,
        action="departments.leadinggroupmember.change",
        target=row,
        before=before,
        after=_facts(row),
        now=now,
    )
    return row


@transaction.atomic
def end_leading_group_member(row: LeadingGroupMember, *, valid_to: date, actor, now: datetime) -> LeadingGroupMember:
    """Let a person be on the list through ``valid_to`` and no longer.

    Who: R1 R2. Raises ``InvalidInput`` for a day before the term began, ``RuleViolation`` when it is ended already.
    """
    require(actor, Permission.KEEP_LEADING_GROUP)
    _check_still_member(row)
    if valid_to < row.valid_from:
        raise InvalidInput.at("valid_to", "结束日期早于任职开始")
    swap(row, valid_to=valid_to)
    record_event(
        actor=actor, action="departments.leadinggroupmember.end", target=row, after={"valid_to": valid_to}, now=now
    )
    return row


def columns_of(member: Member) -> dict:
    """Return the columns of ``member``; the department stays a row."""
    return {name: getattr(member, name) for name in Member.__slots__}


def _facts(row: LeadingGroupMember) -> dict:
    return {
        "name": row.name,
        "job_title": row.job_title,
        "position": row.get_position_display(),
        "fields_in_charge": row.fields_in_charge,
        "department": row.department.code if row.department else None,
    }


def _check(member: Member, *, besides: LeadingGroupMember | None) -> None:
    require_text(name=(member.name, "姓名"), job_title=(member.job_title, "职务"))
    if member.position not in LeadingGroupMember.Position.values:
        raise InvalidInput.at("position", "请选择组内职务", code="invalid_choice")
    if member.position == LeadingGroupMember.Position.HEAD:
        heads = LeadingGroupMember.objects.unscoped("the group has one head, whoever asks")
        if heads.filter(position=member.position, valid_to=None).exclude(pk=besides and besides.pk).exists():
            raise RuleViolation("领导小组已有组长，请先结束其任职")


def _check_still_member(row: LeadingGroupMember) -> None:
    if row.valid_to is not None:
        raise RuleViolation(f"{row.name}已于 {row.valid_to:%Y-%m-%d} 结束任职")
