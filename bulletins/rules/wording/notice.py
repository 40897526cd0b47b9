"""The seven sections of the weekly 通报 and 简报 (domain §8, Sections)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from bulletins.rules.wording.phrases import (
    Section,
    bound,
    closed_up,
    cut_note,
    days_of,
    fraction,
    in_print,
    is_zero,
    joined,
    last_day,
    listed,
    month_and_day,
    number_of,
    numbered,
    period_word,
    span,
)

Snapshot = Mapping[str, Any]
MOST_CHANGES = 8
MOST_TASKS = 9
#: From how many on a topic is called one that many complain about.
FREQUENT = 2


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
    first = (
        f"{dispatch_sentence(snapshot)}{score_sentence(snapshot)}"
        f"{complaint_sentence(snapshot)}{issue_sentence(snapshot)}"
    )
    paragraphs = [first]
    if corrections := snapshot["tables"].get("previous", []):
        paragraphs.append(_corrections(corrections, snapshot["facts"]))
    return "\n".join(paragraphs)


def dispatch_sentence(snapshot: Snapshot) -> str:
    """Return the days of the period, what daily dispatch brought in them, and how many indicators moved."""
    facts = snapshot["facts"]
    workdays = f"工作日{facts['workdays']}天" if facts["workdays"] else "没有工作日"
    days = f"{span(*days_of(snapshot))}（{workdays}{cut_note(snapshot)}）"
    if is_zero(snapshot, "reports.expected"):
        reports = "没有应报的日调度"
    else:
        reports = (
            f"{facts['first_level']}项一级指标日调度应报{bound('reports.expected')}项次，"
            f"已报{bound('reports.actual')}项次"
        )
    if is_zero(snapshot, "indicators.changed"):
        return f"{days}，{reports}，指标数值没有变化。"
    return f"{days}，{reports}，有变化的一级指标{bound('indicators.changed')}项。"


def score_sentence(snapshot: Snapshot) -> str:
    """Return the composite with its change; below the coverage that suffices, how many leaves there are instead."""
    facts = snapshot["facts"]
    if not facts["score_sufficient"]:
        return f"综合自评分数据不足（{bound('score.leaves')}/{bound('score.applicable')}），暂不计分。"
    leaves = f"可计分末级指标{bound('score.leaves')}项（适用{bound('score.applicable')}项）"
    sentence = f"{leaves}，综合自评分{bound('score.total')}分（自评，非省评结果）"
    moved = {
        "up": f"，较上期提高{bound('score.change')}分",
        "down": f"，较上期下降{bound('score.change')}分",
        "same": "，与上期持平",
    }
    return f"{sentence}{moved.get(facts['score_direction'], '')}。"


def complaint_sentence(snapshot: Snapshot) -> str:
    """Return what came and what was due."""
    came, due = "无新受理投诉", "无应办结件"
    if not is_zero(snapshot, "complaints.received"):
        came = f"受理投诉{bound('complaints.received')}件"
    if not is_zero(snapshot, "complaints.on_time_close.d"):
        due = f"应办结{bound('complaints.on_time_close.d')}件，按期办结{bound('complaints.on_time_close.n')}件"
    return f"{came}，{due}。"


def issue_sentence(snapshot: Snapshot) -> str:
    """Return open issues at the cut-off with what came and went."""
    moved = _came_and_went(snapshot)
    if is_zero(snapshot, "issues.open"):
        return f"没有未销号问题，{moved}。"
    return f"未销号问题{bound('issues.open')}个，{moved}。"


def _came_and_went(snapshot: Snapshot) -> str:
    """Return 本周新增2个、销号1个."""
    word = period_word(snapshot)
    if is_zero(snapshot, "issues.registered") and is_zero(snapshot, "issues.cleared"):
        return f"{word}无新增、无销号"
    return f"{word}新增{bound('issues.registered')}个、销号{bound('issues.cleared')}个"


def _corrections(rows: list[dict[str, Any]], facts: Mapping[str, Any]) -> str:
    """Return 上期更正: what the last issued bulletin would print today at its own cut-off."""
    said = joined([f"{row['label']}由{row['before']}更正为{_with_counts(row)}" for row in rows], "，")
    more = facts.get("more_previous", 0)
    rest = f"；另有{more}处数字有变动" if more else ""
    return f"上期更正：{facts['previous_number']}中，{said}{rest}。"


def _with_counts(row: dict[str, Any]) -> str:
    return fraction(row["name"]) if row.get("has_counts") else bound(row["name"])


def indicators(snapshot: Snapshot) -> str:
    """Return 二: values that moved, the best, and the weak spots against the frontier."""
    tables = snapshot["tables"]
    if changes := tables["changes"][:MOST_CHANGES]:
        more = len(tables["changes"]) - len(changes)
        first = joined(grouped(changes), "；") + (f"；其余{more}项数值变化见附件1。" if more > 0 else "。")
    else:
        first = f"{period_word(snapshot)}指标数值没有变化。"
    paragraphs = [first]
    if best := tables["best"]:
        said = joined([f"{row['name']}{bound(row['code'] + '.score')}分" for row in best])
        paragraphs.append(f"领先的指标：{said}。")
    if tables["weak"]:
        paragraphs.append(f"短板指标：{joined([weak(row) for row in tables['weak']], '；')}。")
    elif snapshot["facts"]["score_sufficient"]:
        paragraphs.append("可计分的一级指标中，没有低于接近线的短板。")
    return "\n".join(paragraphs)


def grouped(changes: Sequence[dict[str, Any]], said: Callable[[dict[str, Any]], str] | None = None) -> list[str]:
    """Return one clause per first-level indicator with the leaves that moved under it: 获得用气方面，报装时间由…."""
    return [
        f"{first_level}方面，{joined([(said or change)(row) for row in rows], '，')}"
        for first_level, rows in groupby(changes, key=lambda row: row["first_level"])
    ]


def change(row: dict[str, Any]) -> str:
    """Return what became of one leaf, whether that is better, and what is missing to the frontier."""
    if row["is_yes_no"]:
        name, before, after = in_print(row["name"]), bound(f"{row['code']}.before"), bound(f"{row['code']}.value")
        return f"{name}由“{before}”变为“{after}”"
    sentence = became(
        row, ("提高到" if row["rose"] else "压减到") if row["is_better"] else ("升至" if row["rose"] else "降至")
    )
    if row["at_frontier"]:
        return f"{sentence}，已达前沿"
    return f"{sentence}，距前沿还差{bound(row['code'] + '.gap')}" if row["has_gap"] else sentence


def became(row: dict[str, Any], verb: str = "变为") -> str:
    """Return 报装时间由9天变为6天."""
    return f"{in_print(row['name'])}由{bound(row['code'] + '.before')}{verb}{bound(row['code'] + '.value')}"


def weak(row: dict[str, Any]) -> str:
    """Return a weak spot with its lead, score and gap."""
    lead = f"（{row['lead']}牵头）" if row["lead"] else ""
    gap = closed_up(in_print(row["gap_text"]))
    return f"{row['name']}{lead}{bound(row['code'] + '.score')}分" + (f"，{gap}" if gap not in {"", "—"} else "")


def reporting(snapshot: Snapshot) -> str:
    """Return 三: totals, and indicators that missed three or more dates; no unit's rate."""
    if is_zero(snapshot, "reports.expected"):
        return f"{period_word(snapshot)}没有应报的日调度。"
    text = (
        f"应报{bound('reports.expected')}项次，已报{bound('reports.actual')}项次，报送率{bound('reports.rate')}；"
        f"按时{bound('reports.on_time')}项次，按时报送率{bound('reports.rate_on_time')}。"
    )
    missed = snapshot["tables"]["missed"]
    if not missed:
        return f"{text}没有三次及以上未报的指标。"
    said = joined([f"{row['name']}（{bound(row['code'] + '.missed')}次）" for row in missed], "；")
    return f"{text}三次及以上未报的指标{len(missed)}项：{said}。"


def complaints(snapshot: Snapshot) -> str:
    """Return 四: what came, by type and topic; the five rates with their counts."""
    carried = f"上期结转{bound('complaints.opening')}件，结转下期{bound('complaints.closing')}件。"
    rates = (
        f"按时签收率{fraction('complaints.on_time_sign')}，办结率{fraction('complaints.close')}，"
        f"按期办结率{fraction('complaints.on_time_close')}，满意率{fraction('complaints.satisfaction')}，"
        f"解决率{fraction('complaints.solved')}。"
    )
    return f"{received(snapshot)}{carried}\n{rates}"


def received(snapshot: Snapshot) -> str:
    """Return what came by type, and the topics that came more than once."""
    if is_zero(snapshot, "complaints.received"):
        return f"{period_word(snapshot)}无新受理投诉。"
    types = snapshot["tables"]["complaint_types"]
    text = f"受理{bound('complaints.received')}件，"
    if len(types) == 1:
        text += f"均为{types[0]['name']}类。"
    else:
        text += f"其中{joined([_type(row) for row in types])}。"
    frequent = [row for row in snapshot["tables"]["complaint_topics"] if row["count"] >= FREQUENT]
    said = joined([f"{row['name']}{bound('complaints.topic.' + row['code'])}件" for row in frequent])
    return f"{text}反映较多的是{said}。" if said else text


def _type(row: dict[str, Any]) -> str:
    return f"{row['name']}{bound('complaints.type.' + row['code'])}件"


def issues(snapshot: Snapshot) -> str:
    """Return 五: new, cleared, come back, open, sustained; the three rates."""
    moved = _came_and_went(snapshot)
    if not is_zero(snapshot, "issues.relapsed"):
        moved += f"，反弹{bound('issues.relapsed')}个"
    end = month_and_day(last_day(snapshot))
    if is_zero(snapshot, "issues.open"):
        standing = f"截至{end}，没有未销号问题"
    elif is_zero(snapshot, "issues.overdue"):
        standing = f"截至{end}，未销号问题{bound('issues.open')}个，均未超期"
    else:
        standing = f"截至{end}，未销号问题{bound('issues.open')}个，其中超期{bound('issues.overdue')}个"
    if not is_zero(snapshot, "issues.sustained"):
        standing += f"；另有长期坚持{bound('issues.sustained')}个"
    rates = (
        f"整改率{fraction('issues.rate.cleared')}，按期整改率{fraction('issues.rate.cleared_on_time')}，"
        f"立行立改完成率{fraction('issues.rate.immediate_done')}。"
    )
    return f"{moved}。{standing}。\n{rates}"


def overdue(snapshot: Snapshot) -> str:
    """Return 六: number, unit and days of what reached rung 4; neither person nor content; the rest is counted."""
    named, rest = snapshot["tables"]["named"], late(snapshot, ".rest")
    if not named and not rest:
        return f"{period_word(snapshot)}无超期件。"
    if not named:
        return f"{period_word(snapshot)}没有须列名的超期5个工作日及以上事项；{rest}，请承办单位抓紧办理。"
    said = joined([f"{row['number']}（{row['department']}，超期{bound(row['name'])}个工作日）" for row in named], "；")
    text = f"{late(snapshot, '.named')}达到5个工作日及以上：{said}。"
    if rest:
        text += f"其他{rest}，不再列名。"
    return text + "请有关单位限期办结，并书面说明原因。"


def late(snapshot: Snapshot, which: str = "") -> str:
    """Return 超期投诉2件、超期问题3个, without what there is none of; ``which`` is .named, .rest, or all."""
    said = []
    if not is_zero(snapshot, f"overdue.complaints{which}"):
        said.append(f"超期投诉{bound('overdue.complaints' + which)}件")
    if not is_zero(snapshot, f"overdue.issues{which}"):
        said.append(f"超期问题{bound('overdue.issues' + which)}个")
    return joined(said)


def next_steps(snapshot: Snapshot) -> str:
    """Return 七: coordination items and leaders' tasks, then what follows from the numbers, as 一是、二是、三是."""
    today = last_day(snapshot)
    sentences = [task(row, today) for row in snapshot["tables"]["next_steps"]]
    sentences += _consequences(snapshot)
    if not sentences:
        return "各单位继续按日调度要求报送，巩固现有成效。"
    more = snapshot["facts"]["more_next_steps"]
    return numbered(sentences[:MOST_TASKS]) + (f"\n其余{more}项协调事项按台账办理。" if more else "")


def task(row: dict[str, Any], today: date) -> str:
    """Return one coordination item or instruction as an order to do it; an answer due before ``today`` is late."""
    text = row["text"].strip().rstrip("。；;.").replace("\n", "，").replace("{", "｛").replace("}", "｝")
    if row["is_instruction"]:
        what = f"落实县领导关于“{row['indicator']}”的批示"
    elif row["department"]:
        what = f"协调解决{row['department']}提出的“{row['indicator']}”事项"
    else:
        what = f"协调解决“{row['indicator']}”事项"
    return f"{what}：{text}{_answer(row['due_on'], today)}"


def _answer(due_on: str | None, today: date) -> str:
    if due_on is None:
        return ""
    due = date.fromisoformat(due_on)
    day = month_and_day(due) if due.year == today.year else f"{due.year}年{month_and_day(due)}"
    return f"（应于{day}前回复，已超期）" if due < today else f"，{day}前回复"


def _consequences(snapshot: Snapshot) -> list[str]:
    """Return what the numbers themselves ask for."""
    sentences = []
    if weak_rows := snapshot["tables"]["weak"]:
        names = listed([row["name"] for row in weak_rows[:3]])
        sentences.append(f"聚焦{names}等短板，逐项对照前沿值制定措施，限期见效")
    if late(snapshot):
        sentences.append("对超期事项倒排时限，办结一件销一件")
    if snapshot["tables"]["missed"]:
        sentences.append("按时报送日调度，没有变化的点选“今日无变化”，不得漏报")
    solved, asked = number_of(snapshot, "complaints.solved.n"), number_of(snapshot, "complaints.solved.d")
    if solved is not None and asked is not None and int(solved) < int(asked):
        sentences.append("对回访答复未解决的诉求重新办理，真正解决到位")
    return sentences
