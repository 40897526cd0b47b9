"""What the complainant sees of their own complaint: state words, unit, promise, reply; nothing internal (domain §6)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from complaints.identities import code_digest
from complaints.models import Complaint, Extension, HandlingRound
from departments.models import Department

S = Complaint.Status
#: What is decided inside (a refusal under review, a return asked for) is not told before it is decided.
WORDS = {
    S.RECEIVED: "待受理",
    S.REFUSAL_REVIEW: "待受理",
    S.ACCEPTED: "已受理，待派单",
    S.DISPATCHED: "已派单",
    S.RETURN_REVIEW: "已派单",
    S.HANDLING: "办理中",
    S.SIGN_OFF: "办理中",
    S.OFFICE_REVIEW: "办理中",
    S.CALLBACK: "已答复，待您评价",
    S.CLOSED: "已办结",
    S.ARCHIVED: "已办结",
    S.REFUSED: "不予受理",
    S.MERGED: "已与同一事项合并办理",
    S.TRANSFERRED: "已移交",
}
_OWN = "the complainant has proved themselves by number and code"


@dataclass(frozen=True, slots=True)
class Reply:
    """One round's public reply."""

    round_no: int
    text: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One complaint as the public page prints it."""

    complaint: Complaint
    state: str
    department: Department | None
    promised_at: datetime | None
    extension: Extension | None
    replies: list[Reply]

    @property
    def is_refused(self) -> bool:
        """Whether there is a notice of refusal to print."""
        return self.complaint.status == S.REFUSED

    @property
    def may_add(self) -> bool:
        """Whether material may be added."""
        return self.complaint.is_open

    @property
    def may_rate(self) -> bool:
        """Whether the reply waits for the complainant's answer."""
        return self.complaint.status == S.CALLBACK


def complaint_by_code(number: str, code: str) -> Complaint | None:
    """Return the complaint of that number and look-up code; None for any mistake, after the same work."""
    typed, proof = number.strip(), code_digest(code)
    rows = _own().filter(number__in={typed, typed.upper()}).exclude(public_code_hash="")
    return next((row for row in rows if secrets.compare_digest(row.public_code_hash, proof)), None)


def complaint_proved(key: int | None) -> Complaint | None:
    """Return the complaint a visitor has proved to be theirs in this session, None without one."""
    return _own().filter(pk=key).first() if key else None


def _own():
    return Complaint.objects.unscoped(_OWN).select_related("department", "current_round__extension")


def progress_of(complaint: Complaint) -> Progress:
    """Return what is told of ``complaint``; the unit and its phone not for 举报."""
    is_told = complaint.department_id and complaint.type != "report"
    extension = complaint.current_extension if complaint.is_open else None
    agreed = extension if extension is not None and extension.answer == Extension.Answer.AGREED else None
    return Progress(
        complaint=complaint,
        state=WORDS[S(complaint.status)],
        department=complaint.department if is_told else None,
        promised_at=complaint.due_at if complaint.is_open else None,
        extension=agreed,
        replies=_replies(complaint),
    )


def _replies(complaint: Complaint) -> list[Reply]:
    """Return the replies that passed the office's review, newest first."""
    if complaint.outcome == Complaint.Outcome.WITHDRAWN:
        return []
    passed = {HandlingRound.Ending.CLOSED, HandlingRound.Ending.REHANDLED}
    rounds = complaint.rounds.order_by("-sequence")
    return [
        Reply(round_.round_no, round_.public_reply, round_.submitted_at)
        for round_ in rounds
        if round_.public_reply
        and (round_.ending in passed or (complaint.status == S.CALLBACK and round_.pk == complaint.current_round_id))
    ]
