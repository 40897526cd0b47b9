"""Issues as plain rows: what lists, exports and the API print, with judged dates and acts (api.md)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef

from accounts.selectors import people_with_permission
from core.access import Permission
from core.clock import local_date
from core.dates import WorkCalendar
from departments.selectors import NO_UNIT, units_by_key
from supervision.models import ClearanceRequest, Issue, IssueEvidence, IssueExtension, Verification
from supervision.rules.issues import NAMES_NEEDED, own_departments
from supervision.selectors.conditions import is_nearly_due, is_overdue
from supervision.workflow import ISSUE

_PLAIN = (
    *(
        "id",
        "number",
        "title",
        "description",
        "place",
        "requirement",
        "goal",
        "remark",
        "version",
        "responsible_leader",
    ),
    *("responsible_person", "found_on", "due_on", "next_review_on", "relapsed", "created_at", "registered_at"),
    *("first_assigned_at", "entered_status_at", "cleared_at", "revoked_at"),
)
#: Columns of the current round by the names the contract gives them; null while nobody has been assigned.
_OF_ROUND = {
    "round_no": "round_no",
    "assigned_at": "opened_at",
    "signed_at": "signed_at",
    "measures": "measures",
    "plan_due_on": "plan_due_on",
    "planned_at": "planned_at",
}
#: Columns of fixed choice; each gets its word as ``<name>_label``.
CHOICES: dict[str, dict[str, Any]] = {
    "source": dict(Issue.Source.choices),
    "category": dict(Issue.Category.choices),
    "severity": dict(Issue.Severity.choices),
    "limit_kind": dict(Issue.LimitKind.choices),
    "status": dict(Issue.Status.choices),
}
ANSWERS = dict(IssueExtension.Answer.choices)
COLUMNS = (
    *_PLAIN,
    *CHOICES,
    *(f"current_round__{column}" for column in _OF_ROUND.values()),
    *("current_round_id", "current_round__provisional", "current_round__extended", "current_round__extension__answer"),
    *("current_round__plan_handed_in_at", "clock_due_on", "inspection_id", "inspection__title"),
    *("indicator__code", "indicator__name", "department_id", "own_department_id"),
)

#: Stands for any department but the reader's own.
ANOTHER = -1


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What the table of acts asks an issue for, seen by one person; equal rows allow equal acts."""

    status: str
    department_id: int | None
    assisting: frozenset[int]
    limit_kind: str
    extension_answer: str | None
    has_plan_to_sign: bool
    waiting_result: str
    has_evidenced: bool
    has_verified: bool
    lacks_verifiers: bool

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

    def get_status_display(self) -> str:
        """Return the word of the state."""
        return CHOICES["status"][self.status]

    def is_assisted_by(self, department_id: int | None) -> bool:
        """Return whether one of the asking person's departments assists."""
        return department_id in self.assisting

    def concerns(self, department_id: int | None) -> bool:
        """Return whether one of the asking person's departments leads or assists."""
        return department_id is not None and (department_id == self.department_id or self.is_assisted_by(department_id))

    def is_evidenced_by(self, person_id: int) -> bool:
        """Return whether the asking person gave evidence of after; the row was judged for that one only."""
        return self.has_evidenced

    def is_verified_by(self, person_id: int) -> bool:
        """Return whether the asking person has put their name to the request that waits."""
        return self.has_verified


@dataclass(slots=True)
class _Around:
    """What hangs on the rows of one page, each asked once."""

    units: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    requests: dict[int, dict[str, Any]] = field(default_factory=dict)
    givers: dict[int, set[int]] = field(default_factory=dict)


class RowReader:
    """Shapes rows of ``.values(*COLUMNS)`` for one person at one moment: at most five queries for any number of rows.

    The few units are read beside the rows: joining them twice made PostgreSQL plan a page for longer than reading it.

    Args:
        user: who reads; decides ``actions``, and whether inspections are named.
        now: the moment, aware; its day in Asia/Shanghai decides what is overdue.
        calendar: for 临期.
    """

    def __init__(self, user, *, now: datetime, calendar: WorkCalendar):
        self.user, self.today, self.calendar = user, local_date(now), calendar
        self.reads_inspections = user.can(Permission.READ_INSPECTIONS)
        self._own_departments = own_departments(user)
        self._verifiers: list[tuple[int, int | None]] | None = None
        self._acts: dict[JudgedRow, list[str]] = {}
        self._units: Mapping[int | None, tuple[str, str]] = {}

    def read(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows as the contract names them."""
        rows, self._units = list(rows), units_by_key()
        rounds = [row["current_round_id"] for row in rows if row["current_round_id"] is not None]
        around = _Around(
            units=self._assisting([row["id"] for row in rows]),
            requests=self._waiting_requests(rounds),
            givers=self._evidence_givers(rounds),
        )
        return [self._shape(row, around) for row in rows]

    @staticmethod
    def _assisting(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
        links = Issue.assisting.through._default_manager.filter(issue__in=ids)
        units: dict[int, list[dict[str, Any]]] = defaultdict(list)
        names = ("issue_id", "department_id", "department__code", "department__short_name")
        for link in links.order_by("department__official_order", "department_id").values(*names):
            units[link["issue_id"]].append(link)
        return units

    def _waiting_requests(self, rounds: Collection[int]) -> dict[int, dict[str, Any]]:
        waiting = ClearanceRequest.objects.unscoped("of rows already fetched through the user")
        signed = Verification.objects.unscoped("whether the reader has signed")
        signed = signed.filter(request=OuterRef("pk"), user=self.user.pk)
        waiting = waiting.filter(round__in=rounds, result__in=ClearanceRequest.WAITING)
        waiting = waiting.annotate(mine=Exists(signed), names=Count("verifications"))
        columns = ("round_id", "result", "verify_due_on", "mine", "names")
        return {one["round_id"]: one for one in waiting.order_by("asked_at", "pk").values(*columns)}

    @staticmethod
    def _evidence_givers(rounds: Collection[int]) -> dict[int, set[int]]:
        given = IssueEvidence.objects.unscoped("of rows already fetched through the user")
        given = given.filter(round__in=rounds, phase=IssueEvidence.Phase.AFTER, withdrawn_at=None)
        givers: dict[int, set[int]] = defaultdict(set)
        for round_id, person in given.order_by().values_list("round_id", "added_by").distinct():
            givers[round_id].add(person)
        return givers

    def _shape(self, row: Mapping[str, Any], around: _Around) -> dict[str, Any]:
        units = around.units.get(row["id"], [])
        request = around.requests.get(row["current_round_id"])
        answer, clock = row["current_round__extension__answer"], row["clock_due_on"]
        department, department_label = self._units.get(row["department_id"], NO_UNIT)
        own_department, own_department_label = self._units.get(row["own_department_id"], NO_UNIT)
        shaped = {name: row[name] for name in _PLAIN}
        for name, words in CHOICES.items():
            shaped[name] = row[name]
            shaped[f"{name}_label"] = words.get(row[name], "")
        shaped |= {name: row[f"current_round__{column}"] for name, column in _OF_ROUND.items()}
        return shaped | {
            "measures": row["current_round__measures"] or "",
            "indicator": row["indicator__code"],
            "indicator_label": row["indicator__name"],
            "inspection": row["inspection_id"] if self.reads_inspections else None,
            "inspection_label": row["inspection__title"] if self.reads_inspections else None,
            "department": department,
            "department_label": department_label,
            "assisting": [unit["department__code"] for unit in units],
            "assisting_label": [unit["department__short_name"] for unit in units],
            "own_department": own_department,
            "own_department_label": own_department_label,
            "provisional": bool(row["current_round__provisional"]),
            "extended": bool(row["current_round__extended"]),
            "overdue": is_overdue(clock, self.today),
            "nearly_due": is_nearly_due(clock, self.today, self.calendar),
            "extension_answer": answer,
            "extension_answer_label": ANSWERS.get(answer, ""),
            "clearance": request["result"] if request else None,
            "verify_due_on": request["verify_due_on"] if request else None,
            "verify_overdue": is_overdue(request["verify_due_on"] if request else None, self.today),
            "names_given": request["names"] if request else 0,
            "actions": self._actions(row, units, request, around.givers.get(row["current_round_id"], set())),
        }

    def _actions(self, row: Mapping[str, Any], units, request, givers: set[int]) -> list[str]:
        department = row["department_id"]
        judged = JudgedRow(
            status=row["status"],
            # Every other department is alike to this person.
            department_id=department if department is None or department in self._own_departments else ANOTHER,
            assisting=frozenset(unit["department_id"] for unit in units) & self._own_departments,
            limit_kind=row["limit_kind"],
            extension_answer=row["current_round__extension__answer"],
            has_plan_to_sign=row["current_round__plan_handed_in_at"] is not None
            and row["current_round__planned_at"] is None,
            waiting_result=request["result"] if request else "",
            has_evidenced=self.user.pk in givers,
            has_verified=bool(request and request["mine"]),
            lacks_verifiers=self._lacks_verifiers(row, units, givers),
        )
        if judged not in self._acts:
            self._acts[judged] = [act.name for act in ISSUE.available(judged, self.user)]
        return list(self._acts[judged])

    def _lacks_verifiers(self, row: Mapping[str, Any], units, givers: set[int]) -> bool:
        """Answer like ``rules.issues.lacks_verifiers``; asked only for R3, who signs in need."""
        if row["status"] != Issue.Status.VERIFYING or not self.user.can(Permission.VERIFY_IN_NEED):
            return False
        if self._verifiers is None:
            people = people_with_permission(Permission.VERIFY_ISSUES)
            self._verifiers = list(people.order_by().values_list("pk", "department_id"))
        barred = {row["department_id"], *(unit["department_id"] for unit in units)}
        eligible = [pk for pk, department in self._verifiers if department not in barred and pk not in givers]
        return len(eligible) < NAMES_NEEDED
