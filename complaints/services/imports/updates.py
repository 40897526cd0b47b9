"""Orders of which a later file says more (domain §6, Import)."""

from collections.abc import Mapping
from typing import Any

from complaints.models import AssistingDepartment, Complaint, ComplaintEvent, HandlingRound
from complaints.services.imports.additions import caller_columns, caller_of
from complaints.services.imports.facts import HELD, PERSONAL, RANKS, OrderFacts, S, facts_of_text, text_of
from complaints.services.imports.images import image_of
from complaints.services.imports.known import Known
from complaints.services.imports.rounds import Limits, assistant_due, round_columns
from complaints.services.intake import index_phones, title_of
from complaints.services.rounds import change_round, repeated_on
from complaints.workflow import COMPLAINT
from core.audit import record_event
from core.workflow import swap

#: The columns of a round's limit, which it got from the rule while the file had none.
RULED = frozenset({"due_at", "effective_due_at", "due_imported", "limit_amount", "limit_unit", "provisional"})


def update_order(
    facts: OrderFacts, known: Known, *, raw_cells: Mapping[str, str], units: dict[str, int], limits: Limits, actor
) -> tuple[Complaint, dict[str, Any]]:
    """Write what a file says differently of an order; return the complaint and its image before.

    What the file leaves blank stays. Where a person has acted on the row, department, assisting, times, result and
    state stay too. A row moves forward only.

    Args:
        raw_cells: the row's cells by header.
        units: code → key of the department.
    """
    complaints = Complaint.objects.unscoped("found by number, whoever imports")
    complaint = complaints.select_related("current_round", "department").get(pk=known.pk)
    before = image_of(complaint)
    said = known.differences({name: getattr(facts, name) for name in facts.__slots__})
    kept = {**known.kept, **{name: text_of(value) for name, value in said.items() if name not in PERSONAL}}
    whole = facts_of_text(kept, facts.number)
    columns = _own_columns(said, whole, facts, known, complaint)
    columns["raw_columns"] = {"cells": {**complaint.raw_columns.get("cells", {}), **raw_cells}, "values": kept}
    if not known.is_touched and not HELD.isdisjoint(said):
        columns |= _handling_columns(complaint, whole, units, limits)
    _write(complaint, whole, columns, moves=not known.is_touched, actor=actor, limits=limits)
    if PERSONAL & said.keys() or "anonymous" in said:
        index_phones(complaint, caller_of(_with_caller(facts, known)).phones)
    _record(complaint, list(said), actor=actor, limits=limits)
    return complaint, before


def _own_columns(
    said: Mapping[str, Any], whole: OrderFacts, facts: OrderFacts, known: Known, complaint: Complaint
) -> dict[str, Any]:
    """Return the columns of the complaint itself, which follow the file even where a person has acted."""
    columns: dict[str, Any] = {}
    if "content" in said:
        columns["content"] = whole.content
        if complaint.title == title_of(complaint.content):
            columns["title"] = title_of(whole.content)
    if "type" in said:
        columns |= {"type": whole.type_code, "type_word": whole.type_word}
    if "due_at" in said:
        columns["upstream_due_at"] = whole.due_at
    if "raw_department" in said:
        columns["raw_department"] = whole.raw_department
    if "anonymous" in said:
        columns["anonymous"] = True
    if "confidential" in said or (whole.is_confidential and "type" in said):
        columns["confidential"] = True
    if PERSONAL & said.keys() or "anonymous" in said:
        columns |= caller_columns(caller_of(_with_caller(facts, known)))
    return columns


def _with_caller(facts: OrderFacts, known: Known) -> OrderFacts:
    """Return ``facts`` with the caller known so far where the file leaves one blank."""
    return OrderFacts(
        facts.number,
        facts.received_at,
        facts.content,
        caller=facts.caller or known.caller,
        phone=facts.phone or known.phone,
        anonymous=facts.anonymous or bool(known.kept.get("anonymous")),
    )


def _handling_columns(complaint: Complaint, whole: OrderFacts, units: dict[str, int], limits: Limits) -> dict[str, Any]:
    """Write the round as the file has it now, and return what the complaint repeats of it."""
    columns: dict[str, Any] = {"received_at": whole.received_at, "closed_at": whole.closed_at}
    if whole.closed_at is not None:
        columns["outcome"] = Complaint.Outcome.IMPORTED
    if whole.department is None:
        return columns
    round_ = complaint.current_round
    timed = round_columns(whole, limits) | {"department_id": units[whole.department]}
    if round_ is None:
        round_ = HandlingRound.objects.create(complaint=complaint, sequence=1, round_no=1, **timed)
        columns["dispatch_count"] = 1
    else:
        if round_.sign_due_at is not None:  # it counts from the first commit
            timed["sign_due_at"] = round_.sign_due_at
        if whole.due_at is None and whole.closed_at is not None and round_.due_at is not None:
            timed = {name: value for name, value in timed.items() if name not in RULED}  # it closes under its promise
        round_ = change_round(round_, **timed)
    wanted = [units[code] for code in whole.co_departments]
    AssistingDepartment.objects.unscoped("of the order in hand").filter(round=round_).exclude(
        department__in=wanted
    ).delete()
    AssistingDepartment.objects.bulk_create(
        (
            AssistingDepartment(
                round=round_, department_id=unit, due_at=assistant_due(round_, limits.calendar), added_at=limits.now
            )
            for unit in wanted
        ),
        ignore_conflicts=True,
    )
    round_.refresh_from_db(fields=["department"])
    return columns | repeated_on(round_)


def _write(
    complaint: Complaint, whole: OrderFacts, columns: dict[str, Any], *, moves: bool, actor, limits: Limits
) -> None:
    """Write the columns, and move the row where the file has got further than it."""
    source = S(complaint.status)
    if moves and source in RANKS and RANKS[whole.status] > RANKS[source]:
        complaint.chosen_status = whole.status
        columns["entered_status_at"] = limits.now
        COMPLAINT.apply("follow_file", complaint, actor=actor, now=limits.now, **columns)
        complaint.chosen_status = ""
    else:
        swap(complaint, **columns)


def _record(complaint: Complaint, said: list[str], *, actor, limits: Limits) -> None:
    """Say on the timeline and in the audit log that a file changed the row; an import is no act on the row."""
    record_event(
        actor=actor,
        action="complaints.complaint.import",
        target=complaint,
        after={"columns": sorted(said)},
        now=limits.now,
    )
    ComplaintEvent.objects.create(
        complaint=complaint,
        kind="import",
        label="导入更新",
        text="按热线表格更新",
        at=limits.now,
        actor=actor,
        department=complaint.department,
        round=complaint.current_round,
        by_person=False,
    )
