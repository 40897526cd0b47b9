"""Finding rounds that stand on a new rung and putting that on record, once per round (domain §6, Escalation).

Streamed and written in batches, so that a million rows need no memory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Case, Exists, IntegerField, Model, OuterRef, QuerySet, Value, When

from core.ladder.rungs import Rung, rungs_up_to

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Reached:
    """One round that stands on a rung since the last scan; by being overdue, or for another reason."""

    subject_id: int
    number: str
    round_id: int
    department_id: int
    rung: int
    is_overdue: bool


def standing_on(rows: QuerySet, marks: Mapping[Rung, datetime | date], *, clock: str, records: QuerySet) -> QuerySet:
    """Return the overdue ``rows`` with the ``rung`` they stand on, where ``records`` has it not yet.

    Args:
        marks: from ``overdue_marks`` or ``overdue_days``, as ``clock`` is a moment or a day.
        clock: column of the time by which the department has to be done; null while no clock runs.
        records: the rungs on record, each with its ``round`` and ``rung``.
    """
    steps = (
        When(**{f"{clock}__lt": mark, "then": Value(int(rung))}) for rung, mark in sorted(marks.items(), reverse=True)
    )
    rung = Case(*steps, output_field=IntegerField())
    overdue = rows.filter(**{f"{clock}__lt": marks[Rung.OVERDUE]}).annotate(rung=rung)
    return _unrecorded(overdue, records)


def at_rung(rows: QuerySet, rung: int, *, records: QuerySet) -> QuerySet:
    """Return ``rows`` annotated with ``rung``, where ``records`` has it not yet."""
    return _unrecorded(rows.annotate(rung=Value(int(rung), output_field=IntegerField())), records)


def _unrecorded(rows: QuerySet, records: QuerySet) -> QuerySet:
    return rows.filter(~Exists(records.filter(round=OuterRef("current_round"), rung=OuterRef("rung"))))


def stream(rows: QuerySet, *, clock: str, is_overdue: bool = False) -> Iterator[Reached]:
    """Yield the annotated ``rows`` of ``standing_on`` or ``at_rung``, the longest overdue first.

    They are counted first. Mostly there is none or few, and PostgreSQL plans a cursor as if only its beginning were
    wanted, and never in parallel: over a million running clocks that takes ten times as long as the count.
    """
    found = rows.order_by().count()
    if not found:
        return
    columns = ("pk", "number", "current_round", "department", "rung")
    wanted = rows.order_by(clock, "id").values(*columns)
    for row in wanted.iterator(CHUNK) if found > CHUNK else wanted:
        yield Reached(
            subject_id=row["pk"],
            number=row["number"],
            round_id=row["current_round"],
            department_id=row["department"],
            rung=row["rung"],
            is_overdue=is_overdue,
        )


def climb(
    sources: Iterable[Iterator[Reached]],
    *,
    rungs: type[Model],
    events: type[Model],
    subject: str,
    now: datetime,
    tell: Callable[[Reached], Any],
    **event: Any,
) -> int:
    """Put what ``sources`` yield on record at the aware ``now``, give each to ``tell`` and return how many there were.

    Call it inside the transaction that has its turn (``core.ledger.take_turn``): a rung is on record once per
    round, so that running twice tells nobody twice. Each source is read when the one before is on record.

    Args:
        rungs: model of the rungs on record; ``subject`` names its field of the complaint or issue.
        events: model of the timeline, with the same field.
        event: further columns of the line on the timeline.
    """
    found = 0
    for source in sources:
        while batch := list(islice(source, CHUNK)):
            _record_rungs(batch, rungs, subject, now=now)
            _write_timeline(batch, events, subject, now=now, columns=event)
            found += len(batch)
            for one in batch:
                tell(one)
    return found


def _record_rungs(batch: Iterable[Reached], rungs: type[Model], subject: str, *, now: datetime) -> None:
    """Write rungs; those below that nobody recorded are passed, not sent (imports, a scan that was down)."""
    rungs._base_manager.bulk_create(
        (
            rungs(
                **{f"{subject}_id": one.subject_id},
                round_id=one.round_id,
                rung=rung,
                reached_at=now,
                passed=rung != one.rung,
            )
            for one in batch
            for rung in (rungs_up_to(one.rung) if one.is_overdue else (one.rung,))
        ),
        ignore_conflicts=True,
    )


def _write_timeline(
    batch: Iterable[Reached], events: type[Model], subject: str, *, now: datetime, columns: Mapping[str, Any]
) -> None:
    events._base_manager.bulk_create(
        events(
            **{f"{subject}_id": one.subject_id},
            round_id=one.round_id,
            department_id=one.department_id,
            kind="escalate",
            label=Rung(one.rung).label,
            at=now,
            **columns,
        )
        for one in batch
    )
