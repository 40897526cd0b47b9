"""When a piece of an issue's evidence may still be withdrawn (domain §7). Pure predicates."""

from supervision.models import ClearanceRequest, IssueEvidence


def may_withdraw_evidence(actor, item: IssueEvidence) -> bool:
    """Only the uploader."""
    return item.added_by_id == actor.pk


def withdrawal_refusal(item: IssueEvidence) -> str | None:
    """Return why the evidence cannot be withdrawn any more, None if it can: until clearance is asked with it.

    A request that the head gave back to the reporter had not been asked yet.
    """
    if item.withdrawn_at is not None:
        return "这份佐证已撤回"
    if item.phase == IssueEvidence.Phase.VERIFICATION:
        return "随验收意见提交的材料不能撤回"
    if item.phase == IssueEvidence.Phase.AFTER and item.round_id != item.issue.current_round_id:
        return "历史轮次的佐证不能改动"
    asked = ClearanceRequest.objects.unscoped("of the issue in hand").filter(
        round__issue=item.issue_id, asked_at__gte=item.added_at
    )
    if asked.exclude(result=ClearanceRequest.Result.SENT_BACK).exists():
        return "已申请销号，佐证不能再撤回"
    return None
