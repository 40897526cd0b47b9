"""Findings of an inspection: written on a phone, with photos, as issues in 草稿 (domain §7)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from core.audit import record_event
from core.exceptions import InvalidInput, RuleViolation
from core.ledger import claim_run
from indicators.models import Evidence
from indicators.services.evidence import EvidenceFacts, keep_evidence
from supervision.models import Inspection, Issue, IssueEvidence
from supervision.selectors.findings import MOST_PHOTOS
from supervision.services.evidence import add_evidence
from supervision.services.inspections import check_may_keep, errors_at
from supervision.services.writing import edit_issue, write_issue

PHOTO_TITLE = "检查现场照片"


@transaction.atomic
def keep_photo(upload: Any, *, actor, now: datetime) -> Evidence:
    """Keep a photo for a finding that is still being written: downscaled, without EXIF, its capture time kept.

    It is its sender's alone until it hangs on a finding, so that nothing has to be sent twice (R1 R2 R6).

    Raises:
        NotAllowed: not theirs to write findings.
        FileRefused, FileTooLarge: no photo, or too large; at ``photos``.
    """
    check_may_keep(actor)
    with errors_at("photos"):
        kept = keep_evidence(
            EvidenceFacts(title=PHOTO_TITLE, kind=Evidence.Kind.PHOTO), upload=upload, actor=actor, now=now
        )
    if kept.attachment is None or not kept.attachment.content_type.startswith("image/"):
        raise InvalidInput.at("photos", "请选择照片（.jpg .png .heic .webp）", code="no_photo")
    return kept


@transaction.atomic
def record_finding(
    inspection: Inspection,
    facts: dict[str, Any],
    *,
    actor,
    now: datetime,
    photos: Sequence[Evidence] = (),
    token: str = "",
) -> Issue | None:
    """Write a finding as an issue in 草稿 with its photos of before, and return it (R1 R2 R6).

    Args:
        facts: columns of the issue; the source follows from the kind of the inspection.
        photos: what ``keep_photo`` returned to the same person.
        token: says which form was filled in. The same form sent again (the answer was lost on the road) writes
            nothing and returns None.

    Raises what ``write_issue`` raises.
    """
    check_may_keep(actor)
    if token and not claim_run("supervision.finding", f"{actor.pk}:{token}"[:100], now=now):
        return None
    check_number_of_photos(len(photos))
    issue = write_issue({"inspection": inspection} | facts, actor=actor, now=now)
    attach_photos(issue, photos, actor=actor, now=now)
    return issue


@transaction.atomic
def change_finding(
    issue: Issue,
    facts: dict[str, Any],
    *,
    actor,
    now: datetime,
    photos: Sequence[Evidence] = (),
    removed: Collection[int] = (),
) -> Issue:
    """Amend a finding in 草稿, add photos, take away those whose evidence is in ``removed`` (R1 R2 R6).

    Raises RuleViolation once it is registered, besides what ``edit_issue`` raises.
    """
    check_may_keep(actor)
    check_is_draft(issue, "修改")
    edit_issue(issue, actor=actor, now=now, **facts)
    hanging = issue.evidence.filter(phase=IssueEvidence.Phase.BEFORE, withdrawn_at=None)
    taken = list(hanging.filter(evidence__in=removed).select_related("evidence__attachment"))
    check_number_of_photos(hanging.count() - len(taken) + len(photos))
    if taken:
        record_event(
            actor=actor,
            action="supervision.issue.remove_photo",
            target=issue,
            before={"sha256": [photo_hash(row.evidence) for row in taken]},
            now=now,
        )
        remove_evidence(taken)
    attach_photos(issue, photos, actor=actor, now=now)
    return issue


@transaction.atomic
def delete_finding(issue: Issue, *, actor, now: datetime) -> None:
    """Delete a finding in 草稿 with its photos (R1 R2 R6). Its number stays spent; the audit log keeps what it said.

    Raises RuleViolation once it is registered, or where it belongs to no inspection.
    """
    check_may_keep(actor)
    check_is_draft(issue, "删除")
    if issue.inspection_id is None:
        raise RuleViolation("只有检查批次下的草稿可以删除")
    hanging = list(issue.evidence.select_related("evidence__attachment"))
    record_event(
        actor=actor,
        action="supervision.issue.delete",
        target=issue,
        before={
            "inspection": issue.inspection_id,
            "description": issue.description,
            "place": issue.place,
            "department": str(issue.department or ""),
            "sha256": [photo_hash(row.evidence) for row in hanging],
        },
        now=now,
    )
    remove_evidence(hanging)
    issue.delete()


def check_is_draft(issue: Issue, verb: str) -> None:
    """Raise RuleViolation unless the finding is a draft."""
    if issue.status != Issue.Status.DRAFT:
        raise RuleViolation(f"{issue.number} 当前为“{issue.get_status_display()}”，不能{verb}", code="not_a_draft")


def check_number_of_photos(number: int) -> None:
    """Raise InvalidInput for more photos than one finding may have."""
    if number > MOST_PHOTOS:
        raise InvalidInput.at("photos", f"一个问题最多 {MOST_PHOTOS} 张照片", code="too_many")


def attach_photos(issue: Issue, photos: Sequence[Evidence], *, actor, now: datetime) -> None:
    """Hang photos on the finding as evidence of before."""
    if photos:
        add_evidence(issue, evidence=photos, phase=IssueEvidence.Phase.BEFORE, actor=actor, now=now)


def photo_hash(photo: Evidence) -> str:
    """Return the sha256 of a photo as it is kept, empty for a link."""
    return photo.attachment.sha256 if photo.attachment else ""


def remove_evidence(rows: Sequence[IssueEvidence]) -> None:
    """Take evidence off a draft; a photo that was sent for nothing else goes with it."""
    for row in rows:
        evidence = row.evidence
        row.delete()
        others = IssueEvidence.objects.unscoped("whether another issue uses it").filter(evidence=evidence)
        if not evidence.for_review and not others.exists():
            evidence.delete()
