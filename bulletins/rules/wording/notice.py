"""The seven sections of the weekly 通报 and 简报 (domain §8, Sections)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from bulletins.rules.wording.phrases import (
    Section,
    bound,
    closed_up,
    fraction,
    is_zero,
    joined,
    number_of,
    numbered,
    span,
)

Snapshot = Mapping[str, Any]
SIX_DAYS = timedelta(days=6)
MOST_CHANGES = 8


def sections(snapshot: Snapshot) -> list[Section]:
    """Return the seven sections written from ``snapshot``."""
    return [
        Section("overview", "总体情况", overview(snapshot)),
        Section("indicators", "指标进展", indicators(snapshot)),
        Section("reporting", "报送情况", reporting(snapshot)),
        Section("complaints", "投诉举报办理", complaints(snapshot)),
        Section("issues", "督导检查问题整改", issues(snapshot)),
        Section("overdue", "超期事项通报", overdue(snapshot)),
        Section("next_steps", "下步要求", next_steps(snapshot)),
    ]


def overview(snapshot: Snapshot) -> str:
    """Return 一: the days, the composite, complaints, issues, and what the last bulletin must be corrected by."""
    facts = snapshot["facts"]
    days = span(date.fromisoformat(snapshot["from"]), date.fromisoformat(snapshot["to"]))
    first = (
        f"{days}（工作日{facts['workdays']}天），{facts['first_level']}项一级指标日调度应报{bound('reports.expected')}项次，"
        f"已报{bound('reports.actual')}项次，有变化的一级指标{bound('indicators.changed')}项。{score_sentence(snapshot)}"
        f"受理投诉{bound('complaints.received')}件，应办结{bound('complaints.on_time_close.d')}件，"
        f"按期办结{bound('complaints.on_time_close.n')}件。{issue_sentence()}"
    )
    paragraphs = [first]
    if corrections := snapshot["tables"].get("previous", []):
        paragraphs.append(_corrections(corrections, facts["previous_number"]))
    return "\n".join(paragraphs)


def score_sentence(snapshot: Snapshot) -> str:
    """Return the composite with its change; below the coverage that suffices, how many leaves there are instead."""
    facts = snapshot["facts"]
    leaves = f"可计分末级指标{bound('score.leaves')}项（适用{bound('score.applicable')}项）"
    if not facts["score_sufficient"]:
        return f"{leaves}，数据不足，暂不计综合自评分。"
    sentence = f"{leaves}，综合自评分{bound('score.total')}分（自评，非省评结果）"
    moved = {"up": f"，较上期提高{bound('score.change')}分", "down": f"，较上期下降{bound('score.change')}分"}
    return (
        sentence
        + moved.get(facts["score_direction"], "，与上期持平" if facts["score_direction"] == "same" else "")
        + "。"
    )


def issue_sentence() -> str:
    """Return open issues at the cut-off with what came and went."""
    return (
        f"未销号问题{bound('issues.open')}个，本期新增{bound('issues.registered')}个、销号{bound('issues.cleared')}个。"
    )


def _corrections(rows: list[dict[str, Any]], number: str) -> str:
    """Return 上期更正: what the last issued bulletin would print today at its own cut-off."""
    said = joined([f"{row['label']}由{row['before']}更正为{bound(row['name'])}" for row in rows], "，")
    return f"上期更正：{number}中，{said}。"


def indicators(snapshot: Snapshot) -> str:
    """Return 二: values that moved, the best, and the weak spots against the frontier."""
    tables = snapshot["tables"]
    if changes := tables["changes"][:MOST_CHANGES]:
        more = len(tables["changes"]) - len(changes)
        first = joined(grouped(changes), "；") + (f"；其余{more}项数值变化见附件。" if more > 0 else "。")
    else:
        first = "本期指标数值没有变化。"
    paragraphs = [first]
    if best := tables["best"]:
        said = joined([f"{row['name']}{bound(row['code'] + '.score')}分" for row in best])
        paragraphs.append(f"领先的指标：{said}。")
    if tables["weak"]:
        paragraphs.append(f"短板指标：{joined([weak(row) for row in tables['weak']], '；')}。")
    elif snapshot["facts"]["score_sufficient"]:
        paragraphs.append("可计分的一级指标中，没有低于接近线的短板。")
    return "\n".join(paragraphs)


def grouped(changes: Sequence[dict[str, Any]]) -> list[str]:
    """Return one clause per first-level indicator with the leaves that moved under it: 获得用气报装时间由…."""
    clauses = []
    for first_level, rows in groupby(changes, key=lambda row: row["first_level"]):
        said = joined([_change(row) for row in rows], "，")
        clauses.append(f"{first_level}方面，{said}")
    return clauses


def _change(row: dict[str, Any]) -> str:
    before, after = bound(f"{row['code']}.before"), bound(f"{row['code']}.value")
    if row["is_yes_no"]:
        return f"{row['name']}由“{before}”变为“{after}”"
    verb = ("提高到" if row["rose"] else "压减到") if row["is_better"] else ("升至" if row["rose"] else "降至")
    sentence = f"{row['name']}由{before}{verb}{after}"
    if row["at_frontier"]:
        return f"{sentence}，已达前沿"
    return f"{sentence}，距前沿还差{bound(row['code'] + '.gap')}" if row["has_gap"] else sentence


def weak(row: dict[str, Any]) -> str:
    """Return a weak spot with its lead, score and gap."""
    lead = f"（{row['lead']}牵头）" if row["lead"] else ""
    gap = closed_up(row["gap_text"])
    return f"{row['name']}{lead}{bound(row['code'] + '.score')}分" + (f"，{gap}" if gap not in {"", "—"} else "")


def reporting(snapshot: Snapshot) -> str:
    """Return 三: totals, and indicators that missed three or more dates; no unit's rate."""
    if is_zero(snapshot, "reports.expected"):
        return "本期没有应报的日调度。"
    text = (
        f"应报{bound('reports.expected')}项次，已报{bound('reports.actual')}项次，报送率{bound('reports.rate')}；"
        f"按时{bound('reports.on_time')}项次，按时报送率{bound('reports.rate_on_time')}。"
    )
    missed = snapshot["tables"]["missed"]
    if not missed:
        return f"{text}没有三次及以上未报的指标。"
    said = joined([f"{row['name']}（{bound(row['code'] + '.missed')}次）" for row in missed])
    return f"{text}三次及以上未报的指标{len(missed)}项：{said}。"


def complaints(snapshot: Snapshot) -> str:
    """Return 四: what came, by type and topic; the five rates with their counts."""
    if is_zero(snapshot, "complaints.received"):
        first = "本周无新受理投诉。" if _is_week(snapshot) else "本期无新受理投诉。"
    else:
        types = joined([f"{row['name']}{bound('complaints.type.' + row['code'])}件" for row in _types(snapshot)])
        first = f"受理{bound('complaints.received')}件，其中{types}。"
        if topics := snapshot["tables"]["complaint_topics"]:
            said = joined([f"{row['name']}{bound('complaints.topic.' + row['code'])}件" for row in topics])
            first += f"反映较多的是{said}。"
    carried = f"上期结转{bound('complaints.opening')}件，结转下期{bound('complaints.closing')}件。"
    rates = (
        f"按时签收率{fraction('complaints.on_time_sign')}，办结率{fraction('complaints.close')}，"
        f"按期办结率{fraction('complaints.on_time_close')}，满意率{fraction('complaints.satisfaction')}，"
        f"解决率{fraction('complaints.solved')}。"
    )
    return "\n".join([first + carried, rates])


def _types(snapshot: Snapshot) -> list[dict[str, Any]]:
    return snapshot["tables"]["complaint_types"]


def _is_week(snapshot: Snapshot) -> bool:
    return date.fromisoformat(snapshot["to"]) - date.fromisoformat(snapshot["from"]) == SIX_DAYS


def issues(snapshot: Snapshot) -> str:
    """Return 五: open, new, cleared, sustained, came back; the three rates."""
    week = "本周" if _is_week(snapshot) else "本期"
    if is_zero(snapshot, "issues.registered") and is_zero(snapshot, "issues.cleared"):
        moved = f"{week}无新增、无销号问题。"
    else:
        moved = f"{week}新增{bound('issues.registered')}个，销号{bound('issues.cleared')}个。"
    standing = f"截至期末，未销号问题{bound('issues.open')}个，其中超期{bound('issues.overdue')}个"
    if not is_zero(snapshot, "issues.sustained"):
        standing += f"；长期坚持{bound('issues.sustained')}个，另列"
    if not is_zero(snapshot, "issues.relapsed"):
        standing += f"；反弹{bound('issues.relapsed')}个"
    rates = (
        f"整改率{fraction('issues.rate.cleared')}，按期整改率{fraction('issues.rate.cleared_on_time')}，"
        f"立行立改完成率{fraction('issues.rate.immediate_done')}。"
    )
    return f"{moved}{standing}。\n{rates}"


def overdue(snapshot: Snapshot) -> str:
    """Return 六: number, unit and days of what reached rung 4; neither person nor content; the rest is counted."""
    named = snapshot["tables"]["named"]
    if not named:
        none = "本周无超期件。" if _is_week(snapshot) else "本期无超期件。"
        if is_zero(snapshot, "overdue.rest"):
            return none
        return f"本期没有超期5个工作日及以上须点名的事项；其他超期{bound('overdue.rest')}件，请承办单位抓紧办理。"
    said = joined([f"{row['number']}（{row['department']}，超期{bound(row['name'])}个工作日）" for row in named], "；")
    text = f"以下{bound('overdue.named')}件超期5个工作日及以上：{said}。"
    if not is_zero(snapshot, "overdue.rest"):
        text += f"其他超期{bound('overdue.rest')}件不再列名。"
    return text + "请有关单位限期办结，并书面说明原因。"


def next_steps(snapshot: Snapshot) -> str:
    """Return 七: coordination items and leaders' tasks, then what follows from the numbers, as 一是、二是、三是."""
    sentences = [task(row) for row in snapshot["tables"]["next_steps"]]
    sentences += _consequences(snapshot)
    if not sentences:
        return "各单位继续按日调度要求报送，巩固现有成效。"
    more = snapshot["facts"]["more_next_steps"]
    return numbered(sentences[:9]) + (f"其余{more}项协调事项按台账办理。" if more else "")


def task(row: dict[str, Any]) -> str:
    """Return one coordination item or instruction as an order to do it."""
    due = f"，{_day(row['due_on'])}前回复" if row["due_on"] else ""
    text = row["text"].strip().rstrip("。；;.").replace("\n", "，").replace("{", "｛").replace("}", "｝")
    who = f"{row['department']}：" if row["department"] else ""
    said = "落实县领导批示" if row["is_instruction"] else "协调解决"
    return f"{said}（{row['indicator']}）{who}{text}{due}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日"


def _consequences(snapshot: Snapshot) -> list[str]:
    """Return what the numbers themselves ask for."""
    sentences = []
    if weak_rows := snapshot["tables"]["weak"]:
        names = joined([row["name"] for row in weak_rows[:3]])
        sentences.append(f"聚焦{names}等短板，逐项对照前沿值制定措施，限期见效")
    if not is_zero(snapshot, "overdue.all"):
        sentences.append("对超期事项倒排时限，办结一件销一件")
    if snapshot["tables"]["missed"]:
        sentences.append("按时报送日调度，没有变化的点选“今日无变化”，不得漏报")
    solved, asked = number_of(snapshot, "complaints.solved.n"), number_of(snapshot, "complaints.solved.d")
    if solved is not None and asked is not None and int(solved) < int(asked):
        sentences.append("对回访答复未解决的诉求重新办理，真正解决到位")
    return sentences
