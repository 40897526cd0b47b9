"""发文字号 and 期号: given by signing, from one counter per kind and year, without gaps or reuse (domain §8)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum

from bulletins.models import Bulletin, BulletinCounter
from bulletins.rules.bulletins import may_draft
from core.audit import record_event
from core.clock import local_date
from core.documents import document_number, issue_number
from core.exceptions import InvalidInput, NotAllowed
from core.settings_registry import setting


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """What ``sign`` gave: a 发文字号, or a 期号; the other is empty."""

    document_number: str = ""
    issue_number: str = ""


def give_number(kind: str, *, now: datetime) -> GivenNumber:
    """Spend the next number of ``kind`` in the year (Asia/Shanghai) of signing; call it inside sign's transaction."""
    year = local_date(now).year
    counter, _ = BulletinCounter.objects.get_or_create(kind=kind, year=year)
    BulletinCounter.objects.filter(pk=counter.pk).update(next_serial=F("next_serial") + 1)
    counter.refresh_from_db()
    return _written(kind, year, counter.next_serial - 1)


def number_to_come(kind: str, *, now: datetime) -> GivenNumber:
    """Return what signing at the aware ``now`` would give; nothing is spent, and another signature may come first."""
    year = local_date(now).year
    return _written(kind, year, next_serial(kind, year))


def next_serial(kind: str, year: int) -> int:
    """Return the next number of a kind and year; 1 where none was given or set."""
    return BulletinCounter.objects.filter(kind=kind, year=year).values_list("next_serial", flat=True).first() or 1


def _written(kind: str, year: int, serial: int) -> GivenNumber:
    if kind == Bulletin.Kind.NOTICE:
        return GivenNumber(document_number=document_number(setting("bulletins.document_code"), year, serial))
    return GivenNumber(issue_number=issue_number(serial, total_before(kind, year) + serial))


def total_before(kind: str, year: int) -> int:
    """Return how many issues there were before ``year``: where 总期号 starts (setting) and the years counted here."""
    earlier = BulletinCounter.objects.filter(kind=kind, year__lt=year).aggregate(spent=Sum(F("next_serial") - 1))[
        "spent"
    ]
    return setting("bulletins.total_start") + (earlier or 0)


@transaction.atomic
def set_next_number(kind: str, year: int, serial: int, *, actor, now: datetime) -> BulletinCounter:
    """Let the counter go on from a paper year (R1 R2): never to a number already used.

    Raises InvalidInput for one that was given, or below 1.
    """
    if not may_draft(actor, None):
        raise NotAllowed("发文编号由县营商办设定")
    counter, _ = BulletinCounter.objects.get_or_create(kind=kind, year=year)
    before = counter.next_serial
    # One statement: a paper signed between reading and writing must not get its number a second time.
    rows = BulletinCounter.objects.filter(pk=counter.pk, next_serial__lte=serial)
    if not rows.update(next_serial=serial):
        counter.refresh_from_db()
        raise InvalidInput.at(
            "next_serial",
            f"{year} 年的号已用到 {counter.next_serial - 1}，下一号不能小于 {counter.next_serial}",
            code="used",
        )
    counter.refresh_from_db()
    record_event(
        actor=actor,
        action="bulletins.counter.set",
        target=counter,
        before={"next_serial": before},
        after={"next_serial": serial},
        now=now,
    )
    return counter
