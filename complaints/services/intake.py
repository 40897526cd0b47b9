"""Registering a complaint, and correcting what was registered (domain §6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from complaints.identities import CONFIDENTIAL, MASK, masked_name, masked_phones, phone_digest, seal, unseal
from complaints.models import CallerPhone, Complaint, ComplaintEvent, ComplaintFile, HandlingRound, NumberCounter
from complaints.rules.complaints import is_office
from complaints.selectors.deadlines import Stage, limit_of
from complaints.services.moves import attach_files, tell_office
from complaints.services.rounds import change_round, repeated_on, retimed
from complaints.workflow import COMPLAINT
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.models import Attachment, DeadlineRule
from core.personal_data import without_personal_data
from core.selectors.calendar import work_calendar
from core.spreadsheets.fields import Phones, Source
from core.workflow import swap
from departments.models import Department
from supervision.services.orders import conceal_subject

REPORT = DeadlineRule.ComplaintType.REPORT
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
TITLE_LENGTH = 30
#: What is complained of as 营商环境 needs no decision whether it is.
RELEVANCE = {Complaint.Regime.BUSINESS: Complaint.Relevance.YES}
#: What the office may correct until the complaint is closed.
CORRECTABLE = frozenset(
    {
        *("type", "urgency", "grade", "title", "place", "enterprise", "indicator", "accused_department"),
        *("anonymous", "confidential", "relevance", "provincial_number", "upstream_due_at"),
    }
)
#: A change of one of these moves the due date of an open first round.
MOVES_DUE_DATE = frozenset({"type", "urgency", "grade"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who complains; empty for an anonymous complaint."""

    name: str = ""
    phones: list[str] = field(default_factory=list)

    def columns(self) -> dict[str, Any]:
        """Return the columns of the complaint that keep the caller, sealed and masked."""
        return {
            "caller_name_sealed": seal(self.name),
            "caller_phone_sealed": seal(";".join(self.phones)),
            "caller_name_masked": masked_name(self.name),
            "caller_phone_masked": masked_phones(self.phones),
        }


def read_caller(name: str, phone: str, *, anonymous: bool) -> Caller:
    """Return the caller as typed; InvalidInput at ``caller_phone`` for a number nobody can dial.

    An anonymous complaint keeps neither name nor phone.
    """
    if anonymous:
        return Caller()
    if Phones().parse(phone, Source()).warning is not None:
        raise InvalidInput.at("caller_phone", "联系电话应为手机号、带区号的座机或 400 号码", code="invalid_phone")
    return Caller(name.strip(), dialled_numbers(phone))


def dialled_numbers(typed: str) -> list[str]:
    """Return the numbers in ``typed``, cleaned of spaces, hyphens and country code; what is no number stays as it is."""
    cleaned = Phones().parse(typed, Source()).value
    return cleaned.split(";") if cleaned else []


def next_number(now: datetime) -> str:
    """Return the next own number of the day, YS20261123-0001; call it inside the transaction of the intake."""
    day = local_date(now)
    counter, _ = NumberCounter.objects.get_or_create(day=day)
    NumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db()
    return f"YS{day:%Y%m%d}-{counter.last:04d}"


@transaction.atomic
def register_complaint(
    facts: dict[str, Any], *, actor, now: datetime, attachments: Sequence[Attachment | UploadedFile] = ()
) -> Complaint:
    """Enter a complaint in 待受理 and return it (R1 R2; ``actor`` None: the public page).

    Args:
        facts: columns of ``Complaint`` by name, with ``caller_name`` and ``caller_phone`` as typed. ``type`` and
            ``content`` are required; ``title`` defaults to the first 30 characters of the content, ``received_at``
            (aware) to ``now``, ``confidential`` to yes for 举报; regime business is 涉营商.

    Raises InvalidInput for a time of receipt in the future or before 2000, or a number nobody can dial.
    """
    if actor is not None and not is_office(actor, None):
        raise NotAllowed("登记投诉由县营商办办理")
    facts = dict(facts)
    received_at = facts.pop("received_at", None) or now
    check_times(received_at, now)
    anonymous = facts.get("anonymous", False)
    caller = read_caller(facts.pop("caller_name", ""), facts.pop("caller_phone", ""), anonymous=anonymous)
    regime = facts.get("regime", Complaint.Regime.HOTLINE)
    check_grade(facts.get("grade", ""), regime)
    facts.setdefault("relevance", RELEVANCE.get(regime, Complaint.Relevance.UNKNOWN))
    content = facts.pop("content").strip()
    confidential = facts.pop("confidential", None)
    complaint = COMPLAINT.enter(
        Complaint,
        Complaint.Status.RECEIVED,
        number=next_number(now),
        content=content,
        title=facts.pop("title", "").strip() or title_of(content),
        received_at=received_at,
        registered_at=now,
        registered_by=actor,
        entered_status_at=now,
        confidential=facts["type"] == REPORT if confidential is None else confidential,
        provincial_number_at=now if facts.get("provincial_number") else None,
        **caller.columns(),
        **facts,
    )
    index_phones(complaint, caller.phones)
    event = write_line(complaint, "register", "登记", "", actor=actor, now=now)
    attach_files(complaint, attachments, purpose=ComplaintFile.Purpose.INTAKE, now=now, event=event)
    record_event(
        actor=actor,
        action="complaints.complaint.register",
        target=complaint,
        after={"status": complaint.status, "type": complaint.type, "regime": complaint.regime},
        now=now,
    )
    tell_office(complaint, "registered", "新登记，待受理", now=now)
    return complaint


def title_of(content: str) -> str:
    """Return the title of a complaint that has none: how its content begins, without anybody's number."""
    return " ".join(without_personal_data(content, MASK).split())[:TITLE_LENGTH]


def check_times(received_at: datetime, now: datetime) -> None:
    """Refuse a time of receipt that cannot be."""
    if received_at > now:
        raise InvalidInput.at("received_at", "受理时间不能晚于现在")
    if received_at < EARLIEST:
        raise InvalidInput.at("received_at", "受理时间应在 2000 年以后")


def index_phones(complaint: Complaint, phones: Sequence[str]) -> None:
    """Keep the blind index of the caller's numbers."""
    complaint.caller_phones.all().delete()
    CallerPhone.objects.bulk_create(
        CallerPhone(complaint=complaint, digest=phone_digest(phone)) for phone in dict.fromkeys(phones)
    )


@transaction.atomic
def correct_complaint(complaint: Complaint, *, actor, now: datetime, **changes: Any) -> Complaint:
    """Correct what was registered, until 已办结 (R1 R2); before and after are audited.

    A change of type, urgency or grade recomputes the due date of an open first round; the timeline says so.
    ``caller_name`` and ``caller_phone`` replace the caller; the audit log only says that they did. Who becomes
    anonymous is forgotten; what becomes a 举报 is confidential unless told otherwise.
    """
    check_may_correct(complaint, actor=actor)
    check_correctable(complaint)
    if changes.get("type") == REPORT and complaint.type != REPORT:
        changes.setdefault("confidential", True)
    columns = changed_columns(complaint, changes)
    callers: dict[str, str] = {name: changes[name] for name in ("caller_name", "caller_phone") if name in changes}
    if not columns and not callers:
        return complaint
    before = {name: getattr(complaint, name) for name in columns}
    written = dict(columns)
    if "provincial_number" in columns:
        written["provincial_number_at"] = now if columns["provincial_number"] else None
    for name, value in columns.items():
        setattr(complaint, name, value)
    is_other_caller = bool(callers) or columns.get("anonymous", False)
    if is_other_caller:
        written |= replace_caller(complaint, callers)
    moved = recompute_first_due(complaint) if MOVES_DUE_DATE & set(columns) else None
    swap(complaint, **written, **(repeated_on(moved) if moved else {}))
    if columns.get("confidential"):
        conceal_subject(complaint.number, title=CONFIDENTIAL)
    after = columns | ({"caller": "changed"} if is_other_caller else {})
    record_event(
        actor=actor, action="complaints.complaint.correct", target=complaint, before=before, after=after, now=now
    )
    labels = "、".join(column_label(name) for name in columns) or "诉求人"
    text = f"更正{labels}" + ("，办理时限随之重新计算" if moved else "")
    write_line(complaint, "correct", "更正", text, actor=actor, now=now)
    return complaint


def write_line(complaint: Complaint, kind: str, label: str, text: str, *, actor, now: datetime) -> ComplaintEvent:
    """Write a line of the timeline that no act of the table wrote, and return it."""
    return ComplaintEvent.objects.create(
        complaint=complaint,
        kind=kind,
        label=label,
        text=text,
        at=now,
        actor=actor,
        round=complaint.current_round,
    )


def column_label(name: str) -> str:
    """Return the Chinese name of a column of the complaint."""
    column: Any = Complaint._meta.get_field(name)
    return str(column.verbose_name)


def check_may_correct(complaint: Complaint, *, actor) -> None:
    """Raise NotAllowed unless ``actor`` is of the office (R1 R2)."""
    if not is_office(actor, complaint):
        raise NotAllowed("更正工单由县营商办办理")


def check_correctable(complaint: Complaint) -> None:
    """Raise RuleViolation once the complaint is closed or otherwise at an end."""
    if not complaint.is_open:
        raise RuleViolation(f"工单{complaint.get_status_display()}，不能再更正")


def replace_caller(complaint: Complaint, callers: dict[str, str]) -> dict[str, Any]:
    """Index the new caller's numbers and return the columns that keep the caller; what is not given stays."""
    caller = read_caller(
        callers.get("caller_name", unseal(complaint.caller_name_sealed)),
        callers.get("caller_phone", unseal(complaint.caller_phone_sealed)),
        anonymous=complaint.anonymous,
    )
    index_phones(complaint, caller.phones)
    return caller.columns()


def changed_columns(complaint: Complaint, changes: dict[str, Any]) -> dict[str, Any]:
    """Return those of ``changes`` that may be corrected and differ; InvalidInput for a grade the regime lacks.

    RuleViolation for naming as accused a unit that handles the complaint.
    """
    columns = {
        name: value for name, value in changes.items() if name in CORRECTABLE and getattr(complaint, name) != value
    }
    check_grade(columns.get("grade", ""), complaint.regime)
    check_accused(complaint, columns.get("accused_department"))
    return columns


def check_accused(complaint: Complaint, accused: Department | None) -> None:
    """Refuse to name a unit as accused while it handles the complaint: it never handles its own case."""
    round_ = complaint.current_round
    if accused is None or round_ is None or round_.ending != HandlingRound.Ending.OPEN:
        return
    if accused.pk == round_.department_id or complaint.is_assisted_by(accused.pk):
        raise RuleViolation(
            f"{accused.short_name}正在办理这件，请先收回改派，再登记为被反映单位", code="accused_department"
        )


def check_grade(grade: str, regime: str) -> None:
    """Refuse a grade outside regime business, which alone has grades (domain §6)."""
    if grade and regime != Complaint.Regime.BUSINESS:
        raise InvalidInput.at("grade", "只有营商环境投诉定级")


def recompute_first_due(complaint: Complaint) -> HandlingRound | None:
    """Compute the due date of an open first round again and return the round so changed.

    None where the date stays: imported, a later round, no rule. What an extension and suspensions added in
    working days is added to the new date, too.
    """
    round_ = complaint.current_round
    if round_ is None or round_.ending != HandlingRound.Ending.OPEN or round_.round_no != 1 or round_.due_imported:
        return None
    calendar = work_calendar()
    limit = limit_of(complaint, Stage.HANDLE, round_.limit_from or round_.dispatched_at, calendar)
    if limit is None or limit.due.due_at == round_.due_at:
        return None
    dates = retimed(round_, limit.due.due_at, before=calendar, after=calendar)
    return change_round(round_, limit_amount=limit.amount, limit_unit=limit.unit, **dates)
