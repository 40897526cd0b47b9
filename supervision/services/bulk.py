"""Acts on a selection of the ledger: reminders, and assigning with one 整改通知书 a department. Never clearing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from core.exceptions import InvalidTransition, RuleViolation
from supervision.models import Issue
from supervision.services.writing import assign_many, remind_issue
from supervision.workflow import ISSUE

S = Issue.Status


@dataclass
class BulkResult:
    """What became of a selection: numbers done, and those left alone with the reason."""

    done: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def remind_issues(issues: Iterable[Issue], *, actor, now: datetime) -> BulkResult:
    """Remind whoever must act on each of ``issues``; those where nobody must are left alone and named (R1 R2 R6).

    Raises NotAllowed for anybody else.
    """
    result = BulkResult()
    for issue in issues:
        ISSUE.permit("remind", issue, actor=actor)
        try:
            remind_issue(issue, actor=actor, now=now)
        except (InvalidTransition, RuleViolation) as refusal:
            result.left.append((issue.number, refusal.detail))
        else:
            result.done.append(issue.number)
    return result


def assignable(issues: Iterable[Issue]) -> tuple[list[Issue], list[tuple[str, str]]]:
    """Return which of ``issues`` can be assigned as they are, and the others with the reason."""
    good: list[Issue] = []
    left: list[tuple[str, str]] = []
    for issue in issues:
        if issue.status != S.REGISTERED:
            left.append((issue.number, f"当前为“{issue.get_status_display()}”，只有待交办的可以交办"))
        elif issue.department is None:
            left.append((issue.number, "没有填写牵头单位"))
        else:
            good.append(issue)
    return good, left


@transaction.atomic
def assign_selected(issues: Sequence[Issue], *, actor, now: datetime) -> BulkResult:
    """Assign those of ``issues`` that wait to be and name their department, with one 整改通知书 a department.

    The others are left alone and named (R1 R2 R6).

    Raises:
        NotAllowed: anybody else.
        InvalidInput: a department no longer exists; then nothing was assigned.
    """
    for issue in issues:
        ISSUE.permit("assign", issue, actor=actor)
    good, left = assignable(issues)
    assigned = assign_many(good, actor=actor, now=now)
    return BulkResult([issue.number for issue in assigned], left)
