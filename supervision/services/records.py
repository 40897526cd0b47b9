"""Accountability records: what the office and 督查局 put on record about a department (domain §7)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed
from departments.models import Department
from supervision.models import AccountabilityRecord
from supervision.rules.orders import is_supervisor
from supervision.selectors.subjects import KnownSubject, subject_by_number
from supervision.services.moves import write_event
from supervision.signals import subject_touched


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What is put on record.

    Attributes:
        kind: one of ``AccountabilityRecord.Kind``.
        on: the day it happened.
        subject: the number of the issue, complaint or order it is about, if any.
    """

    kind: str
    department: Department
    on: date
    person: str = ""
    document_number: str = ""
    note: str = ""
    subject: str = ""


@transaction.atomic
def keep_record(facts: RecordFacts, *, actor, now: datetime) -> AccountabilityRecord:
    """Put a praise, summons, criticism, proposal or referral on record and tell the department (R2 R6).

    They are put on record and proposed here, never imposed.

    Raises:
        NotAllowed: neither R2 nor R6.
        InvalidInput: a day to come, a number nobody has, or a subject that is not the department's.
    """
    if not is_supervisor(actor, None):
        raise NotAllowed("问责与表扬记录由督查员或县营商办审核人填写")
    if facts.on > local_date(now):
        raise InvalidInput.at("on", "日期不能晚于今天")
    about = _subject(facts.subject, facts.department, actor=actor)
    record = AccountabilityRecord.objects.create(
        kind=facts.kind,
        department=facts.department,
        person=facts.person.strip(),
        on=facts.on,
        document_number=facts.document_number.strip(),
        note=facts.note.strip(),
        subject_number=about.number if about else "",
        subject_title=about.title if about else "",
        subject_url=about.url if about else "",
        issue=about.issue if about else None,
        order=about.order if about else None,
        recorded_by=actor,
        recorded_at=now,
    )
    record_event(
        actor=actor,
        action="supervision.accountabilityrecord.keep",
        target=record,
        after={
            "kind": facts.kind,
            "department": facts.department.code,
            "on": facts.on,
            "subject": record.subject_number,
        },
        now=now,
    )
    if about is not None:
        _write_on_subject(about, record, actor=actor, now=now)
    notify(
        people_with_permission(Permission.HANDLE_ISSUES, department=facts.department),
        kind="record.kept",
        title=f"{record.get_kind_display()}记录已登记",
        url=record.get_absolute_url(),
        key=f"record:{record.pk}",
        now=now,
    )
    return record


def _subject(number: str, department: Department, *, actor) -> KnownSubject | None:
    """Return what ``number`` names; InvalidInput for an unknown one, or one the department never held."""
    if not number.strip():
        return None
    about = subject_by_number(actor, number)
    if about is None:
        raise InvalidInput.at("subject", f"没有编号为 {number.strip()} 的问题、投诉工单或督办", code="unknown_subject")
    if department.pk not in about.departments:
        raise InvalidInput.at(
            "subject", f"{about.number} 不是{department.short_name}牵头或配合的", code="foreign_subject"
        )
    return about


def _write_on_subject(about: KnownSubject, record: AccountabilityRecord, *, actor, now: datetime) -> None:
    label, text = record.get_kind_display(), f"{record.department.short_name}　{record.document_number}".strip()
    if about.issue is not None:
        write_event(about.issue, "record", label, actor=actor, now=now, text=text, department=record.department)
    elif about.lies_above:
        subject_touched.send(
            AccountabilityRecord, number=about.number, kind="record", label=label, text=text, actor=actor, now=now
        )
