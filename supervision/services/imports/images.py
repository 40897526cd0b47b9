"""An issue as it stood before a file changed it, and the way back (domain §6: undo gives back)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.audit import record_event
from core.exceptions import RuleViolation
from core.workflow import swap
from supervision.models import Issue
from supervision.services.moves import write_event
from supervision.services.writing import EDITABLE

_DATES = frozenset({"found_on", "due_on"})


def image_of(issue: Issue) -> dict[str, Any]:
    """Return what a file may change of the issue, JSON-ready."""
    columns = {Issue._meta.get_field(name).attname: None for name in sorted(EDITABLE)}  # type: ignore[union-attr]
    columns = {name: getattr(issue, name) for name in columns}
    for name in _DATES:
        columns[name] = columns[name].isoformat() if columns[name] else None
    return {"columns": columns, "assisting": sorted(unit.pk for unit in issue.assisting.all())}


def give_back(pk: str, before: dict[str, Any], *, actor, now) -> None:
    """Give an issue the columns of its image back."""
    issue = Issue.objects.unscoped("undone by whoever may import").get(pk=pk)
    columns = dict(before["columns"])
    for name in _DATES:
        columns[name] = date.fromisoformat(columns[name]) if columns[name] else None
    changed = {name: value for name, value in columns.items() if getattr(issue, name) != value}
    record_event(
        actor=actor,
        action="supervision.issue.undo_import",
        target=issue,
        before={name: getattr(issue, name) for name in changed},
        after=changed,
        now=now,
    )
    swap(issue, **changed)
    issue.assisting.set(before["assisting"])
    write_event(issue, "import", "撤销导入", actor=actor, now=now, text="还原到导入以前")


def remove_drafts(keys: Sequence[str], *, actor, now) -> None:
    """Delete the drafts an import wrote; the audit log keeps what they said. Raises RuleViolation for anything else."""
    issues = Issue.objects.unscoped("undone by whoever may import").filter(pk__in=keys)
    if issues.exclude(status=Issue.Status.DRAFT).exists() or issues.filter(evidence__isnull=False).exists():
        raise RuleViolation("导入的问题中有的已登记或已有佐证，不能撤销导入")
    for issue in issues:
        said = {"description": issue.description, "department": issue.department_id, "found_on": issue.found_on}
        record_event(actor=actor, action="supervision.issue.delete", target=issue, before=said, now=now)
    issues.delete()
