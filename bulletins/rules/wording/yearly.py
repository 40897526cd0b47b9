"""The yearly report's skeleton, in the structure of the county's own of 2021, with the year's before and after."""

from collections.abc import Mapping
from typing import Any

from bulletins.rules.wording import notice
from bulletins.rules.wording.phrases import (
    Section,
    bound,
    cut_note,
    fraction,
    in_print,
    is_zero,
    joined,
    last_day,
    month_and_day,
    number_of,
    numbered,
)

#: The sections under 一、工作开展情况, in the order of the county's report.
WORK_DONE = ("mechanism", "reform", "service", "publicity", "supervision", "complaints")
#: How many before-and-after figures the text names.
MOST_NAMED = 12


def sections(snapshot: Mapping[str, Any]) -> list[Section]:
    """Return 工作开展情况 by its six headings, 存在的问题, 下步工作打算; the office writes on."""
    return [
        Section("mechanism", "健全推进机制", mechanism(snapshot)),
        Section("reform", "持续深化改革", reform(snapshot)),
        Section("service", "做好企业服务", service(snapshot)),
        Section("publicity", "大力开展宣传", publicity(snapshot)),
        Section("supervision", "强化督导检查", notice.issues(snapshot)),
        Section("complaints", "及时受理投诉", complaints(snapshot)),
        Section("problems", "存在的问题", problems(snapshot)),
        Section("next_steps", "下步工作打算", notice.next_steps(snapshot)),
    ]


def so_far(snapshot: Mapping[str, Any]) -> str:
    """Return 全年, or the day the numbers reach to while the year is not over."""
    return f"截至{month_and_day(last_day(snapshot))}，" if cut_note(snapshot) else "全年"


def mechanism(snapshot: Mapping[str, Any]) -> str:
    """Return how the first level was dispatched over the year."""
    first_level = snapshot["facts"]["first_level"]
    return (
        f"依据营商环境评价一级指标的设置，将{first_level}项一级指标逐一明确牵头部门，实行周通报、日调度制度。"
        f"{so_far(snapshot)}日调度应报{bound('reports.expected')}项次，已报{bound('reports.actual')}项次，"
        f"报送率{bound('reports.rate')}。"
        f"{notice.score_sentence(snapshot)}"
    )


def reform(snapshot: Mapping[str, Any]) -> str:
    """Return before and after of what got better in the year; what is not named stands in the annex."""
    better = [row for row in snapshot["tables"]["changes"] if row["is_better"]]
    if not better:
        return "本年度没有数值得到改善的指标。"
    said = joined(notice.grouped(better[:MOST_NAMED], notice.became), "；")
    rest = f"；其余{len(better) - MOST_NAMED}项见附件" if len(better) > MOST_NAMED else ""
    return f"{len(better)}项指标的数值得到改善：{said}{rest}。"


def service(snapshot: Mapping[str, Any]) -> str:
    """Return what came of visiting enterprises and of what they asked for."""
    visits = (
        "本年度台账中没有企业走访发现的问题。"
        if is_zero(snapshot, "issues.from_visits")
        else f"通过企业走访发现并交办问题{bound('issues.from_visits')}个。"
    )
    return f"{visits}回访的企业和群众诉求中，解决率{fraction('complaints.solved')}。"


def publicity(snapshot: Mapping[str, Any]) -> str:
    """Return how many practice cases were adopted over the year."""
    if is_zero(snapshot, "cases.published"):
        return "本年度没有采用的典型案例。"
    return f"本年度采用典型案例{bound('cases.published')}个。"


def complaints(snapshot: Mapping[str, Any]) -> str:
    """Return what came over the year and how it was handled."""
    return (
        f"{so_far(snapshot)}受理{bound('complaints.received')}件，办结率{fraction('complaints.close')}，"
        f"按期办结率{fraction('complaints.on_time_close')}，满意率{fraction('complaints.satisfaction')}，"
        f"解决率{fraction('complaints.solved')}。"
    )


def problems(snapshot: Mapping[str, Any]) -> str:
    """Return what the numbers themselves admit: weak spots, missing frontiers, needs not solved, what got worse."""
    sentences = []
    if weak := snapshot["tables"]["weak"]:
        sentences.append(f"部分指标与前沿差距较大：{joined([notice.weak(row) for row in weak], '；')}")
    if number_of(snapshot, "score.leaves") != number_of(snapshot, "score.applicable"):
        sentences.append(
            f"部分指标前沿数据不清：适用末级指标{bound('score.applicable')}项中，可计分{bound('score.leaves')}项"
        )
    if number_of(snapshot, "complaints.solved.n") != number_of(snapshot, "complaints.solved.d"):
        sentences.append(f"部分企业和群众诉求没有真正解决到位：回访的解决率为{fraction('complaints.solved')}")
    worse = [row for row in snapshot["tables"]["changes"] if not row["is_better"]]
    if worse:
        names = [f"{row['first_level']}的{in_print(row['name'])}" for row in worse[:MOST_NAMED]]
        sentences.append(f"部分指标出现回落：{joined(names)}{'等' if len(worse) > MOST_NAMED else ''}{len(worse)}项")
    return numbered(sentences) if sentences else "本年度数据没有反映出突出问题。"
