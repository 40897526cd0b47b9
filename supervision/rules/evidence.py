"""When a piece of an issue's evidence may be shown in place, and when it may still be withdrawn. Pure predicates."""

from datetime import datetime

from core.models import Attachment
from supervision.models import IssueEvidence


def is_photo(attachment: Attachment | None) -> bool:
    """Return whether the file is a photo this platform drew anew, which alone a page shows in place."""
    return (
        attachment is not None
        and attachment.content_type == "image/jpeg"
        and attachment.sha256 != attachment.original_sha256
    )


def may_withdraw_evidence(actor, item: IssueEvidence) -> bool:
    """Only the uploader."""
    return item.added_by_id == actor.pk


def withdrawal_refusal(item: IssueEvidence, *, last_asked: datetime | None) -> str | None:
    """Return why the evidence cannot be withdrawn any more, None if it can: until clearance is asked with it.

    Args:
        last_asked: when clearance of the issue was last asked, aware; requests that the head gave back left out.
    """
    if item.withdrawn_at is not None:
        return "这份佐证已撤回"
    if item.phase == IssueEvidence.Phase.VERIFICATION:
        return "随验收意见提交的材料不能撤回"
    if item.phase == IssueEvidence.Phase.AFTER and item.round_id != item.issue.current_round_id:
        return "历史轮次的佐证不能改动"
    if last_asked is not None and last_asked >= item.added_at:
        return "已申请销号，佐证不能再撤回"
    return None
