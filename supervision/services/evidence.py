"""Evidence of how an issue is before and after rectification: adding, uploading, withdrawing (domain §7)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.audit import record_event
from core.exceptions import FileRefused, InvalidInput, NotAllowed, RuleViolation, field_error
from core.workflow import swap
from indicators.models import Evidence
from indicators.services.evidence import EvidenceFacts, keep_evidence
from supervision.models import ClearanceRequest, Issue, IssueEvidence
from supervision.rules.evidence import may_withdraw_evidence, withdrawal_refusal
from supervision.rules.issues import evidence_refusal, is_keeper
from supervision.services.moves import move
from supervision.workflow import ISSUE

Phase = IssueEvidence.Phase
TITLE_LENGTH = 120
#: What a file is called where only its name tells; pictures of these are re-encoded without their data.
KINDS = {
    **dict.fromkeys((".jpg", ".jpeg", ".heic", ".heif", ".webp"), Evidence.Kind.PHOTO),
    **dict.fromkeys((".xls", ".xlsx", ".et", ".csv"), Evidence.Kind.TABLE),
    ".png": Evidence.Kind.SCREENSHOT,
}


@transaction.atomic
def add_evidence(
    issue: Issue, *, evidence: Sequence[Evidence], phase: str, actor, now: datetime
) -> list[IssueEvidence]:
    """Let pieces of evidence, fetched through ``actor``, speak for ``issue`` and return what was added.

    Args:
        phase: ``before`` (R1 R2 R6, from the draft on) or ``after`` (also R4 R5 of the lead or an assisting
            department, in 待报方案 and 整改中), which counts for the current round.

    Raises:
        NotAllowed, InvalidTransition: the act is somebody else's, or the phase is, or the state is another.
        RuleViolation: evidence of after cannot be added now.
        InvalidInput: no evidence, an unknown phase, or all of it stands there already.
    """
    check_may_add(issue, phase, actor=actor)
    if not evidence:
        raise InvalidInput.at("evidence", "请选择佐证材料", code="required")
    round_ = issue.current_round
    known = issue.evidence.filter(phase=phase, withdrawn_at=None)
    if phase == Phase.AFTER:
        known = known.filter(round=round_)
    there = set(known.values_list("evidence_id", flat=True))
    new = [one for one in {one.pk: one for one in evidence}.values() if one.pk not in there]
    if not new:
        raise InvalidInput.at("evidence", "所选材料已在佐证中，不必重复添加", code="already_added")
    text = f"{Phase(phase).label} {len(new)} 份：{'、'.join(one.title for one in new)}"
    audit = {"phase": phase, "evidence": [one.pk for one in new]}
    move("add_evidence", issue, actor=actor, now=now, text=text, audit=audit)
    return IssueEvidence.objects.bulk_create(
        IssueEvidence(issue=issue, round=round_, evidence=one, phase=phase, added_by=actor, added_at=now) for one in new
    )


def check_may_add(issue: Issue, phase: str, *, actor) -> None:
    """Raise what ``add_evidence`` raises about person, state and phase."""
    ISSUE.check("add_evidence", issue, actor=actor)
    if phase not in {Phase.BEFORE, Phase.AFTER}:
        raise InvalidInput.at("phase", "阶段应为整改前或整改后")
    if reason := evidence_refusal(actor, issue, phase):
        if phase == Phase.BEFORE and not is_keeper(actor, issue):
            raise NotAllowed(reason)
        raise RuleViolation(reason, code="evidence_closed")


@transaction.atomic
def upload_issue_evidence(
    issue: Issue, *, files: Sequence[Any], phase: str, actor, now: datetime, evidence: Sequence[Evidence] = ()
) -> list[IssueEvidence]:
    """Keep uploaded ``files`` and add them as evidence, beside ``evidence`` handed in earlier; all or none.

    Photos are scaled down and lose their data, but for the moment of capture and the original's sha256.
    Raises what ``add_evidence`` and ``keep_files`` raise.
    """
    check_may_add(issue, phase, actor=actor)
    pieces = [*keep_files(files, actor=actor, now=now), *evidence]
    return add_evidence(issue, evidence=pieces, phase=phase, actor=actor, now=now)


def keep_files(files: Sequence[Any], *, actor, now: datetime) -> list[Evidence]:
    """Keep uploaded files, the kind told by the name; the caller has judged who may.

    Raises FileRefused or FileTooLarge at ``files``, naming the file.
    """
    kept = []
    for file in files:
        name = PurePath(file.name)
        kind = KINDS.get(name.suffix.lower(), Evidence.Kind.OTHER)
        facts = EvidenceFacts(title=name.stem[:TITLE_LENGTH] or "未命名", kind=kind)
        try:
            kept.append(keep_evidence(facts, upload=file, actor=actor, now=now))
        except FileRefused as error:
            detail = f"“{name.name}”未接收：{error.detail}"
            errors = [field_error("files", error.code, detail)]
            raise type(error)(detail, code=error.code, errors=errors) from error
    return kept


def last_asked(issue: Issue) -> datetime | None:
    """Return when clearance of the issue was last asked, requests that the head gave back left out."""
    requests = ClearanceRequest.objects.unscoped("of the issue in hand").filter(round__issue=issue)
    asked = requests.exclude(result=ClearanceRequest.Result.SENT_BACK)
    return asked.aggregate(last=Max("asked_at"))["last"]


@transaction.atomic
def withdraw_evidence(item: IssueEvidence, *, reason: str, actor, now: datetime) -> IssueEvidence:
    """Take a wrong piece of evidence back: it leaves pages and prints, the audit log keeps it.

    Raises:
        NotAllowed: somebody else uploaded it.
        RuleViolation: it was withdrawn before, belongs to an earlier round, or clearance was asked with it.
        InvalidInput: no reason.
    """
    if not may_withdraw_evidence(actor, item):
        raise NotAllowed("佐证由上传人撤回")
    if refusal := withdrawal_refusal(item, last_asked=last_asked(item.issue)):
        raise RuleViolation(refusal, code="evidence_closed")
    if not reason.strip():
        raise InvalidInput.at("reason", "请填写理由", code="required")
    issue = item.issue
    swap(issue)
    item.withdrawn_at, item.withdrawal_reason = now, reason.strip()
    item.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record_event(
        actor=actor,
        action="supervision.issue.withdraw_evidence",
        target=issue,
        before={"evidence": item.evidence_id, "phase": item.phase},
        purpose=reason.strip(),
        now=now,
    )
    return item
