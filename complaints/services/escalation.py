"""The ladder of alerts: what the clock sends, and what a person puts on record (domain §6, Escalation)."""

from datetime import datetime

from django.db import transaction

from accounts.selectors import people_with_permission
from accounts.services import alert_people, send_digests
from complaints.models import Complaint, ComplaintEvent, Escalation
from complaints.rules.complaints import is_office_lead
from complaints.selectors.escalation import newly_reached
from core.access import Permission
from core.audit import record_event
from core.dates.deadlines import within_office_hours
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.ladder import BY_PERSON, Alerts, Ladder, Rung, climb
from core.ledger import take_turn
from core.selectors.calendar import work_calendar

LADDER = Ladder(
    scan="complaint_scan",
    subject="complaint",
    word="投诉催办",
    kind="complaint.alerts",
    list_name="complaints:list",
    told=Permission.HANDLE_COMPLAINTS,
    told_of_raised=Permission.DISPATCH_COMPLAINTS,
    audited_as="complaints.escalation.send",
)


@transaction.atomic
def scan_complaints(*, now: datetime) -> int:
    """Put every rung reached by the aware ``now`` on record and tell each department once; return how many.

    In office hours only; outside them it waits, and the next scan makes up for it. Scans follow one another
    (``take_turn``) and a rung is on record once per round, so that running twice tells nobody twice.
    """
    calendar = work_calendar()
    if not within_office_hours(calendar, now):
        return 0
    take_turn(LADDER.scan, now=now)
    alerts = Alerts(LADDER)
    found = climb(
        newly_reached(now, calendar),
        rungs=Escalation,
        events=ComplaintEvent,
        subject=LADDER.subject,
        now=now,
        tell=alerts.add,
        by_person=False,
    )
    send_digests(alerts, now=now)
    return found


@transaction.atomic
def record_rung(complaint: Complaint, *, rung: int, note: str, actor, now: datetime) -> Escalation:
    """Put 约谈 or 问责建议 on record for the present round (R2).

    Raises:
        NotAllowed: anybody but R2.
        InvalidInput: a rung that the clock records, or no note.
        RuleViolation: nobody handles the complaint, or the round has that rung.
    """
    check_may_record_rung(complaint, actor=actor)
    if rung not in BY_PERSON:
        raise InvalidInput.at("rung", "只有约谈和问责建议由人工记录")
    if not note.strip():
        raise InvalidInput.at("note", "请写明时间、对象和内容", code="required")
    if complaint.current_round is None:
        raise RuleViolation("还没有承办单位，不能记录约谈或问责建议")
    label = Rung(rung).label
    row, is_new = Escalation.objects.unscoped("of the complaint in hand").get_or_create(
        round=complaint.current_round,
        rung=rung,
        defaults={"complaint": complaint, "reached_at": now, "recorded_by": actor, "note": note.strip()},
    )
    if not is_new:
        raise RuleViolation(f"本轮已记录{label}")
    ComplaintEvent.objects.create(
        complaint=complaint,
        kind="escalate",
        label=label,
        text=note.strip(),
        at=now,
        actor=actor,
        department=complaint.department,
        round=complaint.current_round,
    )
    record_event(
        actor=actor,
        action="complaints.complaint.record_rung",
        target=complaint,
        after={"rung": Rung(rung).name.lower()},
        purpose=note.strip(),
        now=now,
    )
    people = people_with_permission(Permission.HANDLE_COMPLAINTS, department=complaint.department)
    alert_people(
        people,
        kind="complaint.alerts",
        title=f"{complaint.number} {label}",
        url=complaint.get_absolute_url(),
        key=f"complaint:{complaint.pk}:rung:{row.pk}",
        now=now,
    )
    return row


def check_may_record_rung(complaint: Complaint, *, actor) -> None:
    """Raise NotAllowed unless ``actor`` is R2."""
    if not is_office_lead(actor, complaint):
        raise NotAllowed("约谈和问责建议由县营商办审核人记录")
