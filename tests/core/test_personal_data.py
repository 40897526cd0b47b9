"""Mobile, identity, telephone and plate numbers are found however they are written; other figures are not."""

import pytest

from core.personal_data import find_personal_data, without_personal_data


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13812345678。", "手机号"),
        ("138 1234 5678", "手机号"),
        ("138-1234-5678", "手机号"),
        ("+86 13812345678", "手机号"),
        ("１３８１２３４５６７８", "手机号"),
        ("身份证412825199003071234", "身份证号"),
        ("41282519900307123x", "身份证号"),
        ("412825 19900307 1234", "身份证号"),
        ("车号豫Q12345", "车牌号"),
        ("豫Q·A1234", "车牌号"),
        ("豫qd12345", "车牌号"),
        ("豫Q1234警", "车牌号"),
    ],
)
def test_number_that_blocks_is_found_once(text, kind):
    (finding,) = find_personal_data(text)
    assert (finding.kind, finding.blocks) == (kind, True)
    assert text[finding.start :].startswith(("1", "+", "１", "4", "豫"))


@pytest.mark.parametrize("text", ["0396-4800000", "（0396）4800000", "0396 4800000", "03964800000"])
def test_telephone_of_an_office_is_mentioned_but_does_not_block(text):
    (finding,) = find_personal_data(text)
    assert (finding.kind, finding.blocks) == ("电话号码", False)
    assert "请确认" in finding.sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "工单2026101212345678901号",
        "WT-2026-0082",
        "12345热线",
        "金额138123456789元",
        "西营商〔2026〕3号",
        "91411721MA3X1ABC2D",
        "豫政办〔2021〕12号",
        "2026年10月5日至10月11日",
        "412825199013071234",
    ],
)
def test_other_figures_are_left_alone(text):
    assert find_personal_data(text) == []


def test_findings_come_by_place_and_hide_their_middle():
    findings = find_personal_data("豫Q12345，13812345678，412825199003071234")
    assert [finding.kind for finding in findings] == ["车牌号", "手机号", "身份证号"]
    sentences = "".join(finding.sentence for finding in findings)
    assert "138******78" in sentences
    for secret in ("12345678", "19900307", "Q1234"):
        assert secret not in sentences


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("豫Q12345，１３８ 1234 5678；412825199003071234", "#，#；#"),
        ("办公电话0396-4800000", "办公电话0396-4800000"),
        ("", ""),
    ],
)
def test_personal_numbers_are_replaced_where_they_stand(text, left):
    assert without_personal_data(text, "#") == left
