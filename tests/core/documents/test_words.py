"""Fixed words, and titles broken into balanced lines."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import document_number, heading_text, issue_number, official_date
from core.documents.titles import balanced_lines, text_width
from core.documents.wording import chinese_number

OFFICE = "西平县优化营商环境工作领导小组办公室"


def test_numbers_of_documents():
    assert document_number("西营商", 2026, 3) == "西营商〔2026〕3号"
    assert document_number("西营商", 2026, None) == "西营商〔2026〕　号"
    assert issue_number(3, 262) == "第3期（总第262期）"
    assert issue_number(3) == "第3期"
    assert issue_number(None) == "第　期（总第　期）"


def test_dates_have_no_leading_zeros():
    assert official_date(date(2026, 3, 1)) == "2026年3月1日"
    assert official_date(None) == "　年　月　日"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (28, "二十八"), (99, "九十九")]
)
def test_chinese_numbers(number, words):
    assert chinese_number(number) == words


def test_four_levels():
    assert [heading_text(level, 2, "题") for level in (1, 2, 3, 4)] == ["二、题", "（二）题", "2.题", "（2）题"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("西平县营商环境日调度专报", ["西平县营商环境日调度专报"]),
        (
            f"{OFFICE}关于2026年10月5日至10月11日全县营商环境工作情况的通报",
            [OFFICE, "关于2026年10月5日至10月11日", "全县营商环境工作情况的通报"],
        ),
        (
            f"{OFFICE}关于2026年11月投诉举报办理情况的通报",
            [OFFICE, "关于2026年11月投诉举报办理情况的通报"],
        ),
        ("按手定的\n断行", ["按手定的", "断行"]),
        ("", [""]),
    ],
)
def test_title_breaks_where_words_end(title, lines):
    assert balanced_lines(title) == lines


@given(st.text(alphabet="县营商环境工作情况的关于通报、，（）2026年月日〔〕《》", max_size=70))
def test_lines_hold_the_whole_title_and_fit(title):
    lines = balanced_lines(title)
    assert "".join(lines) == title
    assert all(text_width(line) <= 19 for line in lines)
    assert all(line[0] not in "、，）〕》" for line in lines[1:] if text_width(title) < 8)


@pytest.mark.parametrize(
    "title", [f"{OFFICE}关于2026年10月5日至10月11日全县营商环境工作情况的通报（更正）", OFFICE * 2]
)
def test_no_date_name_or_word_is_torn(title):
    lines = balanced_lines(title)
    for whole in ("2026年10月5日", "10月11日", "营商环境", "领导小组", "办公室", "（更正）"):
        assert sum(line.count(whole) for line in lines) == title.count(whole), (whole, lines)
