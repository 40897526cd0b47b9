"""The daily brief (17:45): one A4 page a leader reads without logging in (domain §8)."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from bulletins.bindings import filled
from bulletins.rules.wording import notice
from bulletins.rules.wording.phrases import Section, bound, closed_up, in_print, is_zero, joined, last_day, numbered

#: How much each list names, most first; the most that leaves the text on one page is taken.
LIMITS = (5, 4, 3, 2, 1)
LINES_FOR_TEXT = 18
CHARACTERS_IN_A_LINE = 27
#: An ask is cut to this; the whole stands on the office's list.
LONGEST_ASK = 40


def sections(snapshot: Mapping[str, Any]) -> list[Section]:
    """Return three sections: what got worse, who is behind, what waits for a decision; as much as fits one page."""
    for limit in LIMITS:
        written = _written(snapshot, limit)
        if _lines(written, snapshot) <= LINES_FOR_TEXT:
            return written
    return written


def _written(snapshot: Mapping[str, Any], limit: int) -> list[Section]:
    return [
        Section("worse", "变差的", worse(snapshot, limit)),
        Section("behind", "落后的", behind(snapshot, limit)),
        Section("decisions", "待决策的", decisions(snapshot, limit)),
    ]


def _lines(written: list[Section], snapshot: Mapping[str, Any]) -> int:
    """Return how many lines the sections take, their headings included; a first line is indented by two."""
    texts = [filled(section.text, snapshot["numbers"]) for section in written]
    return len(written) + sum(ceil((len(text) + 2) / CHARACTERS_IN_A_LINE) for text in texts)


def worse(snapshot: Mapping[str, Any], limit: int) -> str:
    """Return values that moved the wrong way on the day, and the composite if it fell."""
    rows = [row for row in snapshot["tables"]["changes"] if not row["is_better"]]
    said = notice.grouped(rows[:limit], notice.became)
    if len(rows) > limit:
        said.append(f"另有{len(rows) - limit}项")
    if snapshot["facts"]["score_sufficient"] and snapshot["facts"]["score_direction"] == "down":
        said.append(f"综合自评分{bound('score.total')}分，较上一日下降{bound('score.change')}分")
    return f"{joined(said, '；')}。" if said else "今日没有变差的指标。"


def behind(snapshot: Mapping[str, Any], limit: int) -> str:
    """Return which reports did not come, what is overdue and longest, and the weak spots."""
    sentences = []
    if not is_zero(snapshot, "reports.expected"):
        reports = f"日调度应报{bound('reports.expected')}项，已报{bound('reports.actual')}项"
        sentences.append(f"{reports}{unreported(snapshot, limit)}。")
    named = snapshot["tables"]["named"][:limit]
    listed = joined([f"{row['number']}（{row['department']}，超期{bound(row['name'])}个工作日）" for row in named])
    if late := notice.late(snapshot):
        sentences.append(f"{late}，其中{listed}。" if listed else f"{late}。")
    else:
        sentences.append("没有超期件。")
    if weak := snapshot["tables"]["weak"][:limit]:
        said = [f"{row['name']}（{closed_up(in_print(row['gap_text']))}）" for row in weak]
        sentences.append(f"短板：{joined(said, '；')}。")
    return "".join(sentences)


def unreported(snapshot: Mapping[str, Any], limit: int) -> str:
    """Return ，未报的是跨境贸易（县商务局）, or nothing."""
    rows = snapshot["tables"].get("unreported", [])
    if not rows:
        return ""
    said = joined([f"{row['name']}（{row['unit']}）" for row in rows[:limit]])
    return f"，未报的是{said}{f'等{len(rows)}项' if len(rows) > limit else ''}"


def decisions(snapshot: Mapping[str, Any], limit: int) -> str:
    """Return the coordination items and instructions that wait."""
    rows, today = snapshot["tables"]["next_steps"], last_day(snapshot)
    if not rows:
        return "没有等待协调或决策的事项。"
    more = len(rows) - limit + snapshot["facts"]["more_next_steps"]
    rest = f"另有{more}项。" if more > 0 else ""
    tasks = [notice.task(row | {"text": clipped(row["text"])}, today) for row in rows[:limit]]
    return numbered(tasks, separator="") + rest


def clipped(text: str) -> str:
    """Return ``text`` cut to what one page has room for."""
    return text if len(text) <= LONGEST_ASK else f"{text[: LONGEST_ASK - 1]}…"
