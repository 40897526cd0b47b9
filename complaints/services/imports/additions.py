"""New orders of a file, written at once: a fixed number of statements for each five hundred rows."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from complaints.identities import phone_digest
from complaints.models import AssistingDepartment, CallerPhone, Complaint, ComplaintEvent, Escalation, HandlingRound
from complaints.selectors.deadlines import running_clocks
from complaints.services.imports.facts import OrderFacts, S
from complaints.services.imports.rounds import Limits, assistant_due, passed_rungs, round_columns
from complaints.services.intake import Caller, title_of
from complaints.workflow import COMPLAINT
from core.deputies import absent_name

AT_ONCE = 500
#: As long as the column of the masked numbers is.
LONGEST_MASKED = 120


def caller_of(facts: OrderFacts) -> Caller:
    """Return who calls; an anonymous order keeps neither name nor phone."""
    if facts.anonymous:
        return Caller()
    return Caller(facts.caller or "", facts.phone.split(";") if facts.phone else [])


def caller_columns(caller: Caller) -> dict[str, Any]:
    """Return the columns that keep the caller; of many numbers only the first are shown masked."""
    columns = caller.columns()
    return columns | {"caller_phone_masked": columns["caller_phone_masked"][:LONGEST_MASKED]}


def add_orders(
    orders: Sequence[tuple[OrderFacts, dict[str, Any]]], *, units: dict[str, int], limits: Limits, actor
) -> list[Complaint]:
    """Enter the orders of a file in the states their columns put them in; return the complaints in that order.

    Args:
        orders: the facts, and further columns of the complaint (raw columns, relevance, where it is handled).
        units: code → key of the department.
    """
    rounds = [_round_of(facts, units, limits) if facts.department else None for facts, _ in orders]
    rows = [
        _complaint_columns(facts, units, limits, actor) | _due_of(round_) | further
        for (facts, further), round_ in zip(orders, rounds, strict=True)
    ]
    complaints = COMPLAINT.enter_many(Complaint, rows)
    pairs = [(facts, complaint) for (facts, _), complaint in zip(orders, complaints, strict=True)]
    CallerPhone.objects.bulk_create(
        (
            CallerPhone(complaint=complaint, digest=phone_digest(phone))
            for facts, complaint in pairs
            for phone in dict.fromkeys(caller_of(facts).phones)
        ),
        batch_size=AT_ONCE,
    )
    opened = []
    for (facts, complaint), round_ in zip(pairs, rounds, strict=True):
        if round_ is not None:
            round_.complaint = complaint
            opened.append((facts, round_))
    _add_rounds(opened, units, limits)
    _add_events(complaints, {round_.complaint_id: round_ for _, round_ in opened}, actor=actor, now=limits.now)
    return complaints


def _round_of(facts: OrderFacts, units: dict[str, int], limits: Limits) -> HandlingRound:
    """Return the only round of an order with a department, still without its complaint."""
    unit = units[facts.department or ""]
    return HandlingRound(sequence=1, round_no=1, department_id=unit, **round_columns(facts, limits))


def _due_of(round_: HandlingRound | None) -> dict[str, Any]:
    """Return the dates the complaint repeats of its round."""
    due_at = round_.effective_due_at if round_ is not None else None
    return {"due_at": due_at, **running_clocks(round_)}


def _complaint_columns(facts: OrderFacts, units: dict[str, int], limits: Limits, actor) -> dict[str, Any]:
    now = limits.now
    return {
        "number": facts.number,
        "channel": Complaint.Channel.IMPORT,
        "type": facts.type_code,
        "type_word": facts.type_word,
        "title": title_of(facts.content),
        "content": facts.content,
        "anonymous": facts.anonymous,
        "confidential": facts.is_confidential,
        "received_at": facts.received_at,
        "registered_at": now,
        "registered_by": actor,
        "entered_status_at": now,
        "upstream_due_at": facts.due_at,
        "raw_department": facts.raw_department,
        "status": facts.status,
        "outcome": Complaint.Outcome.IMPORTED if facts.status == S.CLOSED else "",
        "closed_at": facts.closed_at,
        "department_id": units[facts.department] if facts.department else None,
        "dispatch_count": 1 if facts.department else 0,
        **caller_columns(caller_of(facts)),
    }


def _add_rounds(opened: Sequence[tuple[OrderFacts, HandlingRound]], units: dict[str, int], limits: Limits) -> None:
    """Write the rounds of the orders with who helps and the rungs passed, and let each complaint name its own."""
    rounds = HandlingRound.objects.bulk_create([round_ for _, round_ in opened], batch_size=AT_ONCE)
    AssistingDepartment.objects.bulk_create(
        (
            AssistingDepartment(
                round=round_,
                department_id=units[code],
                due_at=assistant_due(round_, limits.calendar),
                added_at=limits.now,
            )
            for facts, round_ in opened
            for code in facts.co_departments
        ),
        batch_size=AT_ONCE,
    )
    Escalation.objects.bulk_create(
        (
            Escalation(complaint=round_.complaint, round=round_, rung=rung, reached_at=limits.now, passed=True)
            for round_ in rounds
            for rung in passed_rungs(round_, limits)
        ),
        batch_size=AT_ONCE,
    )
    of_complaint = HandlingRound.objects.unscoped("of the complaints being entered").filter(complaint=OuterRef("pk"))
    entered = Complaint.objects.unscoped("the complaints being entered")
    for start in range(0, len(rounds), AT_ONCE):
        keys = [round_.complaint_id for round_ in rounds[start : start + AT_ONCE]]
        entered.filter(pk__in=keys).update(current_round=Subquery(of_complaint.values("pk")[:1]))


def _add_events(complaints: Sequence[Complaint], rounds: dict[int, HandlingRound], *, actor, now) -> None:
    """Begin each timeline; an import is no act of a person on the row."""
    absent = absent_name(actor)
    ComplaintEvent.objects.bulk_create(
        (
            ComplaintEvent(
                complaint=complaint,
                kind="import",
                label="导入",
                text="来自热线表格" + ("，上级已办结" if complaint.status == S.CLOSED else ""),
                at=now,
                actor=actor,
                on_behalf_of=absent,
                department_id=complaint.department_id,
                round=rounds.get(complaint.pk),
                by_person=False,
            )
            for complaint in complaints
        ),
        batch_size=AT_ONCE,
    )
