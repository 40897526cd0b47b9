"""The timeline of an indicator, told from the audit log in the words of the office."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.deputies import both_names
from core.formats import YES_NO_UNIT
from core.kept import kept_for_reader
from core.models import AuditEvent
from indicators.models import Assignment, DailyReport, Indicator, Measure, ReportValue, Standard
from indicators.workflow import DAILY_REPORT

#: How many events a page shows, and how many reports without news among them.
SHOWN, ROUTINE = 20, 3
#: Acts on an indicator and their words; what is not listed is not told.
ACTS = {
    "add_standard": "登记标准值",
    "check_standard": "核对标准值",
    "assign": "调整责任分工",
    "end_assignment": "结束配合",
    "change_people": "调整责任人",
    "add_measure": "登记工作措施",
    "note_measure": "填写措施进展",
    "set_measure_state": "变更措施状态",
    "correct_value": "更正数值",
    "import_value": "导入数值",
    "undo_value": "撤销导入的数值",
    "edit": "修改指标",
    "set_applicable": "调整是否适用",
    "propose_constraint": "提出客观制约",
    "approve_constraint": "批准客观制约",
    "lift_constraint": "解除客观制约",
    "link_evidence": "关联佐证",
    "unlink_evidence": "取消佐证关联",
}
#: Acts told only to those who see the indicator's evidence.
DEPARTMENTAL = frozenset({"link_evidence", "unlink_evidence"})
SUBMISSIONS = frozenset({"submit", "resubmit"})
ALERTS = frozenset({"return", "send_back", "reopen", "lift_constraint"})


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of a timeline: when (aware), who, what; ``is_alert`` for refusals, ``is_main`` for the newest."""

    at: datetime
    by: str
    text: str
    is_alert: bool = False
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class ReportNews:
    """What a daily report brought: its day and its values in words, empty for 今日无变化."""

    day: date
    values: str


@kept_for_reader
def timeline_of(user, indicator: Indicator) -> tuple[TimelineEvent, ...]:
    """Return what happened to the indicator and beneath it, newest first; five queries.

    Daily reports and evidence are told only to those who see them, of reports without news only the latest.
    """
    family = family_of(indicator)
    reports = reports_told(family, user)
    wanted = Q(target_type=Indicator._meta.label_lower, target_key__in=[str(pk) for pk in family])
    if reports:
        wanted |= Q(target_type=DailyReport._meta.label_lower, target_key__in=list(reports))
    events = AuditEvent.objects.filter(wanted).order_by("-at", "-id")
    rows = events.values(
        "at", "actor_name", "on_behalf_of", "action", "target_key", "target_label", "before", "after", "purpose"
    )
    sees_evidence = user.sees_all_departments or indicator.evidence_links.visible_to(user).exists()
    return tuple(told(rows[: SHOWN * 2], reports, sees_evidence=sees_evidence))[:SHOWN]


def family_of(indicator: Indicator) -> list[int]:
    """Return the keys of the indicator, of everything beneath it, and of the same in earlier sets."""
    same = Q(code=indicator.code) | Q(code__startswith=f"{indicator.code}.")
    return list(Indicator.objects.filter(same).values_list("pk", flat=True))


def reports_told(family: list[int], user) -> dict[str, ReportNews]:
    """Return the daily reports worth telling by key: those that brought values or came back, and the latest others.

    Of a leaf these are the reports of its first level that stated a value for it.
    """
    stated = ReportValue.objects.visible_to(user).filter(indicator__in=family)
    brought_values = Exists(stated.filter(report=OuterRef("pk")))
    found = DailyReport.objects.visible_to(user).filter(Q(indicator__in=family) | brought_values).order_by("-date")
    rows = list(found.values("pk", "date", "return_reason")[: SHOWN * 3])
    news: dict[int, list[str]] = {}
    values = stated.filter(report__in=[row["pk"] for row in rows])
    for pk, name, text, unit in values.values_list("report_id", "indicator__name", "text", "indicator__unit"):
        news.setdefault(pk, []).append(f"{name} {text} {unit if unit != YES_NO_UNIT else ''}".strip())
    told_rows = [row for row in rows if row["pk"] in news or row["return_reason"]][:SHOWN]
    told_rows += [row for row in rows[:ROUTINE] if row not in told_rows]
    return {str(row["pk"]): ReportNews(row["date"], "、".join(news.get(row["pk"], []))) for row in told_rows}


def told(rows: Iterable[Any], reports: dict[str, ReportNews], *, sees_evidence: bool) -> Iterator[TimelineEvent]:
    """Yield the events of ``rows`` there are words for, the newest marked."""
    is_main = True
    for row in rows:
        model, _, act = row["action"].removeprefix("indicators.").partition(".")
        if model == "dailyreport":
            transition = DAILY_REPORT.transitions.get(act)
            text = report_sentence(act, transition.label, reports[row["target_key"]]) if transition else ""
        elif act in DEPARTMENTAL and not sees_evidence:
            text = ""
        else:
            text = sentence(act, row)
        if text:
            if row["purpose"]:
                text = f"{text}（{row['purpose']}）"
            by = both_names(row["actor_name"], row["on_behalf_of"])
            yield TimelineEvent(row["at"], by, text, act in ALERTS, is_main)
            is_main = False


def report_sentence(act: str, label: str, news: ReportNews) -> str:
    """Return what was done with a daily report; a submission names the values it brought."""
    values = f"，{news.values}" if news.values and act in SUBMISSIONS else ""
    return f"{news.day.month}月{news.day.day}日日调度：{label}{values}"


def sentence(act: str, row: dict[str, Any]) -> str:
    """Return what an act on an indicator did, with the figures that changed; empty without words for it."""
    if act not in ACTS:
        return ""
    details = DETAILS.get(act, lambda before, after: "")(row["before"] or {}, row["after"] or {})
    code = row["target_label"].partition(" ")[0]
    return f"{code} {ACTS[act]}{'：' if details else ''}{details}"


def _standard(before: dict[str, Any], after: dict[str, Any]) -> str:
    kind = Standard.Kind(after["kind"]).label
    value = f"{plain(after['value'])} {after['unit']}".strip()
    old = f"{plain(before['value'])} → " if before else ""
    place = f"，{after['place']}" if after.get("place") else ""
    return f"{kind} {old}{value}{place}"


def _value(before: dict[str, Any], after: dict[str, Any]) -> str:
    old = f"{plain(before['value'])} → " if before else ""
    return f"{old}{plain(after['value'])}，数据日期 {after['as_of']}"


def _duty(before: dict[str, Any], after: dict[str, Any]) -> str:
    return f"{after['department']} {Assignment.Role(after['role']).label}"


def _former_duty(before: dict[str, Any], after: dict[str, Any]) -> str:
    return before["department"]


def _measure(before: dict[str, Any], after: dict[str, Any]) -> str:
    return after["text"][:60]


def _measure_state(before: dict[str, Any], after: dict[str, Any]) -> str:
    return Measure.Status(after["state"]).label


def _columns(before: dict[str, Any], after: dict[str, Any]) -> str:
    return "、".join(column_name(name) for name in after)


def column_name(name: str) -> str:
    """Return what a column of an indicator is called on screen."""
    return str(getattr(Indicator._meta.get_field(name), "verbose_name", name))


def _applicable(before: dict[str, Any], after: dict[str, Any]) -> str:
    return "适用" if after["applicable"] else "不适用"


def _constraint(before: dict[str, Any], after: dict[str, Any]) -> str:
    return f"{after['reason'][:60]}，有效期至 {after['expires_on']}"


def _evidence(before: dict[str, Any], after: dict[str, Any]) -> str:
    return (after or before)["title"]


#: (before, after) of the audit event -> what changed.
DETAILS = {
    "add_standard": _standard,
    "check_standard": _standard,
    "assign": _duty,
    "change_people": _duty,
    "end_assignment": _former_duty,
    "add_measure": _measure,
    "note_measure": _measure,
    "set_measure_state": _measure_state,
    "correct_value": _value,
    "import_value": _value,
    "undo_value": _value,
    "edit": _columns,
    "set_applicable": _applicable,
    "propose_constraint": _constraint,
    "approve_constraint": _constraint,
    "link_evidence": _evidence,
    "unlink_evidence": _evidence,
}


def plain(number: str) -> str:
    """Return a figure of the audit log without the zeros its column adds: 4.0000 -> 4."""
    return number.rstrip("0").rstrip(".") if "." in number else number
