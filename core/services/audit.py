"""Sealing the audit log with a hash chain, and finding any tampering with it (architecture §12.6)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from core.models import AuditEvent, RunLedger

UNSEALED_LIMIT = timedelta(minutes=10)
SEAL_BATCH = 2_000
#: Where the chain's last number is remembered: a chain whose end was cut off is whole in itself.
CHAIN_HEAD: dict[str, Any] = {"kind": "audit_chain", "key": "head"}
# Any number will do, as long as nothing else in this database locks the same one.
SEAL_LOCK = 7_202_611


def seal_of(event: AuditEvent, previous: str, sequence: int) -> str:
    """Return the sha256 over the event's facts, its number and the seal before it."""
    facts = [
        previous,
        sequence,
        event.at.isoformat(),
        event.actor_id,
        event.actor_name,
        event.on_behalf_of,
        event.action,
        event.target_type,
        event.target_key,
        event.target_label,
        event.before,
        event.after,
        event.purpose,
        event.address,
    ]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def seal_audit(limit: int = SEAL_BATCH) -> int:
    """Give up to ``limit`` unsealed events their running number and hash; return how many.

    One sealer at a time: PostgreSQL by an advisory lock, SQLite because its write transaction is exclusive.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    last = AuditEvent.objects.exclude(sequence=None).order_by("-sequence").first()
    sequence, seal = (last.sequence or 0, last.seal) if last else (0, "")
    events = list(AuditEvent.objects.filter(sequence=None).order_by("id")[:limit])
    for event in events:
        sequence += 1
        seal = seal_of(event, seal, sequence)
        event.sequence, event.seal = sequence, seal
    AuditEvent.objects.bulk_update(events, ["sequence", "seal"], batch_size=500)
    if events:
        head = {"sequence": sequence, "seal": seal}
        RunLedger.objects.update_or_create(**CHAIN_HEAD, defaults={"at": events[-1].at, "detail": head})
    return len(events)


def audit_findings(now: datetime) -> Iterator[str]:
    """Yield a Chinese sentence for every missing number, wrong hash, or event unsealed for 10 minutes."""
    expected, previous = 0, ""
    for event in AuditEvent.objects.exclude(sequence=None).order_by("sequence").iterator(chunk_size=2_000):
        sequence = event.sequence or 0
        expected += 1
        if sequence != expected:
            yield f"缺少第 {expected} 号至第 {sequence - 1} 号记录"
            expected = sequence
        elif event.seal != seal_of(event, previous, sequence):
            yield f"第 {sequence} 号记录与校验值不符（{event.action} {event.target_label}）"
        previous = event.seal
    head = RunLedger.objects.filter(**CHAIN_HEAD).values_list("detail", flat=True).first()
    if head and head["sequence"] > expected:
        yield f"缺少第 {expected + 1} 号至第 {head['sequence']} 号记录"
    stale = AuditEvent.objects.filter(sequence=None, at__lt=now - UNSEALED_LIMIT).count()
    if stale:
        yield f"{stale} 条记录超过 10 分钟未编号"
