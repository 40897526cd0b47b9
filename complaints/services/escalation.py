"""The ladder of alerts: what the clock sends, and what a person puts on record (domain §6, Escalation)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.urls import reverse

from accounts.selectors import people_with_permission
from accounts.services import alert_people
from complaints.models import Complaint, ComplaintEvent, Escalation
from complaints.rules.complaints import is_office_lead
from complaints.rules.escalation import BY_PERSON, rungs_up_to
from complaints.selectors.escalation import CHUNK, Reached, newly_reached
from core.access import Permission
from core.audit import record_event
from core.dates.deadlines import within_office_hours
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.ledger import take_turn
from core.selectors.calendar import work_calendar
from departments.models import Department

Rung = Escalation.Rung
SCAN = "complaint_scan"
#: A digest names so many numbers; the list it leads to has all of them.
NAMED = 10
#: In the order of a digest; the last two go to the office as well.
WORDS = {
    Rung.NEARLY_DUE: "临期",
    Rung.UNSIGNED: "签收已超",
    Rung.OVERDUE: "超期催办",
    Rung.RAISED: "升级提醒",
    Rung.SUPERVISION_PROPOSED: "建议督办",
    Rung.BULLETIN: "列入通报",
}
TO_THE_OFFICE = (Rung.RAISED, Rung.SUPERVISION_PROPOSED, Rung.BULLETIN)


@dataclass
class Digest:
    """What one reader is told by one scan: how many per rung, and the first numbers of each."""

    counts: Counter[int] = field(default_factory=Counter)
    numbers: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: Reached) -> None:
        """Count ``one``; memory stays the same however many there are."""
        self.counts[one.rung] += 1
        if len(self.numbers[one.rung]) < NAMED:
            self.numbers[one.rung].append(one.number)

    @property
    def title(self) -> str:
        """The sentence of the list: 投诉催办：超期催办 2 件、临期 1 件."""
        return "投诉催办：" + "、".join(
            f"{word} {self.counts[rung]} 件" for rung, word in WORDS.items() if self.counts[rung]
        )

    @property
    def body(self) -> str:
        """The numbers, a line a rung; never a person's data and never what the complaint says."""
        return "\n".join(
            f"{word}：{'、'.join(self.numbers[rung])}{' 等' if self.counts[rung] > NAMED else ''}"
            for rung, word in WORDS.items()
            if self.counts[rung]
        )

    @property
    def view(self) -> str:
        """The list that shows them: the overdue ones where there are any."""
        if any(self.counts[rung] for rung in (Rung.OVERDUE, *TO_THE_OFFICE)):
            return "overdue"
        return "nearly_due" if self.counts[Rung.NEARLY_DUE] else "sign_overdue"


@transaction.atomic
def scan_complaints(*, now: datetime) -> int:
    """Put every rung reached by the aware ``now`` on record and tell each department once; return how many.

    In office hours only; outside them it waits, and the next scan makes up for it. Scans follow one another
    (``take_turn``) and a rung is on record once per round, so that running twice tells nobody twice.
    """
    calendar = work_calendar()
    if not within_office_hours(calendar, now):
        return 0
    take_turn(SCAN, now=now)
    digests: dict[int, Digest] = defaultdict(Digest)
    for_office, found = Digest(), 0
    for source in newly_reached(now, calendar):
        for batch in _batches(source):
            _record(batch, now=now)
            found += len(batch)
            for one in batch:
                digests[one.department_id].add(one)
                if one.rung in TO_THE_OFFICE:
                    for_office.add(one)
    _send(digests, for_office, now=now)
    return found


def _batches(source: Iterator[Reached]) -> Iterator[list[Reached]]:
    while batch := list(islice(source, CHUNK)):
        yield batch


def _record(batch: Iterable[Reached], *, now: datetime) -> None:
    """Write rungs and timeline; rungs below that nobody recorded are passed, not sent (imports, a scan that was down)."""
    Escalation.objects.bulk_create(
        (
            Escalation(
                complaint_id=one.complaint_id, round_id=one.round_id, rung=rung, reached_at=now, passed=rung != one.rung
            )
            for one in batch
            for rung in (rungs_up_to(one.rung) if one.is_overdue else (one.rung,))
        ),
        ignore_conflicts=True,
    )
    ComplaintEvent.objects.bulk_create(
        ComplaintEvent(
            complaint_id=one.complaint_id,
            round_id=one.round_id,
            department_id=one.department_id,
            kind="escalate",
            label=Rung(one.rung).label,
            at=now,
            by_person=False,
        )
        for one in batch
    )


def _send(digests: dict[int, Digest], for_office: Digest, *, now: datetime) -> None:
    """Send one digest a department, and one to the office of what was raised; the audit log says so."""
    for department in Department.objects.filter(pk__in=digests):
        digest = digests[department.pk]
        people = people_with_permission(Permission.HANDLE_COMPLAINTS, department=department)
        _tell(people, digest, key=f"complaint_alerts:{department.pk}:{now.isoformat()}", now=now)
        record_event(
            actor=None,
            action="complaints.escalation.send",
            target=department,
            after={Rung(rung).name.lower(): count for rung, count in digest.counts.items()},
            now=now,
        )
    if for_office.counts:
        people = people_with_permission(Permission.DISPATCH_COMPLAINTS)
        _tell(people, for_office, key=f"complaint_alerts:office:{now.isoformat()}", now=now)


def _tell(people, digest: Digest, *, key: str, now: datetime) -> None:
    url = f"{reverse('complaints:list')}?view={digest.view}"
    alert_people(people, kind="complaint.alerts", title=digest.title, body=digest.body, url=url, key=key, now=now)


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
