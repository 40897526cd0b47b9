"""What one row of a file says about a complaint, as plain values; and as text, to be compared with later files."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from complaints.models import Complaint
from complaints.services.imports.columns import CREATED, SATISFACTIONS, TYPES, UNDISPATCHED
from core.dates import SHANGHAI
from core.models import DeadlineRule
from core.spreadsheets import ReadRow

S = Complaint.Status
OTHER = DeadlineRule.ComplaintType.OTHER
REPORT = DeadlineRule.ComplaintType.REPORT
#: From state to state as files move a row forward.
RANKS = {S.RECEIVED: 0, S.ACCEPTED: 0, S.DISPATCHED: 1, S.HANDLING: 2, S.CLOSED: 3}
#: What is left alone once a person has acted on the row here (domain §6).
HELD = frozenset(
    {"received_at", "department", "co_departments", "due_at", "signed_at", "closed_at", "result", "satisfaction"}
)
#: Personal data: compared with what is sealed, never kept readably.
PERSONAL = frozenset({"caller", "phone"})
_MOMENTS = ("received_at", "due_at", "signed_at", "closed_at")
LONGEST_NUMBER, LONGEST_WORD, LONGEST_RAW_NAME = 40, 40, 120


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order of the hotline. Moments are aware; units are codes; ``satisfaction`` and ``type`` as in the file."""

    number: str
    received_at: datetime
    content: str
    caller: str | None = None
    phone: str | None = None
    type: str | None = None
    department: str | None = None
    co_departments: tuple[str, ...] = ()
    due_at: datetime | None = None
    signed_at: datetime | None = None
    closed_at: datetime | None = None
    result: str | None = None
    satisfaction: str | None = None
    confidential: bool = False
    anonymous: bool = False
    raw_department: str = ""

    @property
    def status(self) -> Complaint.Status:
        """The state in which the columns put the row."""
        if self.closed_at is not None:
            return S.CLOSED
        if self.department is None:
            return S.RECEIVED
        return S.HANDLING if self.signed_at is not None else S.DISPATCHED

    @property
    def type_code(self) -> str:
        """The type; an unknown word, or none, is 其他."""
        return TYPES.get(self.type or "", OTHER)

    @property
    def type_word(self) -> str:
        """The file's own word, kept where it says more than the type."""
        return (self.type or "")[:LONGEST_WORD] if self.type not in TYPES else ""

    @property
    def is_confidential(self) -> bool:
        """举报 is confidential by default."""
        return self.confidential or self.type_code == REPORT

    @property
    def satisfaction_code(self) -> str:
        """The satisfaction as rounds keep it, empty for none."""
        return SATISFACTIONS[self.satisfaction] if self.satisfaction else ""

    def as_text(self) -> dict[str, Any]:
        """Return what is kept for the comparison with the next file: JSON-ready, without personal data."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in PERSONAL}
        return {name: text_of(value) for name, value in given.items() if value}


def text_of(value: Any) -> Any:
    """Return ``value`` as JSON keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    return list(value) if isinstance(value, tuple) else value


def facts_of_text(kept: Mapping[str, Any], number: str) -> OrderFacts:
    """Return the facts ``as_text`` gave."""
    values = dict(kept) | {"number": number, "co_departments": tuple(kept.get("co_departments", ()))}
    for name in _MOMENTS:
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    return OrderFacts(**values)


def settle_units(row: ReadRow) -> None:
    """Put one code, or None, and the list of the other units into ``row.values``; keep the name of a unit left out.

    The first unit of 承办单位 leads, the others assist like those of 协办单位.
    """
    values = row.values
    named = [*(values["department"] or []), *(values["co_departments"] or [])]
    main = values["department"][0] if values["department"] else None
    values["raw_department"] = row.cells.get("承办单位", "")[:LONGEST_RAW_NAME] if main == UNDISPATCHED else ""
    values["department"] = None if main == UNDISPATCHED else main
    values["co_departments"] = [
        unit for unit in dict.fromkeys(named) if unit not in (values["department"], UNDISPATCHED)
    ]


def facts_of_row(row: ReadRow, codes: Mapping[str, str]) -> OrderFacts:
    """Return the facts of a good row; ``codes``: ``create:<name>`` → the code of the unit created for it."""
    values = dict(row.values)
    values["department"] = codes.get(values["department"], values["department"])
    values["co_departments"] = tuple(codes.get(unit, unit) for unit in values["co_departments"])
    return OrderFacts(**values)


def units_to_create(rows: list[ReadRow]) -> list[str]:
    """Return ``create:<name>`` of each unit the rows need, once, in the order met."""
    named = (unit for row in rows for unit in (row.values["department"], *row.values["co_departments"]))
    return list(dict.fromkeys(unit for unit in named if unit and unit.startswith(CREATED)))


def raw_cells(row: ReadRow, personal: frozenset[str]) -> dict[str, str]:
    """Return the cells of the row by header, without those that may name the caller."""
    return {label: text for label, text in row.cells.items() if text and label not in personal}
