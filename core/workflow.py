"""State machines as tables, and the one interpreter that writes ``status`` (architecture §4).

A refusal is judged in the order of the REST contract: not permitted (403), wrong state (409),
blocked by a rule of the row (409); the row itself was fetched through the user before (404).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F

from core.audit import record_event
from core.exceptions import InvalidTransition, NotAllowed, RuleViolation, VersionConflict
from core.scoping import ScopedModel


class WorkflowModel(ScopedModel):
    """A scoped row with a ``status`` that only a ``Workflow`` writes, and a version for compare-and-swap."""

    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        abstract = True


def never_blocked(row) -> str | None:
    """Block nothing: the default of ``Transition.blocked_by``."""
    return None


def always_offered(actor, row) -> bool:
    """Offer the act to everybody who may do it: the default of ``Transition.offered``."""
    return True


@dataclass(frozen=True)
class Transition:
    """One act: from which states to which, who may do it, and what makes it pointless on a row.

    ``permitted(actor, row)`` looks at role and department only, never at the state.
    ``blocked_by(row)`` returns a Chinese reason the person cannot remedy, or None; such an act is
    not offered. What the person can still supply is checked by the service and stays offered.
    ``offered(actor, row)`` keeps an act from being offered to a person for whom it would be refused with 409,
    such as a second signature by the same name; it refuses nothing itself.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    permitted: Callable[[Any, Any], bool]
    blocked_by: Callable[[Any], str | None] = never_blocked
    choose: Callable[[Any], str] | None = None
    who: str = ""
    offered: Callable[[Any, Any], bool] = always_offered


def stay(name: str, label: str, *, at: Iterable[str], **facts: Any) -> Transition:
    """Return an act that changes something else than the state, open in the states ``at``; ``facts`` as for Transition."""
    states = tuple(at)
    return Transition(name, label, sources=states, targets=states, choose=lambda row: row.status, **facts)


def chosen(row) -> str:
    """Return the target the service decided on: the ``choose`` of acts that lead to several."""
    return row.chosen_status


def any_of(*blocks: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """Return the rule that blocks with the first reason any of ``blocks`` gives."""

    def blocked(row) -> str | None:
        return next((reason for block in blocks if (reason := block(row))), None)

    return blocked


class Workflow:
    """The transition table of one model and its interpreter.

    Args:
        transitions: the acts.
        entries: states in which a row may be created.
        finals: states that nothing needs to leave.
    """

    def __init__(self, *transitions: Transition, entries: Iterable[str], finals: Iterable[str] = ()):
        self.transitions = {transition.name: transition for transition in transitions}
        self.entries = frozenset(entries)
        self.finals = frozenset(finals)

    def available(self, row, actor) -> list[Transition]:
        """Return the acts to offer ``actor`` on ``row``. Buttons and the API's ``actions`` ask here."""
        return [
            transition
            for transition in self.transitions.values()
            if row.status in transition.sources
            and transition.permitted(actor, row)
            and not transition.blocked_by(row)
            and transition.offered(actor, row)
        ]

    def permit(self, name: str, row, *, actor) -> Transition:
        """Return the act if ``actor``'s role and department allow it on ``row``; None is the system.

        Raises:
            NotAllowed: the act is somebody else's.
        """
        transition = self.transitions[name]
        if actor is not None and not transition.permitted(actor, row):
            who = f"，这一步由{transition.who}办理" if transition.who else ""
            raise NotAllowed(f"您可以查看，但不能{transition.label}{who}")
        return transition

    def check(self, name: str, row, *, actor) -> Transition:
        """Return the act if ``actor`` may do it on ``row`` now.

        Raises:
            NotAllowed: the act is somebody else's.
            InvalidTransition: the row stands in another state.
            RuleViolation: a rule of the row forbids it.
        """
        transition = self.permit(name, row, actor=actor)
        if row.status not in transition.sources:
            raise InvalidTransition(f"当前为“{row.get_status_display()}”，不能{transition.label}")
        if reason := transition.blocked_by(row):
            raise RuleViolation(reason)
        return transition

    @transaction.atomic
    def apply(self, name: str, row, *, actor, now: datetime, purpose: str = "", audit: dict | None = None, **changes):
        """Do the act: move ``row``, write ``changes`` with it, and record both in the audit log.

        Args:
            name: the act's name in the table.
            row: as fetched; its ``version`` must still be the stored one.
            actor: the acting user, or None for the system.
            now: the moment of the act, aware.
            purpose: the reason given, kept in the audit log.
            audit: further facts for the audit line.
            changes: further columns written in the same statement.

        Raises:
            VersionConflict: somebody else changed the row meanwhile; besides those of ``check``.
        """
        transition = self.check(name, row, actor=actor)
        before = row.status
        after = transition.choose(row) if transition.choose else transition.targets[0]
        if after not in transition.targets:
            raise AssertionError(f"{name} chose {after}, which its table does not declare")
        swap(row, status=after, **changes)
        record_event(
            actor=actor,
            action=f"{row._meta.label_lower}.{name}",
            target=row,
            before={"status": before},
            after={"status": after, **(audit or {})},
            purpose=purpose,
            now=now,
        )
        return row

    def enter(self, model, status: str, **fields):
        """Create a row of ``model`` in one of the table's entry states; the caller audits."""
        self._check_entry(model, status)
        return model._base_manager.create(status=status, **fields)

    def enter_many(self, model, rows: Iterable[dict[str, Any]]) -> list:
        """Create rows of ``model`` at once, each from a dict that names its entry ``status``; the caller audits."""
        rows = list(rows)
        for status in {row["status"] for row in rows}:
            self._check_entry(model, status)
        return model._base_manager.bulk_create([model(**row) for row in rows], batch_size=500)

    def _check_entry(self, model, status: str) -> None:
        if status not in self.entries:
            raise AssertionError(f"{status} is no entry state of {model.__name__}")


def swap(row, **changes):
    """Write ``changes`` only if nobody wrote since ``row`` was read, and raise its version.

    Compare-and-swap instead of ``select_for_update()``, because SQLite ignores row locks. The last
    line of defence, so it is used for every write on a versioned row, status or not.

    Raises:
        VersionConflict: the stored version is another one.
    """
    unchanged = type(row)._base_manager.filter(pk=row.pk, version=row.version)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise VersionConflict("刚刚有人改动了这一条，请刷新后再看")
    row.refresh_from_db()
    return row
