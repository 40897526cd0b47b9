"""Handing in, linking, judging and amending evidence (domain §3)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.roles import Role
from accounts.selectors import people_with_permission, people_with_role
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput
from core.services.attachments import store_attachment
from core.workflow import swap
from indicators.models import Evidence, EvidenceLink, Indicator
from indicators.rules.evidence import can_add_evidence
from indicators.selectors.evidence import linkable_indicators
from indicators.services.access import require
from indicators.workflow.evidence import EVIDENCE


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What is said about a piece of evidence; either a file is handed in beside it or ``link`` is given."""

    title: str
    kind: str
    link: str = ""
    document_number: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a link speaks for: a line of the checklist (else the one named like the kind), and a period.

    One piece may speak for an indicator in several periods, each its own link.
    """

    checklist_item: str = ""
    period_from: date | None = None
    period_to: date | None = None


ANYTHING = Scope()


@transaction.atomic
def add_evidence(
    facts: EvidenceFacts,
    *,
    actor,
    now: datetime,
    upload: Any = None,
    indicators: Sequence[Indicator] = (),
    scope: Scope = ANYTHING,
) -> Evidence:
    """Keep a file or a link as evidence of the actor's department, and link it to ``indicators``.

    Who: R1 R2 R4 R5; departments for indicators they lead or assist. It waits for review; the office is told.

    Raises:
        InvalidInput: neither file nor link, or both; an indicator of others; a period that ends before it begins.
        FileRefused, FileTooLarge: the file is not what it says, or too large.
    """
    require(can_add_evidence(actor), "提交佐证材料", "承办单位或县营商办")
    if (upload is None) == (not facts.link):
        raise InvalidInput.at("file", "请上传一个文件，或填写一个网址，二者选一", code="file_or_link")
    check_linkable(indicators, actor=actor)
    evidence = _enter(facts, upload=upload, actor=actor, now=now, for_review=True)
    for indicator in indicators:
        _link(evidence, indicator, scope, actor=actor, now=now)
    tell_reviewers(evidence, now=now)
    return evidence


def _enter(
    facts: EvidenceFacts, *, upload: Any, actor, now: datetime, for_review: bool, is_departmental: bool = True
) -> Evidence:
    attachment = store_attachment(upload, actor=actor, kind=facts.kind, now=now) if upload is not None else None
    evidence = EVIDENCE.enter(
        Evidence,
        Evidence.Status.PENDING,
        **asdict(facts),
        attachment=attachment,
        department_id=actor.scope_department_id if is_departmental else None,
        added_by=actor,
        added_at=now,
        for_review=for_review,
    )
    record_event(
        actor=actor,
        action="indicators.evidence.add",
        target=evidence,
        after={**asdict(facts), "sha256": attachment.sha256 if attachment else ""},
        now=now,
    )
    return evidence


@transaction.atomic
def keep_evidence(facts: EvidenceFacts, *, upload: Any, actor, now: datetime, is_departmental: bool = True) -> Evidence:
    """Keep a file for a row of an app above, such as an issue: nobody reviews it until it speaks for an indicator.

    Where it is not ``is_departmental`` the actor's department does not see it for being theirs, only through that
    row. The caller has judged who may. Raises FileRefused, FileTooLarge: the file is not what it says, or too large.
    """
    return _enter(facts, upload=upload, actor=actor, now=now, for_review=False, is_departmental=is_departmental)


@transaction.atomic
def link_evidence(
    evidence: Evidence, *, indicators: Sequence[Indicator], actor, now: datetime, scope: Scope = ANYTHING
) -> Evidence:
    """Let evidence speak for further indicators; one already linked in the same way stays as it is.

    Who: R1 R2 R4 R5, for indicators as in ``add_evidence``.
    """
    require(can_add_evidence(actor), "关联佐证材料", "承办单位或县营商办")
    check_linkable(indicators, actor=actor)
    for indicator in indicators:
        _link(evidence, indicator, scope, actor=actor, now=now)
    if indicators and not evidence.for_review:
        swap(evidence, for_review=True)
        tell_reviewers(evidence, now=now)
    return evidence


def _link(evidence: Evidence, indicator: Indicator, scope: Scope, *, actor, now: datetime) -> None:
    if scope.period_from and scope.period_to and scope.period_to < scope.period_from:
        raise InvalidInput.at("period_to", "适用期间的结束早于开始")
    rows = EvidenceLink.objects.unscoped("the evidence was fetched through the actor")
    _, is_new = rows.get_or_create(
        evidence=evidence,
        indicator=indicator,
        **asdict(scope),
        defaults={"first_level_id": indicator.first_level_id},
    )
    if is_new:
        record_event(
            actor=actor,
            action="indicators.indicator.link_evidence",
            target=indicator,
            after={"evidence": evidence.pk, "title": evidence.title, **asdict(scope)},
            now=now,
        )


@transaction.atomic
def unlink_evidence(link: EvidenceLink, *, actor, now: datetime) -> Evidence:
    """Take a wrong link away; the evidence stays. Who: R1 R2, and the department it came from."""
    evidence = link.evidence
    own = can_add_evidence(actor) and actor.scope_department_id == evidence.department_id
    require(own or actor.can(Permission.REVIEW_EVIDENCE), "取消关联", "提供单位或县营商办")
    record_event(
        actor=actor,
        action="indicators.indicator.unlink_evidence",
        target=link.indicator,
        before={"evidence": evidence.pk, "title": evidence.title, "checklist_item": link.checklist_item},
        now=now,
    )
    link.delete()
    return evidence


@transaction.atomic
def accept_evidence(evidence: Evidence, *, actor, now: datetime) -> Evidence:
    """Let evidence pass. Who: R1 R2."""
    return EVIDENCE.apply(
        "accept", evidence, actor=actor, now=now, reviewed_by=actor, reviewed_at=now, return_reason=""
    )


@transaction.atomic
def return_evidence(evidence: Evidence, *, reason: str, actor, now: datetime) -> Evidence:
    """Send evidence back with a reason; the department it came from is told. Who: R1 R2."""
    EVIDENCE.apply(
        "return",
        evidence,
        actor=actor,
        now=now,
        purpose=reason,
        reviewed_by=actor,
        reviewed_at=now,
        return_reason=reason,
    )
    notify(
        people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=evidence.department_id)
        if evidence.department_id
        else [evidence.added_by],
        kind="evidence.returned",
        title=f"佐证材料“{evidence.title}”被退回补正",
        body=reason,
        url=evidence.get_absolute_url(),
        key=f"evidence:{evidence.pk}:returned:{evidence.version}",
        now=now,
    )
    return evidence


@transaction.atomic
def resubmit_evidence(
    evidence: Evidence, facts: EvidenceFacts | None = None, *, actor, now: datetime, upload: Any = None
) -> Evidence:
    """Hand returned evidence in again, with other facts or another file where given.

    Who: people of the department it came from. Raises InvalidInput when it would have neither file nor link.
    """
    EVIDENCE.check("resubmit", evidence, actor=actor)
    changes: dict[str, Any] = asdict(facts) if facts is not None else {}
    if upload is not None:
        kind = facts.kind if facts is not None else evidence.kind
        changes["attachment"] = store_attachment(upload, actor=actor, kind=kind, now=now)
        changes["link"] = ""
    elif changes.get("link"):
        changes["attachment"] = None
    elif evidence.attachment_id is None and "link" in changes:
        raise InvalidInput.at("file", "请上传一个文件，或填写一个网址，二者选一", code="file_or_link")
    audit = {name: value for name, value in changes.items() if name != "attachment"}
    if changes.get("attachment"):
        audit["sha256"] = changes["attachment"].sha256
    EVIDENCE.apply("resubmit", evidence, actor=actor, now=now, audit=audit, **changes)
    tell_reviewers(evidence, now=now)
    return evidence


def check_linkable(indicators: Iterable[Indicator], *, actor) -> None:
    """Raise InvalidInput naming the indicators ``actor``'s department neither leads nor assists."""
    wanted = {indicator.pk: indicator.code for indicator in indicators}
    allowed = set(linkable_indicators(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if foreign := sorted(code for pk, code in wanted.items() if pk not in allowed):
        detail = f"{'、'.join(foreign)} 不是本单位牵头或配合的指标"
        raise InvalidInput.at("indicators", detail, code="foreign_indicator")


def tell_reviewers(evidence: Evidence, *, now: datetime) -> None:
    """Tell the office that evidence waits for it."""
    notify(
        people_with_permission(Permission.REVIEW_EVIDENCE),
        kind="evidence.submitted",
        title=f"佐证材料“{evidence.title}”待审核",
        url=evidence.get_absolute_url(),
        key=f"evidence:{evidence.pk}:pending:{evidence.version}",
        now=now,
    )
