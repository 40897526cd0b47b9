"""What the page of one issue prints beside the row itself: its way, pictures, verification, rounds, history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from django.urls import reverse

from core.clock import local_date
from core.dates import WorkCalendar
from core.models import Attachment
from supervision.models import ClearanceRequest, Issue, IssueEvent, IssueEvidence, IssueRound, LookBack, Verification
from supervision.rules.evidence import is_photo, may_withdraw_evidence, withdrawal_refusal
from supervision.selectors.times import TimeLight, punctuality

S = Issue.Status
Phase = IssueEvidence.Phase
Result = ClearanceRequest.Result
#: The main way (ui.md §6: side events belong to the timeline).
WAY = ("登记", "交办", "签收", "报方案", "整改中", "待验收", "已销号", "回头看")
STEP = {
    S.DRAFT: 0,
    S.REGISTERED: 1,
    S.ASSIGNED: 2,
    S.PLANNING: 3,
    S.RECTIFYING: 4,
    S.VERIFYING: 5,
    S.SUSTAINED: 6,
    S.CLEARED: 7,
}
#: Events drawn with a diamond: refusals, returns, what came back.
ALERTS = frozenset(
    {
        *("object", "withdraw", "revoke", "return_plan", "refuse_extension", "return_clearance", "verify_fail"),
        *("relapse", "escalate", "supervise"),
    }
)
#: Events that move the issue on.
MAIN = frozenset({"assign", "sign_plan", "sign_clearance", "verify_pass", "clear"})


# --- The way ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    label: str
    note: str
    is_done: bool
    is_current: bool


def steps_of(issue: Issue, rounds: Sequence[IssueRound], look_backs: Iterable[LookBack]) -> list[Step]:
    """Return the way with the present step marked and the day of each that was reached in the present round."""
    here = STEP.get(S(issue.status), -1)
    round_ = issue.current_round
    labels = list(WAY)
    if issue.status == S.SUSTAINED:
        labels[6] = Issue.Status.SUSTAINED.label
    if issue.status == S.CLEARED and not any(one.done_on is None and not one.result for one in look_backs):
        here = len(WAY)
    reached = (
        issue.registered_at,
        round_ and round_.opened_at,
        round_ and round_.signed_at,
        round_ and (round_.planned_at or (round_.round_no > 1 and round_.opened_at)),
        round_ and (round_.planned_at or (round_.round_no > 1 and round_.opened_at)),
        _asked_at(rounds, round_),
        issue.cleared_at or (round_ and round_.sustained_at),
        None,
    )
    notes = [_short(local_date(moment)) if moment else "" for moment in reached]
    if 0 < here < len(WAY) and notes[here]:
        notes[here] += "起"
    notes[7] = _next_look_back(look_backs)
    return [
        Step(label, note if index <= max(here, 0) or index == 7 else "", index < here, index == here)
        for index, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


def _asked_at(rounds: Sequence[IssueRound], round_: IssueRound | None) -> datetime | None:
    requests = requests_of(rounds, round_)
    return next((one.signed_at for one in reversed(requests) if one.result in {Result.STANDING, Result.PASSED}), None)


def _next_look_back(look_backs: Iterable[LookBack]) -> str:
    waiting = [one.due_on for one in look_backs if one.done_on is None and not one.result]
    return _short(min(waiting)) if waiting else ""


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


# --- Evidence -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence as the page shows it; ``withdraw_url`` is empty where it cannot be withdrawn."""

    item: IssueEvidence
    url: str
    is_photo: bool
    mark: str
    withdraw_url: str


@dataclass(slots=True)
class Pieces:
    """The evidence of an issue: pairs of photos of before and after, files of both, and what goes elsewhere."""

    pairs: list[tuple[Piece | None, Piece | None]] = field(default_factory=list)
    files: list[Piece] = field(default_factory=list)
    of_round: dict[int | None, list[Piece]] = field(default_factory=dict)
    of_verifier: dict[tuple[int | None, int], list[Piece]] = field(default_factory=dict)
    has_after: bool = False


def pieces_of(issue: Issue, items: Sequence[IssueEvidence], rounds: Sequence[IssueRound], *, user) -> Pieces:
    """Sort the standing evidence ``items`` for the page; those of earlier rounds go with their round. One query."""
    requests = [one for round_ in rounds for one in round_.clearance_requests.all()]
    last_asked = max((one.asked_at for one in requests if one.result != Result.SENT_BACK), default=None)
    marks = _marks(items)
    pieces, now_shown = Pieces(), []
    for item in items:
        piece = _piece(issue, item, user=user, mark=marks.get(item.pk, ""), last_asked=last_asked)
        if item.phase == Phase.VERIFICATION:
            pieces.of_verifier.setdefault((item.round_id, item.added_by_id), []).append(piece)
        elif item.phase == Phase.AFTER and item.round_id != issue.current_round_id:
            pieces.of_round.setdefault(item.round_id, []).append(piece)
        else:
            now_shown.append(piece)
    before = [one for one in now_shown if one.is_photo and one.item.phase == Phase.BEFORE]
    after = [one for one in now_shown if one.is_photo and one.item.phase == Phase.AFTER]
    pieces.pairs = list(zip_longest(before, after))
    pieces.files = [one for one in now_shown if not one.is_photo]
    pieces.has_after = any(one.item.phase == Phase.AFTER for one in now_shown)
    return pieces


def _piece(issue: Issue, item: IssueEvidence, *, user, mark: str, last_asked: datetime | None) -> Piece:
    item.issue = issue
    attachment = item.evidence.attachment
    address = [issue.number, item.pk]
    may_withdraw = may_withdraw_evidence(user, item) and withdrawal_refusal(item, last_asked=last_asked) is None
    return Piece(
        item=item,
        url=reverse("supervision:issue_evidence", args=address) if attachment else item.evidence.link,
        is_photo=is_photo(attachment),
        mark=mark,
        withdraw_url=reverse("supervision:issue_evidence_withdraw", args=address) if may_withdraw else "",
    )


def _marks(items: Sequence[IssueEvidence]) -> dict[int, str]:
    """Return what is said beside items whose bytes were handed in before: here, or anywhere. One query."""
    marks: dict[int, str] = {}
    first: dict[str, IssueEvidence] = {}
    for item in items:
        attachment = item.evidence.attachment
        key = attachment.original_sha256 if attachment else f"link {item.evidence_id}"
        if key in first:
            marks[item.pk] = f"与{_place(first[key])}的材料相同"
        first.setdefault(key, item)
    files = [item.evidence.attachment for item in items if item.evidence.attachment and item.pk not in marks]
    hashes, own = {file.original_sha256 for file in files}, {file.pk for file in files}
    others = Attachment.objects.unscoped("only the existence of a duplicate is told")
    others = others.filter(original_sha256__in=hashes).exclude(pk__in=own)
    earlier: dict[str, datetime] = {}
    for sha256, at in others.values_list("original_sha256", "created_at"):
        earlier[sha256] = min(at, earlier.get(sha256, at))
    for item in items:
        file = item.evidence.attachment
        if file and item.pk not in marks and earlier.get(file.original_sha256, file.created_at) < file.created_at:
            marks[item.pk] = "此文件以前上传过"
    return marks


def _place(item: IssueEvidence) -> str:
    if item.phase == Phase.AFTER and item.round is not None:
        return f"第 {item.round.round_no} 轮整改后"
    return item.get_phase_display()


# --- Verification -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the two places for a name; ``signature`` is None while nobody has signed there."""

    label: str
    signature: Verification | None
    files: list[Piece]


@dataclass(frozen=True, slots=True)
class VerificationCard:
    """Who has signed, who may not and why, and until when the verifiers decide."""

    slots: list[Slot]
    barred: str
    own_word: str
    verify_due_on: date | None
    is_waiting: bool


def requests_of(rounds: Sequence[IssueRound], round_: IssueRound | None) -> list[ClearanceRequest]:
    """Return the requests of ``round_``, the first first, from the rounds fetched with them."""
    return next((list(one.clearance_requests.all()) for one in rounds if round_ and one.pk == round_.pk), [])


def verification_card(
    issue: Issue, rounds: Sequence[IssueRound], items: Sequence[IssueEvidence], pieces: Pieces, *, own_word: str
) -> VerificationCard | None:
    """Return the two names under the request that stands or was passed; None where there is none."""
    requests = requests_of(rounds, issue.current_round)
    if not requests or requests[-1].result not in {Result.STANDING, Result.PASSED}:
        return None
    request = requests[-1]
    signatures = list(request.verifications.all())
    slots = [
        Slot(
            f"验收人{'一二三'[index]}", one, pieces.of_verifier.get((request.round_id, one.user_id), []) if one else []
        )
        for index, one in enumerate([*signatures, None, None][: max(2, len(signatures))])
    ]
    units = "、".join(str(unit) for unit in [issue.department, *issue.assisting.all()] if unit)
    current = issue.current_round_id
    givers = {one.added_by.name: None for one in items if one.phase == Phase.AFTER and one.round_id == current}
    barred = f"不能是{units}的人员，也不能是本轮上传整改后佐证的人" + (f"（{'、'.join(givers)}）" if givers else "")
    is_waiting = request.result == Result.STANDING
    return VerificationCard(slots, barred, own_word if is_waiting else "", request.verify_due_on, is_waiting)


# --- Rounds and history ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoundCard:
    """One round as the page shows it."""

    round: IssueRound
    is_current: bool
    state: str
    word: str
    time: TimeLight | None
    is_counted: bool
    pieces: list[Piece]


def round_cards(
    issue: Issue,
    rounds: Sequence[IssueRound],
    pieces: Pieces,
    verification: VerificationCard | None,
    *,
    calendar: WorkCalendar,
) -> list[RoundCard]:
    """Return the rounds, the newest first; what is over cannot be changed.

    With each go the files of earlier rounds, and those of verifiers whose names do not stand in ``verification``.
    """
    slots = [] if verification is None else verification.slots
    standing = {(issue.current_round_id, slot.signature.user_id) for slot in slots if slot.signature}
    of_verifiers: dict[int | None, list[Piece]] = {}
    for (round_id, person_id), files in pieces.of_verifier.items():
        if (round_id, person_id) not in standing:
            of_verifiers.setdefault(round_id, []).extend(files)
    return [
        RoundCard(
            round=one,
            is_current=one.pk == issue.current_round_id and one.ending == IssueRound.Ending.OPEN,
            state=one.ending,
            word=issue.get_status_display() if one.ending == IssueRound.Ending.OPEN else one.get_ending_display(),
            time=punctuality(one, calendar=calendar),
            is_counted=one.ending not in IssueRound.NOT_COUNTED,
            pieces=pieces.of_round.get(one.pk, []) + of_verifiers.get(one.pk, []),
        )
        for one in reversed(rounds)
    ]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the timeline."""

    at: datetime
    by: str
    text: str
    is_main: bool
    is_alert: bool


def history_of(events: Iterable[IssueEvent]) -> list[HistoryLine]:
    """Return the events as lines of the timeline, in the order given."""
    return [
        HistoryLine(
            at=event.at,
            by=event.names if event.actor else "系统",
            text=f"{event.label}：{event.text}" if event.text else event.label,
            is_main=event.kind in MAIN,
            is_alert=event.kind in ALERTS,
        )
        for event in events
    ]


def in_order(acts: Collection, *, first: Sequence[str]) -> list:
    """Return acts with those named in ``first`` before the others, in that order."""
    rank = {name: index for index, name in enumerate(first)}
    return sorted(acts, key=lambda act: rank.get(act.name, len(rank)))
