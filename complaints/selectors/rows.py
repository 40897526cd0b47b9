"""Complaints as plain rows: what lists and the API print, with judged times and acts (api.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.models import AssistingDepartment, Complaint, IdentityGrant
from complaints.rules.complaints import DISPATCHES_WITHOUT_RETURN, is_office, is_office_lead
from complaints.selectors.deadlines import nearly_due_before
from complaints.workflow import COMPLAINT
from core.access import Permission
from core.dates import WorkCalendar
from core.models import DeadlineRule
from departments.selectors import NO_UNIT, units_by_key

COLUMNS = (
    *("id", "number", "regime", "channel", "type", "type_word", "relevance", "urgency", "grade", "title", "content"),
    *("place", "enterprise", "indicator__code", "indicator__name", "caller_name_masked", "caller_phone_masked"),
    *("anonymous", "confidential", "accused_department_id", "received_at"),
    *("registered_at", "provincial_number", "upstream_due_at", "handled", "status", "outcome", "version"),
    *("accepted_at", "closed_at", "refusal_reason", "transferred_to", "duplicate_of__number", "dispatch_count"),
    *("issue_id", "department_id", "clock_due_at", "clock_quarter_at"),
    "raw_department",
    *("current_round_id", "current_round__due_at", "current_round__effective_due_at", "current_round__provisional"),
    "current_round__round_no",
    *("current_round__suspended_at", "current_round__sign_due_at", "current_round__extension__answer"),
    "current_round__submitted_at",
)
#: Columns of fixed choice; each gets its word as ``<name>_label``.
CHOICES = {
    "regime": dict(Complaint.Regime.choices),
    "channel": dict(Complaint.Channel.choices),
    "type": dict(DeadlineRule.ComplaintType.choices),
    "relevance": dict(Complaint.Relevance.choices),
    "urgency": dict(DeadlineRule.Urgency.choices),
    "handled": dict(Complaint.Handled.choices),
    "status": dict(Complaint.Status.choices),
    "outcome": dict(Complaint.Outcome.choices),
}
_PLAIN = (
    *("id", "number", "type_word", "grade", "title", "content", "place", "enterprise", "anonymous", "confidential"),
    *("received_at", "registered_at", "provincial_number", "upstream_due_at", "version", "accepted_at", "closed_at"),
    *("refusal_reason", "transferred_to", "dispatch_count", "raw_department"),
)


#: Stands for any department but the reader's own.
ANOTHER = -1


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What the table of acts asks a complaint for; equal rows allow equal acts, so each kind is judged once."""

    status: str
    department_id: int | None
    handled: str
    dispatch_count: int
    is_suspended: bool
    extension_answer: str | None
    is_assisted: bool
    issue_id: int | None

    @property
    def current_round(self) -> "JudgedRow":
        """The row stands for its round as well."""
        return self

    @property
    def current_extension(self) -> "JudgedRow | None":
        """The request of the current round, None without one."""
        return self if self.extension_answer else None

    @property
    def answer(self) -> str | None:
        """The answer of that request."""
        return self.extension_answer

    def is_assisted_by(self, department_id: int | None) -> bool:
        """Return whether the asking person's department assists; the row was judged for that one only."""
        return self.is_assisted


class RowReader:
    """Shapes rows of ``.values(*COLUMNS)`` for one person at one moment: three queries for any number of rows.

    The few units are read beside the rows: joining them twice made PostgreSQL plan a page for longer than reading it.

    Args:
        user: who reads; decides ``actions``.
        now: the moment, aware.
        calendar: for 临期.
    """

    def __init__(self, user, *, now: datetime, calendar: WorkCalendar):
        self.user, self.now = user, now
        self.soon = nearly_due_before(now, calendar)
        self._acts: dict[JudgedRow, list[str]] = {}
        self._units: Mapping[int | None, tuple[str, str]] = {}

    def read(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows as the contract names them."""
        rows = list(rows)
        assisted = self._assisted([row["current_round_id"] for row in rows])
        granted = self._granted([row["id"] for row in rows])
        self._units = units_by_key()
        return [self._shape(row, row["current_round_id"] in assisted, row["id"] in granted) for row in rows]

    def _assisted(self, rounds: Sequence[int | None]) -> set[int]:
        if not self._is_departmental:
            return set()
        helpers = AssistingDepartment.objects.unscoped("marks rows already fetched through the user")
        helpers = helpers.filter(round__in=rounds, department=self.user.scope_department_id)
        return set(helpers.values_list("round_id", flat=True))

    def _granted(self, ids: Sequence[int]) -> set[int]:
        if not self._is_departmental:
            return set()
        grants = IdentityGrant.objects.unscoped("marks rows already fetched through the user")
        grants = grants.filter(complaint__in=ids, department=self.user.scope_department_id, until__gt=self.now)
        return set(grants.values_list("complaint_id", flat=True))

    @property
    def _is_departmental(self) -> bool:
        return self.user.can(Permission.HANDLE_COMPLAINTS)

    def _shape(self, row: Mapping[str, Any], is_assisted: bool, is_granted: bool) -> dict[str, Any]:
        due, clock = row["current_round__effective_due_at"], row["clock_due_at"]
        shaped = {name: row[name] for name in _PLAIN}
        department, department_label = self._units.get(row["department_id"], NO_UNIT)
        accused, accused_label = self._units.get(row["accused_department_id"], NO_UNIT)
        for name, words in CHOICES.items():
            shaped[name] = row[name]
            shaped[f"{name}_label"] = words.get(row[name], "")
        return shaped | {
            "indicator": row["indicator__code"],
            "indicator_label": row["indicator__name"],
            "caller_name": row["caller_name_masked"],
            "caller_phone": row["caller_phone_masked"],
            "accused_department": accused,
            "accused_department_label": accused_label,
            "department": department,
            "department_label": department_label,
            "duplicate_of": row["duplicate_of__number"],
            "round_no": row["current_round__round_no"],
            "due_at": row["current_round__due_at"],
            "effective_due_at": due,
            "provisional": bool(row["current_round__provisional"]),
            "overdue": clock is not None and clock < self.now,
            "nearly_due": self._is_nearly_due(row, clock),
            "sign_overdue": row["status"] == Complaint.Status.DISPATCHED and self._has_passed(row),
            "sign_due_at": row["current_round__sign_due_at"],
            "submitted_at": row["current_round__submitted_at"],
            "suspended": row["current_round__suspended_at"] is not None,
            "extension": row["current_round__extension__answer"],
            "actions": self._actions(row, is_assisted, is_granted),
        }

    def _has_passed(self, row: Mapping[str, Any]) -> bool:
        limit = row["current_round__sign_due_at"]
        return limit is not None and limit < self.now

    def _is_nearly_due(self, row: Mapping[str, Any], clock: datetime | None) -> bool:
        """Answer like ``deadlines.is_nearly_due``, from the row's columns."""
        if clock is None or clock < self.now:
            return False
        return clock <= self.soon or row["clock_quarter_at"] <= self.now

    def _actions(self, row: Mapping[str, Any], is_assisted: bool, is_granted: bool) -> list[str]:
        department = row["department_id"]
        judged = JudgedRow(
            status=row["status"],
            # Every other department is alike to this person; so are all dispatches from the designating one on.
            department_id=department if department in (None, self.user.scope_department_id) else ANOTHER,
            handled=row["handled"],
            dispatch_count=min(row["dispatch_count"], DISPATCHES_WITHOUT_RETURN),
            is_suspended=row["current_round__suspended_at"] is not None,
            extension_answer=row["current_round__extension__answer"],
            is_assisted=is_assisted,
            issue_id=ANOTHER if row["issue_id"] else None,
        )
        if judged not in self._acts:
            self._acts[judged] = [act.name for act in COMPLAINT.available(judged, self.user)]
        return [*self._acts[judged], "reveal"] if self._may_reveal(judged, is_granted) else list(self._acts[judged])

    def _may_reveal(self, row: JudgedRow, is_granted: bool) -> bool:
        """Answer like ``services.identity.may_reveal``."""
        if is_office_lead(self.user, row):
            return True
        if is_office(self.user, row):
            return row.status == Complaint.Status.CALLBACK
        return is_granted and self.user.scope_department_id == row.department_id
