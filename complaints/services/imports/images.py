"""A complaint as it stood before a file changed it, and the way back (domain §6: undo gives back, frees numbers)."""

import json
from collections.abc import Sequence
from typing import Any

from django.core import serializers
from django.db.models import Model, ProtectedError

from complaints.models import AssistingDepartment, CallerPhone, Complaint, ComplaintEvent, HandlingRound
from complaints.services.imports.additions import AT_ONCE
from core.exceptions import RuleViolation
from core.workflow import swap


def image_of(complaint: Complaint) -> dict[str, Any]:
    """Return complaint, round, assisting departments and phone index, JSON-ready; what is sealed stays sealed."""
    round_ = complaint.current_round
    helpers = AssistingDepartment.objects.unscoped("of the order in hand").filter(round=round_) if round_ else []
    return {
        "complaint": _rows([complaint]),
        "round": _rows([round_] if round_ else []),
        "assisting": _rows(helpers),
        "phones": _rows(complaint.caller_phones.all()),
    }


def _rows(rows) -> list[dict[str, Any]]:
    return json.loads(serializers.serialize("json", rows))


def _read(rows: list[dict[str, Any]]) -> list[Any]:
    """Return the unsaved rows of an image."""
    return [row.object for row in serializers.deserialize("json", json.dumps(rows))]


def _columns(row: Model) -> dict[str, Any]:
    """Return every stored column but key and version."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in columns.items() if name not in {"id", "version"}}


def remove_orders(pks: Sequence[str]) -> None:
    """Delete orders that an import entered; their numbers are free again.

    Raises RuleViolation when another complaint leads to one of them.
    """
    for start in range(0, len(pks), AT_ONCE):
        complaints = Complaint.objects.unscoped("undone by whoever may import").filter(
            pk__in=pks[start : start + AT_ONCE]
        )
        complaints.update(current_round=None)
        ComplaintEvent.objects.unscoped("of the orders in hand").filter(complaint__in=complaints).delete()
        _remove_rounds(HandlingRound.objects.unscoped("of the orders in hand").filter(complaint__in=complaints))
        try:
            complaints.delete()
        except ProtectedError:
            raise RuleViolation("导入的工单中有的已被其他工单引用，不能撤销导入") from None


def give_back(pk: str, before: dict[str, Any], *, actor, now) -> None:
    """Give an order the columns of its image back, with round, assisting departments and phone index."""
    complaints = Complaint.objects.unscoped("undone by whoever may import")
    complaint = complaints.get(pk=pk)
    [old], rounds = _read(before["complaint"]), _read(before["round"])
    swap(complaint, **_columns(old))
    every = HandlingRound.objects.unscoped("of the order in hand").filter(complaint=complaint)
    if rounds:
        every.filter(pk=rounds[0].pk).update(**_columns(rounds[0]))
        _give_assisting_back(rounds[0], before["assisting"])
    else:
        ComplaintEvent.objects.unscoped("of the order in hand").filter(round__in=every).update(round=None)
        _remove_rounds(every)
    complaint.caller_phones.all().delete()
    CallerPhone.objects.bulk_create(_read(before["phones"]))
    ComplaintEvent.objects.create(
        complaint=complaint,
        kind="import",
        label="撤销导入",
        text="还原到导入以前",
        at=now,
        actor=actor,
        by_person=False,
    )


def _give_assisting_back(round_: HandlingRound, rows: list[dict[str, Any]]) -> None:
    helpers = AssistingDepartment.objects.unscoped("of the order in hand")
    helpers.filter(round=round_).delete()
    AssistingDepartment.objects.bulk_create(_read(rows))


def _remove_rounds(rounds) -> None:
    """Delete rounds with their assisting departments; their alerts go with them."""
    AssistingDepartment.objects.unscoped("of the order in hand").filter(round__in=rounds).delete()
    rounds.delete()
