"""Entering an issue by its page: the draft, its photos of before and its registration are one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from core.ledger import claim_run
from departments.models import Department
from indicators.models import Evidence
from supervision.models import Issue, IssueEvidence
from supervision.services.evidence import add_evidence
from supervision.services.writing import register_issue, write_issue


@transaction.atomic
def enter_issue(
    facts: dict[str, Any],
    *,
    actor,
    now: datetime,
    assisting: Sequence[Department] = (),
    photos: Sequence[Evidence] = (),
    register: bool = False,
    token: str = "",
) -> Issue | None:
    """Write an issue in 草稿 with ``photos`` of before, and register it where asked; all or nothing.

    ``token`` says which form was filled in: the same form sent again (a second tap, an answer lost on the road)
    writes nothing and returns None.

    Raises what ``write_issue``, ``add_evidence`` and ``register_issue`` raise.
    """
    if token and not claim_run("supervision.issue", f"{actor.pk}:{token}"[:100], now=now):
        return None
    issue = write_issue(facts, assisting=assisting, actor=actor, now=now)
    if photos:
        add_evidence(issue, evidence=photos, phase=IssueEvidence.Phase.BEFORE, actor=actor, now=now)
    return register_issue(issue, actor=actor, now=now) if register else issue
