"""The columns of the ledger, on the page and in the workbook, and what their cells say (workflows.md §4.2)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db.models import Count

from core.access import Permission
from core.clock import local_date
from core.dates import WorkCalendar, overdue_workdays
from supervision.models import (
    AccountabilityRecord,
    ClearanceRequest,
    Issue,
    IssueEvent,
    IssueEvidence,
    LookBack,
    Verification,
)
from supervision.rules.rates import end_of
from supervision.selectors.conditions import is_overdue
from supervision.selectors.rows import CHOICES
from supervision.selectors.times import time_light

P, D, M = "problems", "duties", "measures"
EVERY = frozenset({P, D, M})
#: From this width on a column holds sentences, not names.
LONG = 28
_WHY = "hangs on rows already fetched through the user"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column: ``lists`` show it unless others are chosen; ``ordering`` names its order of ``ledger.ORDERINGS``.

    ``wide`` ones stand on wide screens only, unless chosen. ``width`` is the workbook's, ``short`` the page's head. What is not ``exported``
    is a light on the page only. ``needs`` is the permission to see it.
    """

    code: str
    label: str
    lists: frozenset[str] = frozenset()
    ordering: str = ""
    css: str = "nowrap"
    wide: bool = False
    width: int = 14
    short: str = ""
    exported: bool = True
    needs: Permission | None = None

    @property
    def head(self) -> str:
        """The head on the page."""
        return self.short or self.label

    @property
    def head_css(self) -> str:
        """The classes of the head."""
        return " ".join(part for part in (self.css if self.is_number else "", "col-wide" if self.wide else "") if part)

    @property
    def cell_css(self) -> str:
        """The classes of a cell."""
        return f"{self.css} col-wide".strip() if self.wide else self.css

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers, set to the right."""
        return self.css == "is-num"

    @property
    def is_long(self) -> bool:
        """Whether the text may be long, and is clipped to two lines."""
        return not self.css and self.width >= LONG


LEDGER_COLUMNS = (
    LedgerColumn("number", "问题编号", EVERY, "number", width=16, short="编号"),
    LedgerColumn("found_on", "发现时间", frozenset({P}), "found_on", short="发现"),
    LedgerColumn("source", "问题来源", frozenset({P}), short="来源"),
    LedgerColumn("inspection", "检查批次", css="", width=28, needs=Permission.READ_INSPECTIONS),
    LedgerColumn("indicator", "涉及指标", frozenset({P}), css="", width=24),
    LedgerColumn("description", "问题描述", EVERY, css="", width=50),
    LedgerColumn("place", "发现地点", css="", width=20),
    LedgerColumn("requirement", "整改要求", css="", width=40),
    LedgerColumn("category", "问题类型", frozenset({P}), wide=True, short="类型"),
    LedgerColumn("severity", "严重程度", frozenset({P}), short="程度"),
    LedgerColumn("department", "牵头单位", EVERY, "department", css="", width=20),
    LedgerColumn("assisting", "配合单位", frozenset({D}), css="", width=24),
    LedgerColumn("responsible_leader", "责任领导", frozenset({D})),
    LedgerColumn("responsible_person", "责任人", frozenset({D})),
    LedgerColumn("measures", "整改措施", frozenset({M}), css="", width=40),
    LedgerColumn("goal", "整改目标", frozenset({M}), css="", wide=True, width=30),
    LedgerColumn("limit_kind", "时限类型", frozenset({D})),
    LedgerColumn("progress", "整改进展", frozenset({M}), css="", width=40),
    LedgerColumn("completion", "完成情况", css="", width=40),
    LedgerColumn("evidence", "佐证材料", frozenset({M}), css="is-num", width=10, short="佐证"),
    LedgerColumn("status", "状态", EVERY, width=10),
    LedgerColumn("due_on", "整改时限", EVERY, "due_on"),
    LedgerColumn("time", "提示", EVERY, exported=False),
    LedgerColumn("days_overdue", "逾期天数", css="is-num", width=10),
    LedgerColumn("round_no", "轮次", css="is-num", width=8),
    LedgerColumn("verifiers", "验收人", css=""),
    LedgerColumn("verdict", "验收意见", css="", width=40),
    LedgerColumn("cleared_at", "销号时间", ordering="cleared_at", width=20),
    LedgerColumn("cleared_by", "销号人"),
    LedgerColumn("look_backs", "回头看", css="", width=30),
    LedgerColumn("accountability", "问责情况", css="", width=24),
    LedgerColumn("remark", "备注", css="", width=30),
)
BY_CODE = {column.code: column for column in LEDGER_COLUMNS}
#: Never left out: without them a row cannot be told from another, nor a workbook be imported again.
KEPT_ON_PAGE = frozenset({"number", "description"})
KEPT_IN_WORKBOOK = frozenset({"number", "found_on", "description", "department"})


def columns_for(user) -> list[LedgerColumn]:
    """Return the columns ``user`` may choose among."""
    return [column for column in LEDGER_COLUMNS if column.needs is None or user.can(column.needs)]


def page_columns(user, *, list_code: str, chosen: Collection[str]) -> list[LedgerColumn]:
    """Return the columns of one list, or those ``chosen`` by code where any is."""
    wanted = set(chosen) & BY_CODE.keys()
    if not wanted:
        return [column for column in columns_for(user) if list_code in column.lists]
    kept = wanted | KEPT_ON_PAGE
    # What was chosen by name stands on narrow screens too.
    return [replace(column, wide=False) for column in columns_for(user) if column.code in kept]


def workbook_columns(user, *, list_code: str, chosen: Collection[str]) -> list[LedgerColumn]:
    """Return the columns of the workbook: those of the page and what an import needs; without a list, all."""
    offered = [column for column in columns_for(user) if column.exported]
    if not list_code and not chosen:
        return offered
    shown = {column.code for column in page_columns(user, list_code=list_code, chosen=chosen)} | KEPT_IN_WORKBOOK
    return [column for column in offered if column.code in shown]


#: What one row of the ledger is read with.
ROW_COLUMNS = (
    *("id", "number", "title", "description", "place", "requirement", "goal", "remark", "responsible_leader"),
    *("responsible_person", "found_on", "due_on", "clock_due_on", "cleared_at", "relapsed", "source", "category"),
    *("severity", "limit_kind", "status", "inspection__title", "indicator__code", "indicator__name"),
    *("department__code", "department__short_name", "current_round_id", "current_round__round_no"),
    *("current_round__measures", "current_round__provisional", "current_round__passed_request_at"),
    *("current_round__effective_due_on", "current_round__extension__answer", "next_review_on"),
)
Looked = Mapping[int, str]


class LedgerReader:
    """Gives the cells of plain rows: at most one query for each column that hangs on other tables.

    Args:
        user: who reads; records of accountability are those they may see.
        columns: codes of the columns wanted.
        now: the moment, aware.
    """

    def __init__(self, user, columns: Iterable[LedgerColumn], *, now: datetime, calendar: WorkCalendar):
        self.user, self.now, self.calendar = user, now, calendar
        self.codes = {column.code for column in columns}
        self.reads_inspections = user.can(Permission.READ_INSPECTIONS)

    def read(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return for each row its cells by column code, and ``id``, ``title`` and codes that decide how it looks."""
        rows = list(rows)
        around = _Around(self.user, [row["id"] for row in rows])
        looked = {code: look(around) for code, look in LOOK_UPS.items() if code in self.codes}
        return [self._cells(row, looked) for row in rows]

    def _cells(self, row: Mapping[str, Any], looked: Mapping[str, Looked]) -> dict[str, Any]:
        clock = row["clock_due_on"]
        overdue = is_overdue(clock, local_date(self.now))
        cells: dict[str, Any] = {name: row[name] for name in _AS_THEY_ARE}
        for name, words in CHOICES.items():
            cells[name] = words.get(row[name], "")
            cells[f"{name}_code"] = row[name]
        if row["status"] != Issue.Status.CLEARED:
            cells["cleared_at"] = None
        cells |= {
            "inspection": (row["inspection__title"] or "") if self.reads_inspections else "",
            "indicator": f"{row['indicator__code']} {row['indicator__name']}" if row["indicator__code"] else "",
            "department": row["department__short_name"] or "",
            "measures": row["current_round__measures"] or "",
            "round_no": row["current_round__round_no"],
            "provisional": bool(row["current_round__provisional"]),
            "overdue": overdue,
            "days_overdue": overdue_workdays(self.calendar, end_of(clock), self.now) if overdue and clock else None,
            "time": self._light(row) if "time" in self.codes else None,
        }
        return cells | {code: by_issue.get(row["id"], EMPTY.get(code, "")) for code, by_issue in looked.items()}

    def _light(self, row: Mapping[str, Any]):
        """Return what ``time_light`` says, asked without an instance."""
        answer = row["current_round__extension__answer"]
        round_ = SimpleNamespace(
            passed_request_at=row["current_round__passed_request_at"],
            effective_due_on=row["current_round__effective_due_on"],
        )
        stand_in: Any = SimpleNamespace(
            status=row["status"],
            clock_due_on=row["clock_due_on"],
            current_round=round_ if row["current_round_id"] else None,
            current_extension=SimpleNamespace(answer=answer) if answer else None,
        )
        return time_light(stand_in, now=self.now, calendar=self.calendar)


_AS_THEY_ARE = (
    *("id", "number", "title", "description", "place", "requirement", "goal", "remark", "responsible_leader"),
    *("responsible_person", "found_on", "due_on", "cleared_at", "relapsed", "next_review_on"),
)
EMPTY = {"evidence": 0}


class _Around:
    """What hangs on the rows of one page or one piece of a workbook; each question is asked once, when it is."""

    def __init__(self, user, ids: Collection[int]):
        self.user, self.ids = user, ids

    def assisting(self) -> dict[int, Any]:
        """Return the assisting departments' names."""
        links = Issue.assisting.through._default_manager.filter(issue__in=self.ids)
        links = links.order_by("department__official_order", "department_id")
        return _joined(links.values_list("issue_id", "department__short_name"), "、")

    def progress(self) -> dict[int, Any]:
        """Return the newest note of progress."""
        notes = IssueEvent.objects.unscoped(_WHY).filter(issue__in=self.ids, kind="note")
        return dict(notes.order_by("at", "id").values_list("issue_id", "text"))

    def evidence(self) -> dict[int, Any]:
        """Return how many pieces of evidence, before and after, hang on it."""
        given = IssueEvidence.objects.unscoped(_WHY).filter(issue__in=self.ids, withdrawn_at=None)
        given = given.exclude(phase=IssueEvidence.Phase.VERIFICATION).order_by()
        return dict(given.values("issue_id").annotate(pieces=Count("pk")).values_list("issue_id", "pieces"))

    def completion(self) -> dict[int, Any]:
        """Return what the department said when it last asked for clearance."""
        requests = ClearanceRequest.objects.unscoped(_WHY).filter(round__issue__in=self.ids)
        return dict(requests.order_by("asked_at", "id").values_list("round__issue_id", "note"))

    @cached_property
    def _verifications(self) -> list[tuple[int, str, str]]:
        """Issue, name and opinion of each signature that counts in the current round."""
        counting = (ClearanceRequest.Result.STANDING, ClearanceRequest.Result.PASSED)
        current = Issue.objects.unscoped(_WHY).filter(pk__in=self.ids).order_by().values("current_round")
        signed = Verification.objects.unscoped(_WHY).filter(request__round__in=current, request__result__in=counting)
        columns = ("request__round__issue_id", "user__name", "note")
        return list(signed.order_by("at", "id").values_list(*columns))

    def verifiers(self) -> dict[int, Any]:
        """Return who signed under the clearance of the current round."""
        return _joined(((issue, name) for issue, name, _ in self._verifications), "、")

    def verdict(self) -> dict[int, Any]:
        """Return what they said."""
        return _joined(((issue, f"{name}：{note or '同意'}") for issue, name, note in self._verifications), "；")

    def cleared_by(self) -> dict[int, Any]:
        """Return whose name cleared it."""
        acts = IssueEvent.objects.unscoped(_WHY).filter(
            issue__in=self.ids, issue__status=Issue.Status.CLEARED, kind__in=("verify_pass", "clear")
        )
        return dict(acts.order_by("at", "id").values_list("issue_id", "actor__name"))

    def look_backs(self) -> dict[int, Any]:
        """Return the dates looked back on, with what was seen."""
        done = LookBack.objects.unscoped(_WHY).filter(issue__in=self.ids, done_on__isnull=False)
        rows = done.order_by("done_on", "id").values_list("issue_id", "done_on", "result")
        words = dict(LookBack.Result.choices)
        return _joined(((issue, f"{day:%Y-%m-%d} {words.get(result, '')}") for issue, day, result in rows), "；")

    def accountability(self) -> dict[int, Any]:
        """Return the records of accountability about it that the reader may see."""
        records = AccountabilityRecord.objects.visible_to(self.user).filter(issue__in=self.ids).order_by("on", "id")
        words = dict(AccountabilityRecord.Kind.choices)
        rows = records.values_list("issue_id", "kind", "on")
        return _joined(((issue, f"{words[kind]} {day:%Y-%m-%d}") for issue, kind, day in rows), "；")


LOOK_UPS: dict[str, Callable[[_Around], dict[int, Any]]] = {
    "assisting": _Around.assisting,
    "progress": _Around.progress,
    "evidence": _Around.evidence,
    "completion": _Around.completion,
    "verifiers": _Around.verifiers,
    "verdict": _Around.verdict,
    "cleared_by": _Around.cleared_by,
    "look_backs": _Around.look_backs,
    "accountability": _Around.accountability,
}


def _joined(pairs: Iterable[tuple[int, str]], separator: str) -> dict[int, Any]:
    """Return the texts of each key in the order given, joined."""
    texts: dict[int, list[str]] = defaultdict(list)
    for key, text in pairs:
        texts[key].append(text)
    return {key: separator.join(found) for key, found in texts.items()}
