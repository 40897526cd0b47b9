"""Editing a draft: words by section, newer numbers by group, items left out of section 六 (domain §8)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bulletins.bindings import fingerprint, moved_names, text_in, unknown_names
from bulletins.models import Bulletin, BulletinSection, OverdueExclusion
from bulletins.rules.adoption import adopted
from bulletins.rules.bulletins import may_draft, may_review
from bulletins.selectors.snapshot import take_snapshot
from bulletins.selectors.sources import DECLINED
from bulletins.services.drafting import change_section, renew_draft, rewrite_generated
from core.audit import record_event
from core.exceptions import InvalidInput, InvalidTransition, NotAllowed
from core.workflow import swap

S = Bulletin.Status


def check_may_edit(bulletin: Bulletin, *, actor) -> None:
    """Raise NotAllowed unless R1 R2; InvalidTransition unless the paper is a draft."""
    check_may_draft(bulletin, actor=actor)
    check_is_draft(bulletin)


def check_may_draft(bulletin: Bulletin, *, actor) -> None:
    """Raise NotAllowed unless R1 R2."""
    if not may_draft(actor, bulletin):
        raise NotAllowed("修改通报由县营商办办理")


def check_may_leave_out(bulletin: Bulletin, *, actor) -> None:
    """Raise NotAllowed unless R2."""
    if not may_review(actor, bulletin):
        raise NotAllowed("不列入通报由县营商办审核人决定")


def check_is_draft(bulletin: Bulletin) -> None:
    """Raise InvalidTransition for a paper past 草稿: what is handed in, signed or issued is not edited."""
    if bulletin.status != S.DRAFT:
        raise InvalidTransition(f"当前为“{bulletin.get_status_display()}”，只有草稿可以修改")


@transaction.atomic
def edit_sections(
    bulletin: Bulletin,
    texts: Mapping[str, str],
    *,
    actor,
    now: datetime,
    title: str | None = None,
    opening: str | None = None,
) -> Bulletin:
    """Replace the words of sections, by key; bound numbers stay ``{name}`` (R1 R2 on a draft).

    Raises InvalidInput for a section or a ``{name}`` the paper does not have; nothing is written then.
    """
    check_may_edit(bulletin, actor=actor)
    sections = {section.key: section for section in bulletin.sections.all()}
    for key, text in texts.items():
        if key not in sections:
            raise InvalidInput.at("sections", f"没有段落 {key}", code="unknown_section")
        check_names(text, bulletin, field=key)
    changed = [key for key, text in texts.items() if _clean(text) != sections[key].text]
    for key in changed:
        change_section(sections[key], text=_clean(texts[key]), edited=True, actor=actor, now=now)
    head = {"title": title, "opening": opening}
    columns = {
        name: _clean(value)
        for name, value in head.items()
        if value is not None and _clean(value) != getattr(bulletin, name)
    }
    if not columns.get("title", True):
        raise InvalidInput.at("title", "请填写标题", code="required")
    if changed or columns:
        swap(bulletin, **columns)
        record_event(
            actor=actor,
            action="bulletins.bulletin.edit",
            target=bulletin,
            after={"sections": changed, **columns},
            now=now,
        )
    return bulletin


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def check_names(text: str, bulletin: Bulletin, *, field: str) -> None:
    """Raise InvalidInput for a ``{name}`` the snapshot does not hold."""
    if unknown := unknown_names(text, bulletin.snapshot["numbers"]):
        names = "、".join(f"{{{name}}}" for name in unknown)
        raise InvalidInput.at(field, f"没有名为 {names} 的数字", code="unknown_name")


@transaction.atomic
def restore_generated(bulletin: Bulletin, key: str, *, actor, now: datetime) -> Bulletin:
    """Give a section back to the generator: its words come from the snapshot again (R1 R2 on a draft)."""
    check_may_edit(bulletin, actor=actor)
    BulletinSection.objects.unscoped("of the paper in hand").filter(bulletin=bulletin, key=key).update(edited=False)
    rewrite_generated(bulletin, actor=actor, now=now)
    swap(bulletin)
    record_event(
        actor=actor, action="bulletins.bulletin.restore_section", target=bulletin, after={"section": key}, now=now
    )
    return bulletin


def snapshot_today(bulletin: Bulletin) -> dict[str, Any]:
    """Return what the same calculation at the same cut-off gives now."""
    excluded = frozenset(bulletin.exclusions.values_list("item_number", flat=True))
    return take_snapshot(
        bulletin.kind, start=bulletin.from_on, end=bulletin.to_on, cut_off=bulletin.cut_off, excluded=excluded
    )


def numbers_today(bulletin: Bulletin) -> dict[str, dict[str, Any]]:
    """Return the numbers of ``snapshot_today``."""
    return snapshot_today(bulletin)["numbers"]


@transaction.atomic
def adopt_numbers(bulletin: Bulletin, groups: Iterable[str], *, actor, now: datetime) -> Bulletin:
    """Take the newer value of every number in ``groups`` (采用新值), never of one of a group alone (R1 R2 on a draft).

    Sections nobody edited are written anew where a sentence depends on the numbers.
    """
    check_may_edit(bulletin, actor=actor)
    wanted, fresh, kept = set(groups), snapshot_today(bulletin), bulletin.snapshot["numbers"]
    moved = [name for name in moved_names(kept, fresh["numbers"]) if kept[name]["group"] in wanted]
    snapshot = adopted(bulletin.snapshot, fresh, wanted)
    swap(bulletin, snapshot=snapshot, snapshot_sha256=fingerprint(snapshot))
    rewrite_generated(bulletin, actor=actor, now=now)
    record_event(
        actor=actor,
        action="bulletins.bulletin.adopt_numbers",
        target=bulletin,
        before={name: kept[name]["text"] for name in moved},
        after={name: text_in(fresh["numbers"], name) for name in moved},
        now=now,
    )
    return bulletin


@transaction.atomic
def leave_out(bulletin: Bulletin, item_number: str, *, reason: str, actor, now: datetime) -> Bulletin:
    """Leave an overdue item out of section 六, with a logged reason (R2 on a draft)."""
    check_may_leave_out(bulletin, actor=actor)
    check_is_draft(bulletin)
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明不列入的理由", code="required")
    if item_number not in {item["number"] for item in bulletin.snapshot["tables"]["named"]}:
        raise InvalidInput.at("item_number", f"{item_number} 不在本期超期事项中")
    OverdueExclusion.objects.create(
        bulletin=bulletin, item_number=item_number, reason=reason.strip(), decided_by=actor, decided_at=now
    )
    record_event(
        actor=actor,
        action="bulletins.bulletin.leave_out",
        target=bulletin,
        after={"item": item_number},
        purpose=reason.strip(),
        now=now,
    )
    return renew_draft(bulletin, actor=actor, now=now)


@transaction.atomic
def include_again(bulletin: Bulletin, item_number: str, *, actor, now: datetime) -> Bulletin:
    """Take back that an overdue item is left out (R2 on a draft); both decisions stay in the audit log."""
    check_may_leave_out(bulletin, actor=actor)
    check_is_draft(bulletin)
    decided = bulletin.exclusions.filter(item_number=item_number).first()
    if decided is None:
        raise InvalidInput.at("item_number", f"{item_number} 没有被列为不列入")
    reason = decided.reason
    decided.delete()
    record_event(
        actor=actor,
        action="bulletins.bulletin.include_again",
        target=bulletin,
        before={"item": item_number, "reason": reason},
        now=now,
    )
    return renew_draft(bulletin, actor=actor, now=now)


@transaction.atomic
def keep_numbers(bulletin: Bulletin, groups: Iterable[str], *, actor, now: datetime) -> Bulletin:
    """Decide that the numbers of ``groups`` stay as they are although they would be others today (保留原值; R1 R2).

    The decision names the values declined: when the source moves on to yet another one, the mark is back.
    """
    check_may_edit(bulletin, actor=actor)
    wanted, fresh, kept = set(groups), numbers_today(bulletin), bulletin.snapshot["numbers"]
    declined = {name: text_in(fresh, name) for name in moved_names(kept, fresh) if kept[name]["group"] in wanted}
    facts = bulletin.snapshot["facts"] | {DECLINED: bulletin.snapshot["facts"].get(DECLINED, {}) | declined}
    snapshot = bulletin.snapshot | {"facts": facts}
    swap(bulletin, snapshot=snapshot, snapshot_sha256=fingerprint(snapshot))
    record_event(
        actor=actor,
        action="bulletins.bulletin.keep_numbers",
        target=bulletin,
        before={name: kept[name]["text"] for name in declined},
        after=declined,
        now=now,
    )
    return bulletin
