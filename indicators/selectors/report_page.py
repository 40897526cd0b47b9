"""Everything the page of one daily report prints: values, acts, history (ui.md)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from core.deputies import both_names
from core.formats import measure
from core.models import AuditEvent
from indicators.models import CoordinationItem, DailyReport, Evidence, Indicator
from indicators.rules.evidence import can_add_evidence
from indicators.rules.report_dates import DispatchTimes, is_late
from indicators.selectors.report_leaves import report_leaves
from indicators.workflow.daily_reports import DAILY_REPORT

WITH_REASON = frozenset({"send_back", "return", "reopen"})
#: Words of the history for what is no act of the table.
_OTHER_ACTS = {"save": "保存草稿", "attach_evidence": "补交佐证"}
_ALERTS = frozenset({"send_back", "return", "reopen", "withdraw"})


@dataclass(frozen=True, slots=True)
class Action:
    """A button: an act of the table this person may do now."""

    name: str
    label: str
    url: str
    is_simple: bool
    question: str = ""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value on a report beside the one in force before it."""

    code: str
    name: str
    text: str
    before: str
    as_of: Any
    reason: str
    evidence_later: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the timeline."""

    at: datetime
    by: str
    text: str
    is_main: bool
    is_alert: bool


def report_facts(report: DailyReport, *, user, now: datetime, times: DispatchTimes) -> dict[str, Any]:
    """Return the context of a report's page; the row was fetched through ``user`` and its closure judged."""
    item = CoordinationItem.objects.visible_to(user).filter(report=report).first()
    return {
        "report": report,
        "actions": report_actions(report, user),
        "values": value_lines(report),
        "evidence": Evidence.objects.visible_to(user).filter(reports=report),
        "may_add_evidence": can_add_evidence(user),
        "history": history_of(report),
        "is_late": is_late(report.first_submitted_at or report.submitted_at, report.date, times),
        "coordination_item": item,
    }


def report_actions(report: DailyReport, user) -> list[Action]:
    """Return the acts offered to ``user``, those of the table that apply now."""
    return [
        Action(
            name=act.name,
            label=act.label,
            url=reverse(f"indicators:report_{act.name}", args=[report.pk]),
            is_simple=act.name not in WITH_REASON,
            question="撤回这份日报？撤回后按未报计，须重新提交" if act.name == "withdraw" else "",
        )
        for act in DAILY_REPORT.available(report, user)
    ]


def value_lines(report: DailyReport) -> list[ValueLine]:
    """Return the report's values in the order given, each beside the value in force (or before it was accepted)."""
    leaves = {
        leaf.id: leaf
        for leaf in report_leaves([report.indicator_id], on=report.date, except_report_id=report.pk)[
            report.indicator_id
        ]
    }
    lines = []
    for row in report.values.select_related("indicator"):
        leaf = leaves.get(row.indicator_id)
        before = leaf.facts.accepted if leaf else None
        lines.append(
            ValueLine(
                code=row.indicator.code,
                name=row.indicator.name,
                text=row.text if row.value is None else value_text(row.value, row.indicator),
                before=value_text(before, row.indicator),
                as_of=row.as_of,
                reason=row.reason,
                evidence_later=row.evidence_later,
                is_changed=row.value is not None and row.value != before,
            )
        )
    return lines


def value_text(value: Decimal | None, leaf: Indicator) -> str:
    """Return a value with its unit, 是/否 in words."""
    is_yes_no = leaf.direction == Indicator.Direction.YES_NO
    return measure(value, leaf.unit, 4 if leaf.decimals is None else leaf.decimals, is_yes_no=is_yes_no)


def history_of(report: DailyReport) -> list[HistoryLine]:
    """Return who did what when, the newest first; a run of saves by one person is one line."""
    events = AuditEvent.objects.filter(target_type=report._meta.label_lower, target_key=str(report.pk))
    lines: list[HistoryLine] = []
    for event in events.order_by("-at", "-pk"):
        name = event.action.rpartition(".")[2]
        label = _OTHER_ACTS.get(name) or DAILY_REPORT.transitions[name].label
        text = f"{label}：{event.purpose}" if event.purpose else label
        by = both_names(event.actor_name, event.on_behalf_of)
        line = HistoryLine(event.at, by, text, name in DAILY_REPORT.transitions, name in _ALERTS)
        if not (lines and name == "save" and (lines[-1].by, lines[-1].text) == (line.by, line.text)):
            lines.append(line)
    return lines


def draft_facts(indicator: Indicator, report: DailyReport, *, now: datetime, times: DispatchTimes) -> dict[str, Any]:
    """Return what the head of the form says: the cut-off, whether it is late by now, until when it is open."""
    cut_off = times.cut_off_of(report.date)
    return {
        "day": report.date,
        "cut_off": cut_off,
        "is_late": now > cut_off,
        "is_report_day": report.date == times.report_day(now),
        "closure": report.closure,
        "draft_url": reverse("indicators:draft_save", args=[indicator.code, report.date]),
        "no_change_url": reverse("indicators:no_change", args=[indicator.code, report.date]),
    }
