"""Deciding in the preview, for all new orders of a file at once, which are 不涉营商 (domain §6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from complaints.models import RelevanceRule
from core.audit import record_event
from core.models import ImportBatch
from core.workflows import IMPORT_BATCH


def relevance_rule(batch_id: int | None) -> RelevanceRule:
    """Return what was decided about the file; nothing decided leaves every order 未判定."""
    rules = RelevanceRule.objects.unscoped("of the batch in hand")
    return rules.filter(batch=batch_id).first() or RelevanceRule()


@transaction.atomic
def decide_relevance(
    batch: ImportBatch, *, types: Sequence[str], words: Sequence[str], otherwise: str, actor, now: datetime
) -> RelevanceRule:
    """Keep which new orders of a previewed file are 不涉营商; the commit applies it.

    Args:
        types: codes of the types that are.
        words: an order that holds one of them is.
        otherwise: what the others are, unknown or yes.

    Raises NotAllowed, InvalidTransition, RuleViolation like the commit itself.
    """
    IMPORT_BATCH.check("commit", batch, actor=actor)
    decided = {"types": list(types), "words": list(words), "otherwise": otherwise}
    rule, _ = RelevanceRule.objects.unscoped("of the batch in hand").update_or_create(batch=batch, defaults=decided)
    record_event(actor=actor, action="complaints.relevancerule.decide", target=rule, after=decided, now=now)
    return rule
