"""The daily brief (17:45): one A4 page a leader reads without logging in (domain §8)."""

from collections.abc import Mapping
from typing import Any

from bulletins.rules.wording import notice
from bulletins.rules.wording.phrases import Section, bound, closed_up, is_zero, joined

MOST_NAMED = 5


def sections(snapshot: Mapping[str, Any]) -> list[Section]:
    """Return three sections: what got worse, who is behind, what waits for a decision."""
    return [
        Section("worse", "变差的", worse(snapshot)),
        Section("behind", "落后的", behind(snapshot)),
        Section("decisions", "待决策的", decisions(snapshot)),
    ]


def worse(snapshot: Mapping[str, Any]) -> str:
    """Return values that moved the wrong way today, and the composite if it fell."""
    rows = [row for row in snapshot["tables"]["changes"] if not row["is_better"]][:MOST_NAMED]
    said = [f"{row['name']}由{bound(row['code'] + '.before')}变为{bound(row['code'] + '.value')}" for row in rows]
    if snapshot["facts"]["score_sufficient"] and snapshot["facts"]["score_direction"] == "down":
        said.append(f"综合自评分{bound('score.total')}分，下降{bound('score.change')}分")
    return f"{joined(said, '；')}。" if said else "今日没有变差的指标。"


def behind(snapshot: Mapping[str, Any]) -> str:
    """Return which reports did not come, what is overdue and longest."""
    sentences = []
    if not is_zero(snapshot, "reports.expected"):
        sentences.append(f"日调度应报{bound('reports.expected')}项，已报{bound('reports.actual')}项")
    sentences.append(
        f"超期投诉和问题共{bound('overdue.all')}件" if not is_zero(snapshot, "overdue.all") else "没有超期件"
    )
    named = snapshot["tables"]["named"][:MOST_NAMED]
    if named:
        listed = joined([f"{row['number']}（{row['department']}，超期{bound(row['name'])}个工作日）" for row in named])
        sentences.append(f"其中{listed}")
    if weak := snapshot["tables"]["weak"]:
        sentences.append("短板：" + joined([f"{row['name']}（{closed_up(row['gap_text'])}）" for row in weak[:3]]))
    return f"{joined(sentences, '；')}。"


def decisions(snapshot: Mapping[str, Any]) -> str:
    """Return coordination items and instructions that wait."""
    rows = snapshot["tables"]["next_steps"]
    if not rows:
        return "没有等待协调或决策的事项。"
    return notice.numbered([notice.task(row) for row in rows])
