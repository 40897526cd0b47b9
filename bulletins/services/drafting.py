"""Drafting: one live paper per kind and period; drafting again renews it, never makes a twin (domain §8)."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from bulletins.bindings import fingerprint
from bulletins.models import Bulletin, BulletinSection, SectionVersion
from bulletins.rules.bulletins import may_draft
from bulletins.rules.schedule import misfit
from bulletins.rules.wording import sections_of, title_of
from bulletins.selectors.snapshot import take_snapshot
from bulletins.workflow import BULLETIN
from core.audit import record_event
from core.clock import local_date
from core.dates import Period
from core.exceptions import InvalidInput, NotAllowed, RuleViolation
from core.ledger import take_turn
from core.settings_registry import settings_in_force
from core.workflow import swap

S = Bulletin.Status
#: What a paper takes from the settings when it is drafted; until it is signed the next drafting renews it.
HEAD = {
    "issuer": "bulletins.issuer",
    "addressee": "bulletins.addressee",
    "copies_to": "bulletins.copies_to",
}


def cut_off_of(period: Period, now: datetime) -> datetime:
    """Return the period's last day 24:00, or the aware ``now`` if that is earlier (domain §8, Cut-off)."""
    return min(period.ends_before, now)


@transaction.atomic
def draft_bulletin(kind: str, period: Period, *, actor, now: datetime) -> tuple[Bulletin, bool]:
    """Draft the paper of ``kind`` for ``period``, or renew its draft; return it, and whether it is new.

    Renewing takes the numbers anew and writes the sections nobody edited; edited ones keep their words, bound
    numbers move, the version before stays. R1 R2; ``actor`` None is the scheduler.

    Raises:
        NotAllowed: anybody else.
        InvalidInput: the period lies in the future, or is none for a paper of this kind.
        RuleViolation: the period's paper is past 草稿.
    """
    if actor is not None and not may_draft(actor, None):
        raise NotAllowed("生成通报由县营商办办理")
    if period.start > local_date(now):
        raise InvalidInput.at("period", "期间还没有开始，不能生成", code="future_period")
    if reason := misfit(kind, period.start, period.end):
        raise InvalidInput.at("period", reason, code="strange_period")
    take_turn("bulletins.draft", now=now)
    live = live_bulletin(kind, period.start, period.end)
    if live is None:
        return _new(kind, period, actor=actor, now=now), True
    if live.status != S.DRAFT:
        raise RuleViolation(
            f"{period.text} 的{live.get_kind_display()}{live.get_status_display()}，不能重新生成", code="not_a_draft"
        )
    return renew_draft(live, actor=actor, now=now), False


def live_bulletin(kind: str, start: date, end: date) -> Bulletin | None:
    """Return the one paper that counts for the period, None without one."""
    rows = Bulletin.objects.unscoped("the drafting decides whether there is one")
    return rows.filter(kind=kind, from_on=start, to_on=end, corrects=None).exclude(status=S.VOIDED).first()


def _new(kind: str, period: Period, *, actor, now: datetime, **fields: Any) -> Bulletin:
    """Enter a draft with its snapshot and generated sections."""
    cut_off = fields.pop("cut_off", None) or cut_off_of(period, now)
    snapshot = take_snapshot(kind, start=period.start, end=period.end, cut_off=cut_off)
    try:
        with transaction.atomic():
            bulletin = BULLETIN.enter(
                Bulletin,
                S.DRAFT,
                number=free_number(kind, period),
                kind=kind,
                period=period.text,
                from_on=period.start,
                to_on=period.end,
                cut_off=cut_off,
                title=fields.pop("title", None) or title_of(kind, period.start, period.end, issuer=_head()["issuer"]),
                snapshot=snapshot,
                snapshot_sha256=fingerprint(snapshot),
                snapshot_at=now,
                drafted_at=now,
                drafted_by=actor,
                **_head(),
                **fields,
            )
    except IntegrityError:
        # Two at once although each waits its turn: the constraint is the last word.
        raise RuleViolation("这一期刚刚已经生成，请刷新后再看", code="drafted_meanwhile") from None
    _write_sections(bulletin, actor=actor, now=now)
    record_event(
        actor=actor,
        action="bulletins.bulletin.draft",
        target=bulletin,
        after={"kind": kind, "period": period.text, "snapshot": bulletin.snapshot_sha256},
        now=now,
    )
    return bulletin


def _head() -> dict[str, str]:
    values = settings_in_force(*HEAD.values())
    return {column: values[name] for column, name in HEAD.items()}


def free_number(kind: str, period: Period) -> str:
    """Return the key of a new paper: notice-2026W47, a second one of the period notice-2026W47-2."""
    text = period.text.replace("-", "").replace("..", "-")
    base = f"{kind}-{text}"
    rows = Bulletin.objects.unscoped("keys are given over all papers")
    count = rows.filter(kind=kind, from_on=period.start, to_on=period.end).count()
    candidate = base if not count else f"{base}-{count + 1}"
    while rows.filter(number=candidate).exists():
        count += 1
        candidate = f"{base}-{count + 1}"
    return candidate


def _write_sections(bulletin: Bulletin, *, actor, now: datetime) -> None:
    """Write the generated sections of a new paper."""
    BulletinSection.objects.bulk_create(
        BulletinSection(
            bulletin=bulletin,
            key=section.key,
            position=position,
            title=section.title,
            text=section.text,
            changed_at=now,
            changed_by=actor,
        )
        for position, section in enumerate(sections_of(bulletin.kind, bulletin.snapshot), 1)
    )


def renew_draft(bulletin: Bulletin, *, actor, now: datetime) -> Bulletin:
    """Take the numbers anew at the same rule of cut-off, and write the sections nobody edited."""
    period = period_of(bulletin)
    cut_off = bulletin.cut_off if bulletin.corrects_id else cut_off_of(period, now)
    excluded = frozenset(bulletin.exclusions.values_list("item_number", flat=True))
    snapshot = take_snapshot(
        bulletin.kind, start=bulletin.from_on, end=bulletin.to_on, cut_off=cut_off, excluded=excluded
    )
    before = bulletin.snapshot_sha256
    swap(
        bulletin,
        snapshot=snapshot,
        snapshot_sha256=fingerprint(snapshot),
        snapshot_at=now,
        cut_off=cut_off,
        **_head(),
    )
    rewrite_generated(bulletin, actor=actor, now=now)
    record_event(
        actor=actor,
        action="bulletins.bulletin.renew",
        target=bulletin,
        before={"snapshot": before},
        after={"snapshot": bulletin.snapshot_sha256},
        now=now,
    )
    return bulletin


def period_of(bulletin: Bulletin) -> Period:
    """Return the paper's period."""
    return Period("range", bulletin.from_on, bulletin.to_on, bulletin.period)


def rewrite_generated(bulletin: Bulletin, *, actor, now: datetime) -> None:
    """Write the sections nobody edited from the present snapshot; what they said before stays as a version."""
    written = {section.key: section for section in sections_of(bulletin.kind, bulletin.snapshot)}
    for section in bulletin.sections.filter(edited=False):
        fresh = written.get(section.key)
        if fresh is not None and fresh.text != section.text:
            change_section(section, text=fresh.text, edited=False, actor=actor, now=now)


def change_section(section: BulletinSection, *, text: str, edited: bool, actor, now: datetime) -> None:
    """Give the section another text and keep what it said."""
    SectionVersion.objects.create(
        section=section,
        version=section.version,
        text=section.text,
        edited=section.edited,
        changed_at=section.changed_at,
        changed_by=section.changed_by,
    )
    section.text, section.edited, section.version = text, edited, section.version + 1
    section.changed_at, section.changed_by = now, actor
    section.save(update_fields=["text", "edited", "version", "changed_at", "changed_by"])


def new_correction(bulletin: Bulletin, *, reason: str, opening: str, actor, now: datetime) -> Bulletin:
    """Enter the draft that corrects ``bulletin``: same kind, period and cut-off, a fresh snapshot."""
    return _new(
        bulletin.kind,
        period_of(bulletin),
        actor=actor,
        now=now,
        cut_off=bulletin.cut_off,
        title=f"{bulletin.title.removesuffix('（更正）')}（更正）",
        opening=opening,
        corrects=bulletin,
        correction_reason=reason,
    )
