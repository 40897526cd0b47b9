"""Claiming scheduled work so that running twice, late, or not at all for a night does no harm."""

from datetime import datetime

from core.models import RunLedger


def claim_run(kind: str, key: str, *, now: datetime, detail: dict | None = None) -> bool:
    """Return True for the first caller that claims (``kind``, ``key``), False for every later one.

    Call it inside the transaction of the act: if the act fails, the claim is rolled back with it.
    """
    _, first = RunLedger.objects.get_or_create(kind=kind, key=key, defaults={"at": now, "detail": detail or {}})
    return first


def runs_done(kind: str, keys: list[str]) -> set[str]:
    """Return those of ``keys`` that are already in the ledger of ``kind``."""
    return set(RunLedger.objects.filter(kind=kind, key__in=keys).values_list("key", flat=True))


def take_turn(kind: str, *, now: datetime) -> None:
    """Let one transaction after the other do the act ``kind``: the second waits here until the first has ended.

    The ledger's row is written, which locks it on PostgreSQL; on SQLite the transaction itself is exclusive.
    It also says when the act was last done. Call it first in the transaction.
    """
    row, _ = RunLedger.objects.get_or_create(kind=kind, key="turn", defaults={"at": now})
    RunLedger.objects.filter(pk=row.pk).update(at=now)
