"""Numbers as people type them, and what a submission asks for (domain §4)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.report_values import (
    Demands,
    Entry,
    LeafFacts,
    NotANumber,
    breaks_statutory_limit,
    is_jump,
    parse_number,
    range_problem,
    submission_problems,
)
from tests.factories.dispatch import DAY

FULL_WIDTH = str.maketrans("0123456789.-+", "０１２３４５６７８９．－＋")
DEMANDS = Demands(jump_factor=Decimal(10), evidence_required=True)
decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False)


def leaf(**facts) -> LeafFacts:
    values = {"code": "A08.1", "name": "报装时间", "unit": "天", "direction": "lower", "accepted": Decimal(6)}
    return LeafFacts(**values | facts)


@given(decimals)
def test_a_number_of_four_decimals_is_read_exactly_in_half_and_full_width(number):
    text = f"{number:f}"
    assert parse_number(text) == number
    assert parse_number(text.translate(FULL_WIDTH)) == number
    assert parse_number(f"　{text} ") == number


@given(decimals)
def test_thousands_separators_change_nothing(number):
    assert parse_number(f"{number:,f}") == number


def number_or_refusal(text):
    try:
        return parse_number(text)
    except NotANumber as refusal:
        return refusal


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused_with_a_sentence(text):
    answer = number_or_refusal(text)
    if isinstance(answer, NotANumber):
        assert answer.code in {"required", "not_a_number", "too_many_decimals", "out_of_range"}
        assert answer.detail
    else:
        assert -answer.as_tuple().exponent <= 4


@pytest.mark.parametrize(
    "text, code",
    [
        ("", "required"),
        ("  ", "required"),
        ("6天", "not_a_number"),
        ("约6", "not_a_number"),
        ("1e5", "not_a_number"),
        ("1,23", "not_a_number"),
        ("6.5.1", "not_a_number"),
        (".", "not_a_number"),
        ("inf", "not_a_number"),
        ("NaN", "not_a_number"),
        ("6。5", "not_a_number"),
        ("٣", "not_a_number"),
        ("6.12345", "too_many_decimals"),
        ("6.00000", "too_many_decimals"),
        ("1" + "0" * 16, "out_of_range"),
    ],
)
def test_what_is_no_number_is_named(text, code):
    with pytest.raises(NotANumber) as caught:
        parse_number(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text, value", [("是", 1), ("否", 0), ("1", 1), ("０", 0), ("true", 1)])
def test_yes_and_no_are_words_or_figures(text, value):
    assert parse_number(text, is_yes_no=True) == value


@pytest.mark.parametrize(
    "facts, value, sentence",
    [
        ({}, "365", None),
        ({}, "366", "报装时间应在 0 到 365 之间"),
        ({}, "-1", "报装时间应在 0 到 365 之间"),
        ({"unit": "工作日"}, "400", "报装时间应在 0 到 365 之间"),
        ({"unit": "%"}, "100.0001", "报装时间应在 0 到 100 之间"),
        ({"unit": "个"}, "100000", None),
        ({"unit": "个"}, "-0.1", "报装时间应不小于 0"),
        ({"unit": "%", "max_value": Decimal(150)}, "120", None),
        ({"min_value": Decimal(2)}, "1", "报装时间应在 2 到 365 之间"),
        ({"min_value": Decimal(-5)}, "-3", None),
        ({"direction": "yesno"}, "0.5", "报装时间应填是（1）或否（0）"),
    ],
)
def test_range_is_the_leafs_own_or_that_of_its_unit(facts, value, sentence):
    assert range_problem(leaf(**facts), Decimal(value)) == sentence


@pytest.mark.parametrize(
    "before, after, jumps",
    [
        ("6", "60", False),
        ("6", "60.1", True),
        ("6", "0.6", False),
        ("6", "0.5", True),
        ("15", "0", True),
        ("0", "10", False),
        ("0", "11", True),
        ("5", "0", False),
        (None, "300", False),
    ],
)
def test_a_jump_is_more_than_ten_times_with_zero_as_one_unit(before, after, jumps):
    accepted = None if before is None else Decimal(before)
    assert is_jump(leaf(accepted=accepted), Decimal(after), Decimal(10)) is jumps


@pytest.mark.parametrize(
    "direction, value, breaks", [("lower", 11, True), ("lower", 10, False), ("higher", 9, True), ("higher", 10, False)]
)
def test_statutory_limit_is_broken_by_the_leafs_direction(direction, value, breaks):
    assert breaks_statutory_limit(leaf(direction=direction, statutory=Decimal(10)), Decimal(value)) is breaks
    assert not breaks_statutory_limit(leaf(direction=direction), Decimal(value))


def problems(*entries, **circumstances):
    values = {"no_change": False, "has_text": False, "lacks_difficulty": False, "has_evidence": False}
    found = submission_problems(list(entries), report_date=DAY, demands=DEMANDS, **values | circumstances)
    return [(problem["field"], problem["code"]) for problem in found]


def entry(text, **facts):
    own = {name: facts.pop(name) for name in ("reason", "evidence_later", "as_of") if name in facts}
    return Entry(leaf(**facts), text, **{"as_of": DAY} | own)


@pytest.mark.parametrize(
    "entries, circumstances, expected",
    [
        ([entry("6.5")], {"has_evidence": True}, []),
        ([entry("6.5", evidence_later=True)], {}, []),
        ([entry("6.5")], {}, [("evidence", "evidence_required")]),
        ([entry("6")], {}, []),  # confirmed, not changed
        ([entry("6.5", pending=Decimal("6.5"))], {}, []),  # proved when it was first reported
        ([entry("6.5", accepted=None)], {}, [("evidence", "evidence_required")]),
        ([entry("abc")], {}, [("values[0].value", "not_a_number")]),
        ([entry("6"), entry("400")], {"has_evidence": True}, [("values[1].value", "out_of_range")]),
        ([entry("61")], {"has_evidence": True}, [("values[0].reason", "reason_required")]),
        ([entry("61", reason="口径调整")], {"has_evidence": True}, []),
        ([entry("6", as_of=date(2026, 11, 26))], {}, [("values[0].as_of", "as_of_after_report")]),
        ([entry("6", as_of=date(2026, 11, 1))], {}, []),
        ([], {"no_change": True}, []),
        ([], {"has_text": True}, []),
        ([], {}, [("no_change", "empty")]),
        ([entry("6.5")], {"no_change": True, "has_evidence": True}, [("no_change", "contradiction")]),
        ([entry("6")], {"no_change": True}, []),
        ([], {"no_change": True, "lacks_difficulty": True}, [("difficulty", "required")]),
    ],
)
def test_submission_names_everything_that_is_missing_at_its_field(entries, circumstances, expected):
    assert problems(*entries, **circumstances) == expected


def test_evidence_may_be_switched_off():
    found = submission_problems(
        [entry("6.5")],
        report_date=DAY,
        no_change=False,
        has_text=False,
        lacks_difficulty=False,
        has_evidence=False,
        demands=Demands(Decimal(10), evidence_required=False),
    )
    assert found == []
