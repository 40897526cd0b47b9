"""Names of units: by day, and as files write them (domain §2, oracles README §5)."""

from datetime import date

import pytest

from departments.rules import Name, Names, cleaned_aliases, code_refused, lookup, name_on
from departments.services.catalogue import catalogue_units

PRESENT, SECOND, FIRST = Name("现名", "现"), Name("曾用名", "曾"), Name("原名", "原")
FORMER = [(date(2024, 3, 31), SECOND), (date(2019, 12, 31), FIRST)]
COUNTY = [Names(unit.code, (unit.name, unit.short_name, *unit.aliases)) for unit in catalogue_units()]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2010, 1, 1), FIRST),
        (date(2019, 12, 31), FIRST),
        (date(2020, 1, 1), SECOND),
        (date(2024, 3, 31), SECOND),
        (date(2024, 4, 1), PRESENT),
    ],
)
def test_history_prints_the_name_valid_then(day, name):
    assert name_on(PRESENT, FORMER, day) == name


def test_unit_never_renamed_keeps_its_name():
    assert name_on(PRESENT, [], date(2010, 1, 1)) == PRESENT


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("西平县住房和城乡建设局", "zjj"),
        ("县住建局", "zjj"),
        ("住建局", "zjj"),
        (" 住 建 局 ", "zjj"),
        ("西平住建局", "zjj"),
        ("驻马店市西平县住建局", "zjj"),
        ("驻马店市生态环境局西平分局", "sthjj"),
        ("生态环境局西平分局", "sthjj"),
        ("国网西平县供电公司", "gdgs"),
        ("县12345", "rxb"),
        ("嫘祖镇政府", "lzz"),
        ("西平县柏城街道办事处", "bcjd"),
        ("住建", None),
        ("上蔡县住建局", None),
        ("县", None),
        ("", None),
    ],
)
def test_files_find_units_by_any_of_their_names(written, code):
    assert lookup(COUNTY).code(written) == code


def test_mapping_of_the_user_comes_last():
    names = lookup(COUNTY, {"城建办": "zjj", "财政局": "zjj"})
    assert names.code("县城建办") == "zjj"
    assert names.code("财政局") == "czj"


def test_closed_unit_stands_for_the_one_that_took_its_place_in_the_end():
    units = [
        Names("old", ("县环保局",), is_valid=False, successor="middle"),
        Names("middle", ("县环境局",), is_valid=False, successor="new"),
        Names("new", ("县生态局",)),
    ]
    assert [lookup(units).code(name) for name in ("环保局", "环境局", "生态局")] == ["new"] * 3


def test_name_of_a_closed_unit_belongs_to_the_living_unit_that_bears_it():
    units = [Names("old", ("县环保局",), is_valid=False), Names("new", ("县环保局",))]
    assert lookup(units).code("环保局") == "new"


def test_closed_units_in_a_circle_end_the_search():
    units = [Names("a", ("甲",), is_valid=False, successor="b"), Names("b", ("乙",), is_valid=False, successor="a")]
    assert lookup(units).code("甲") == "b"


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ("zjj", False),
        ("j2", False),
        ("", True),
        ("z", True),
        ("2jj", True),
        ("Zjj", True),
        ("住建局", True),
        ("add", True),
    ],
)
def test_codes_are_short_plain_words(code, is_refused):
    assert bool(code_refused(code)) == is_refused


def test_aliases_are_kept_once_each_in_their_order():
    assert cleaned_aliases(["住建局", " 县住建局 ", "", "县", "建委"]) == ["住建局", "建委"]
