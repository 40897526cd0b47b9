"""Review, signature, correction, voiding and receipts of bulletins (domain §8)."""

from datetime import datetime

from django.db import transaction

from accounts.selectors import people_with_permission
from accounts.services import notify
from bulletins.documents import personal_data_in
from bulletins.models import Bulletin, Receipt
from bulletins.rules.bulletins import may_draft
from bulletins.selectors.sources import unbound_names
from bulletins.services.drafting import new_correction
from bulletins.services.files import freeze_files
from bulletins.services.numbers import give_number
from bulletins.workflow import BULLETIN
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.services.attachments import store_attachment
from core.workflow import swap

S = Bulletin.Status
PDF = "application/pdf"


def tell(people, bulletin: Bulletin, what: str, title: str, *, now: datetime) -> None:
    """Send one message about the paper, once per person and state."""
    notify(
        people,
        kind=f"bulletin.{what}",
        title=title,
        url=bulletin.get_absolute_url(),
        key=f"bulletin:{bulletin.pk}:{what}:{bulletin.version}",
        now=now,
    )


def name_of(bulletin: Bulletin) -> str:
    """Return what messages call the paper: its kind and period."""
    return f"{bulletin.get_kind_display()}（{bulletin.from_on:%m月%d日}至{bulletin.to_on:%m月%d日}）"


@transaction.atomic
def submit_bulletin(bulletin: Bulletin, *, actor, now: datetime) -> Bulletin:
    """Hand the draft in: 草稿 -> 待审核 (R1 R2)."""
    BULLETIN.check("submit", bulletin, actor=actor)
    check_names_are_bound(bulletin)
    BULLETIN.apply("submit", bulletin, actor=actor, now=now, submitted_at=now, submitted_by=actor, send_back_reason="")
    tell(people_with_permission(Permission.REVIEW_BULLETINS), bulletin, "review", f"{name_of(bulletin)}待审核", now=now)
    return bulletin


@transaction.atomic
def approve_bulletin(bulletin: Bulletin, *, actor, now: datetime) -> Bulletin:
    """Pass the review: 待审核 -> 待签发 (R2); refused while the text holds a mobile, ID or plate number."""
    BULLETIN.check("approve", bulletin, actor=actor)
    check_names_are_bound(bulletin)
    check_no_personal_data(bulletin)
    BULLETIN.apply("approve", bulletin, actor=actor, now=now, approved_at=now, approved_by=actor)
    tell(people_with_permission(Permission.SIGN_BULLETINS), bulletin, "signing", f"{name_of(bulletin)}待签发", now=now)
    return bulletin


def check_names_are_bound(bulletin: Bulletin) -> None:
    """Raise RuleViolation where edited words name a number that renewing has done away with: it would print as typed."""
    if unbound := unbound_names(bulletin):
        names = "、".join(f"{{{name}}}" for name in unbound)
        raise RuleViolation(f"正文引用的 {names} 已不在本期数据里，请改写后再办", code="unbound_name")


def check_no_personal_data(bulletin: Bulletin) -> None:
    """Raise RuleViolation naming what looks like a mobile, ID or plate number; nothing is masked silently."""
    if found := personal_data_in(bulletin):
        raise RuleViolation(f"正文中有{'、'.join(found)}，请删去后再办", code="personal_data")


@transaction.atomic
def send_back_bulletin(bulletin: Bulletin, *, reason: str, actor, now: datetime) -> Bulletin:
    """Send it back, always to 草稿: R2 from 待审核, R3 from 待签发."""
    BULLETIN.apply("send_back", bulletin, actor=actor, now=now, purpose=reason, send_back_reason=reason)
    tell(
        people_with_permission(Permission.DRAFT_BULLETINS),
        bulletin,
        "sent_back",
        f"{name_of(bulletin)}被退回修改",
        now=now,
    )
    return bulletin


@transaction.atomic
def sign_bulletin(bulletin: Bulletin, *, actor, now: datetime) -> Bulletin:
    """Sign and issue in one act: 待签发 -> 已印发 (R3). Gives the number, freezes snapshot and files.

    If a file cannot be made nothing is signed and no number is spent. Departments are told to sign receipt.
    """
    BULLETIN.check("sign", bulletin, actor=actor)
    check_names_are_bound(bulletin)
    check_no_personal_data(bulletin)
    given = give_number(bulletin.kind, now=now)
    BULLETIN.apply(
        "sign",
        bulletin,
        actor=actor,
        now=now,
        audit={"document_number": given.document_number, "issue_number": given.issue_number},
        signed_by=actor,
        issued_at=now,
        issued_on=local_date(now),
        document_number=given.document_number,
        issue_number=given.issue_number,
    )
    freeze_files(bulletin, actor=actor, now=now)
    title = f"{bulletin.document_number or bulletin.issue_number} 已印发，请签收"
    tell(people_with_permission(Permission.ACKNOWLEDGE_BULLETINS), bulletin, "issued", title, now=now)
    return bulletin


@transaction.atomic
def correct_bulletin(bulletin: Bulletin, *, reason: str, actor, now: datetime) -> Bulletin:
    """Open a correction of an issued paper and return its draft (R2); the old stays issued, each names the other.

    Raises RuleViolation while a correction of it is still under way.
    """
    BULLETIN.check("correct", bulletin, actor=actor)
    under_way = bulletin.corrections.exclude(status__in=Bulletin.PUBLISHED).first()
    if under_way is not None:
        raise RuleViolation(f"已有一份更正稿 {under_way.number} 在办", code="correction_under_way")
    old = bulletin.document_number or bulletin.issue_number
    opening = f"{old}因{as_clause(reason)}，现更正如下，原文以本更正为准。"
    correction = new_correction(bulletin, reason=reason.strip(), opening=opening, actor=actor, now=now)
    BULLETIN.apply("correct", bulletin, actor=actor, now=now, purpose=reason, audit={"correction": correction.number})
    return correction


def as_clause(reason: str) -> str:
    """Return a reason as it stands after 因: on one line, without 因 of its own or an end mark."""
    return "，".join(reason.split()).removeprefix("因").strip("，。；;,.")


@transaction.atomic
def void_bulletin(bulletin: Bulletin, *, reason: str, actor, now: datetime) -> Bulletin:
    """Void an issued paper (R3): its number stays spent, the period may be drafted again; departments are told."""
    BULLETIN.apply(
        "void", bulletin, actor=actor, now=now, purpose=reason, voided_at=now, voided_by=actor, void_reason=reason
    )
    title = f"{bulletin.document_number or bulletin.issue_number} 已作废"
    tell(people_with_permission(Permission.ACKNOWLEDGE_BULLETINS), bulletin, "voided", title, now=now)
    return bulletin


@transaction.atomic
def acknowledge_bulletin(bulletin: Bulletin, *, actor, now: datetime) -> Receipt:
    """Sign receipt for one's department (R4 R5), once. Raises RuleViolation the second time."""
    BULLETIN.check("acknowledge", bulletin, actor=actor)
    receipt, is_new = Receipt.objects.unscoped("of the paper in hand").get_or_create(
        bulletin=bulletin, department_id=actor.scope_department_id, defaults={"user": actor, "at": now}
    )
    if not is_new:
        raise RuleViolation("本单位已签收", code="already_acknowledged")
    bulletin.__dict__.pop("acknowledged_by", None)
    record_event(
        actor=actor,
        action="bulletins.bulletin.acknowledge",
        target=bulletin,
        after={"department": receipt.department.code},
        now=now,
    )
    return receipt


@transaction.atomic
def attach_stamped_scan(bulletin: Bulletin, *, upload, actor, now: datetime) -> Bulletin:
    """Keep the stamped scan (.pdf) of an issued paper, once (R1 R2); it does not replace the frozen file."""
    if not may_draft(actor, bulletin):
        raise NotAllowed("盖章扫描件由县营商办上传")
    if bulletin.status != S.ISSUED:
        raise RuleViolation("印发后才能上传盖章扫描件")
    if bulletin.stamped_scan_id is not None:
        raise RuleViolation("盖章扫描件已上传，不能更换", code="scan_there")
    scan = store_attachment(upload, actor=actor, kind="stamped_scan", now=now)
    if scan.content_type != PDF:
        raise InvalidInput.at("file", "盖章扫描件应为 PDF 文件", code="not_a_pdf")
    swap(bulletin, stamped_scan=scan)
    record_event(
        actor=actor,
        action="bulletins.bulletin.attach_scan",
        target=bulletin,
        after={"sha256": scan.sha256},
        now=now,
    )
    return bulletin
