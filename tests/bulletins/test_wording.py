"""The sentences of papers, from snapshots made up for them: full, empty, one of a kind, cut before their end."""

import pytest

from bulletins.bindings import filled
from bulletins.rules.wording import daily, monthly, notice, yearly
from bulletins.rules.wording.phrases import in_print, listed, period_word
from core.documents.titles import balanced_lines

WEEK = {"from": "2026-11-16", "to": "2026-11-22", "cut_off": "2026-11-23T00:00:00+08:00"}
NOTHING = {
    "changes": [],
    "best": [],
    "weak": [],
    "missed": [],
    "named": [],
    "next_steps": [],
    "complaint_types": [],
    "complaint_topics": [],
    "complaint_departments": [],
}
FACTS = {"workdays": 5, "first_level": 28, "score_sufficient": True, "score_direction": "same", "more_next_steps": 0}


def snapshot(*, tables=None, facts=None, days=WEEK, **numbers):
    """Return a snapshot; a number that is not given is nought. Names are written with ``__`` for the dot."""
    values = {name.replace("__", "."): str(value) for name, value in numbers.items()}
    return {
        **days,
        "numbers": {name: {"value": value, "text": value} for name, value in values.items()},
        "tables": NOTHING | (tables or {}),
        "facts": FACTS | (facts or {}),
    }


def read(text, found):
    return filled(text, found["numbers"])


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        ("2026-11-16", "2026-11-22", "本周"),
        ("2026-11-17", "2026-11-23", "本期"),
        ("2026-02-01", "2026-02-28", "本月"),
        ("2026-01-01", "2026-12-31", "本年度"),
        ("2026-10-01", "2026-12-31", "本期"),
        ("2026-11-20", "2026-11-20", "当日"),
    ],
)
def test_paper_calls_its_period_by_its_name(first, last, word):
    assert period_word({"from": first, "to": last}) == word


def test_empty_week_says_that_there_is_nothing_instead_of_noughts():
    found = snapshot(facts={"workdays": 0, "score_sufficient": False}, score__leaves=18, score__applicable=116)
    assert read(notice.overview(found), found) == (
        "11月16日至11月22日（没有工作日），没有应报的日调度，指标数值没有变化。"
        "综合自评分数据不足（18/116），暂不计分。无新受理投诉，无应办结件。没有未销号问题，本周无新增、无销号。"
    )
    assert notice.reporting(found) == "本周没有应报的日调度。"
    assert notice.overdue(found) == "本周无超期件。"
    assert notice.received(found) == "本周无新受理投诉。"
    assert notice.issues(found).startswith("本周无新增、无销号。截至11月22日，没有未销号问题。")
    assert notice.next_steps(found) == "各单位继续按日调度要求报送，巩固现有成效。"


def test_paper_cut_before_its_period_is_over_says_until_when_it_knows():
    found = snapshot(days=WEEK | {"cut_off": "2026-11-19T17:45:00+08:00"}, issues__open=3)
    assert "（工作日5天，数据截至11月19日17时45分）" in notice.overview(found)
    assert "截至11月19日，未销号问题" in notice.issues(found)
    assert "数据截至" not in notice.overview(snapshot())


def test_one_type_is_not_called_a_part_and_one_complaint_not_many():
    topics = [{"code": "A08", "name": "获得用气", "count": 2}, {"code": "A05", "name": "招标投标", "count": 1}]
    types = [{"code": "complaint", "name": "投诉", "count": 3}]
    found = snapshot(
        tables={"complaint_types": types, "complaint_topics": topics},
        complaints__received=3,
        complaints__topic__A08=2,
    )
    assert read(notice.received(found), found) == "受理3件，均为投诉类。反映较多的是获得用气2件。"


def test_late_complaints_and_late_issues_are_counted_each_in_their_own_unit():
    row = {"number": "WT-2026-0056", "department": "西平县水利局", "name": "WT-2026-0056.days"}
    found = snapshot(
        tables={"named": [row]},
        overdue__issues=3,
        overdue__issues__named=1,
        overdue__issues__rest=2,
        overdue__complaints=4,
        overdue__complaints__rest=4,
    )
    found["numbers"]["WT-2026-0056.days"] = {"value": "7", "text": "7"}
    assert read(notice.overdue(found), found) == (
        "超期问题1个达到5个工作日及以上：WT-2026-0056（西平县水利局，超期7个工作日）。"
        "其他超期投诉4件、超期问题2个，不再列名。请有关单位限期办结，并书面说明原因。"
    )
    assert "超期投诉4件、超期问题3个，其中WT-2026-0056" in read(daily.behind(found, 3), found)


def test_brief_of_the_day_says_who_has_not_reported():
    rows = [{"name": name, "unit": "县商务局"} for name in ("跨境贸易", "市场开放度", "纳税")]
    found = snapshot(tables={"unreported": rows}, reports__expected=28, reports__actual=25)
    said = read(daily.behind(found, 2), found)
    assert said.startswith("日调度应报28项，已报25项，未报的是跨境贸易（县商务局）、市场开放度（县商务局）等3项。")


def task(**values):
    """Return a coordination item."""
    return {
        "text": "请协调并联审批。",
        "indicator": "获得用气",
        "department": "西平县住房和城乡建设局",
        "due_on": "2026-11-30",
        "is_instruction": False,
    } | values


def test_task_names_who_asks_and_does_not_order_an_answer_for_a_day_gone_by():
    rows = [
        task(),
        task(due_on="2026-11-05"),
        task(is_instruction=True, due_on=None),
        task(department="", due_on="2027-01-08"),
    ]
    assert notice.next_steps(snapshot(tables={"next_steps": rows})) == (
        "一是协调解决西平县住房和城乡建设局提出的“获得用气”事项：请协调并联审批，11月30日前回复。\n"
        "二是协调解决西平县住房和城乡建设局提出的“获得用气”事项：请协调并联审批（应于11月5日前回复，已超期）。\n"
        "三是落实县领导关于“获得用气”的批示：请协调并联审批。\n"
        "四是协调解决“获得用气”事项：请协调并联审批，2027年1月8日前回复。"
    )


def test_names_that_hold_the_mark_between_names_are_quoted():
    assert listed(["获得信贷", "创新创业活跃度"]) == "获得信贷、创新创业活跃度"
    assert listed(["获得信贷", "知识产权创造、保护和运用"]) == "“获得信贷”“知识产权创造、保护和运用”"


def test_measures_and_names_are_written_as_documents_write_them():
    assert in_print("还差 0.5 工作日") == "还差 0.5 个工作日"
    assert in_print("企业注销平均办理时间(简易注销)") == "企业注销平均办理时间（简易注销）"


def test_last_paper_is_corrected_by_the_rate_with_its_counts():
    rows = [
        {"name": "previous.complaints.close", "label": "办结率", "before": "50.00%（1/2）", "has_counts": True},
        {"name": "previous.issues.open", "label": "未销号问题", "before": "13"},
    ]
    found = snapshot(tables={"previous": rows}, facts={"previous_number": "西营商〔2026〕1号", "more_previous": 2})
    assert notice.overview(found).endswith(
        "上期更正：西营商〔2026〕1号中，办结率由50.00%（1/2）更正为{previous.complaints.close}"
        "（{previous.complaints.close.n}/{previous.complaints.close.d}），"
        "未销号问题由13更正为{previous.issues.open}；另有2处数字有变动。"
    )


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ([(2, 2), (1, 1)], "有应办结件的单位2个，全部按期办结。各单位情况见附件1。"),
        ([(2, 2), (0, 1)], "有应办结件的单位2个，其中1个全部按期办结，1个未能全部按期办结。各单位情况见附件1。"),
        ([(0, 0)], "本周没有单位有应办结件。"),
    ],
)
def test_units_of_the_month(closed, said):
    rows = [{"name": "县住建局", "on_time_close": {"numerator": done, "denominator": due}} for done, due in closed]
    assert monthly.units(snapshot(tables={"complaint_departments": rows})) == said


def test_yearly_report_admits_only_what_the_numbers_show():
    fine = snapshot(score__leaves=116, score__applicable=116, complaints__solved__n=4, complaints__solved__d=4)
    assert yearly.problems(fine) == "本年度数据没有反映出突出问题。"
    bad = snapshot(score__leaves=103, score__applicable=116, complaints__solved__n=3, complaints__solved__d=4)
    assert "前沿数据不清" in yearly.problems(bad)
    assert "没有真正解决到位" in yearly.problems(bad)


@pytest.mark.parametrize(
    "title",
    [
        "西平县优化营商环境工作领导小组办公室关于2026年10月营商环境投诉办理情况的通报",
        "西平县优化营商环境工作领导小组办公室关于2月16日至2月22日全县营商环境工作情况的通报",
        "西平县优化营商环境工作领导小组办公室关于2026年12月28日至2027年1月3日全县营商环境工作情况的通报（更正）",
    ],
)
def test_title_is_broken_neither_in_a_word_nor_in_its_days(title):
    lines = balanced_lines(title)
    assert "".join(lines) == title
    for line in lines[:-1]:
        assert not line.endswith(("关", "至"))
    assert sum("至" in line for line in lines) <= 1
