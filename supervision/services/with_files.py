"""Acts whose page takes files as well: the files and the act are one, both or neither."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from supervision.models import Issue, IssueEvidence
from supervision.services.clearance import request_clearance
from supervision.services.evidence import keep_files, upload_issue_evidence
from supervision.services.verification import verify_fail, verify_pass
from supervision.workflow import ISSUE


@transaction.atomic
def request_clearance_with_files(
    issue: Issue, *, actor, now: datetime, note: str = "", files: Sequence[Any] = ()
) -> Issue:
    """Ask for clearance with evidence of after handed in by the same form; see ``request_clearance``."""
    ISSUE.check("request_clearance", issue, actor=actor)
    if files:
        upload_issue_evidence(issue, files=files, phase=IssueEvidence.Phase.AFTER, actor=actor, now=now)
    return request_clearance(issue, note=note, actor=actor, now=now)


@transaction.atomic
def verify_pass_with_files(
    issue: Issue, *, actor, now: datetime, note: str = "", sustained: bool = False, files: Sequence[Any] = ()
) -> Issue:
    """Put one's name to the clearance with photos of the check; see ``verify_pass``."""
    ISSUE.check("verify_pass", issue, actor=actor)
    kept = keep_files(files, actor=actor, now=now)
    return verify_pass(issue, note=note, sustained=sustained, evidence=kept, actor=actor, now=now)


@transaction.atomic
def verify_fail_with_files(issue: Issue, *, reason: str, actor, now: datetime, files: Sequence[Any] = ()) -> Issue:
    """Refuse the clearance with photos of the check; see ``verify_fail``."""
    ISSUE.check("verify_fail", issue, actor=actor)
    return verify_fail(issue, reason=reason, evidence=keep_files(files, actor=actor, now=now), actor=actor, now=now)
