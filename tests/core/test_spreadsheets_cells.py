# ruff: noqa: DTZ001  # cells know no time zone
"""What cells mean: cleaning, dates, numbers that are names, phones, departments, choices, figures."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets.cells import as_text, clean, column_letter, normalised
from core.spreadsheets.dates import EPOCH_1900, EPOCH_1904, read_date
from core.spreadsheets.fields import (
    SATISFACTION,
    SHANGHAI,
    CellError,
    Choice,
    Date,
    DateTime,
    DepartmentNames,
    Departments,
    DueDateTime,
    Figure,
    Flag,
    Multiline,
    NumberId,
    Person,
    Phones,
    Source,
    Text,
    WholeNumber,
    department_key,
)

PLAIN, CSV, OLD_MAC = Source(), Source(is_csv=True), Source(epoch_1904=True)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31, 23, 59, 59)).map(lambda m: m.replace(microsecond=0))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def refusal(field, value, source: Source) -> str | None:
    """Return the sentence a cell is refused with, ``None`` when it is taken."""
    try:
        field.parse(value, source)
    except CellError as refused:
        return refused.message
    return None


# --- text ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("\u200b 甲\u3000乙\ufeff ", "甲 乙"), ("a\u00a0b", "a b"), ("a\r\nb", "a\nb"), ("\u2060\u200f", "")],
)
def test_clean_removes_what_nobody_sees(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (12.5, "12.5"),
        (True, "TRUE"),
        (datetime(2026, 3, 5), "2026-03-05"),
        (datetime(2026, 3, 5, 9, 5), "2026-03-05 09:05:00"),
        (2.6e17, "2.6e+17"),
        (float("nan"), "nan"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_as_text_of_every_cell_type(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letter_as_excel_prints_it(index, letter):
    assert column_letter(index) == letter


def test_normalised_undoes_what_exporters_do_to_text():
    assert normalised("'２６０３") == "2603"
    assert normalised('="2603"', csv=True) == "2603"
    assert normalised('="a""b"', csv=True) == 'a"b'
    assert normalised('="2603"') == '="2603"'


@pytest.mark.parametrize("blank", ["", " ", "-", "--", "—", "/", "无", "暂无", "N/A", "null", "#N/A", "#DIV/0!", "／"])
def test_no_value_in_every_type(blank):
    for field in (Text(), NumberId(), DateTime(), Person(), Phones(), SATISFACTION, Figure()):
        assert field.parse(blank, PLAIN).value is None


def test_multiline_keeps_what_was_written():
    written = "'=1+1\n（备注：ＡＢ）<b>@x"
    assert Multiline().parse(f"  {written}\u200b ", PLAIN).value == written


def test_text_too_long_is_an_error():
    with pytest.raises(CellError, match="最多 3 个字"):
        Text(longest=3).parse("一二三四", PLAIN)


# --- dates --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("2026-3-5", "2026-03-05T00:00:00"),
        ("2026/3/5 9:05", "2026-03-05T09:05:00"),
        ("2026.3.5T09:05:07", "2026-03-05T09:05:07"),
        ("2026年3月5日9:05", "2026-03-05T09:05:00"),
        ("2026年3月5日 9时5分", "2026-03-05T09:05:00"),
        ("2026/3/5 上午9:05", "2026-03-05T09:05:00"),
        ("2026/3/5 下午3:05", "2026-03-05T15:05:00"),
        ("2026/3/5 上午12:05", "2026-03-05T00:05:00"),
        ("2026/3/5 下午12:05", "2026-03-05T12:05:00"),
        ("2026/3/5 下午15:05", "2026-03-05T15:05:00"),
        ("2026-03-05 24:00", "2026-03-06T00:00:00"),
        ("20260305", "2026-03-05T00:00:00"),
        (20260305.0, "2026-03-05T00:00:00"),
        ("202603050905", "2026-03-05T09:05:00"),
        ("20260305090507", "2026-03-05T09:05:07"),
        ("２０２６－０３－０５ ０９：０５", "2026-03-05T09:05:00"),
        ("46086.5", "2026-03-05T12:00:00"),
        (46086, "2026-03-05T00:00:00"),
        (datetime(2026, 3, 5, 9, 4, 59, 600_000), "2026-03-05T09:05:00"),
        (date(2026, 3, 5), "2026-03-05T00:00:00"),
    ],
)
def test_date_forms_that_are_taken(written, meaning):
    assert DateTime().parse(written, PLAIN).value == moment(meaning)


@pytest.mark.parametrize(
    "written",
    [
        "三月五日", "3-5", "26-3-5", "2026-02-30", "2026-03-05 25:61", "2026-03-05 24:01", "0000-00-00", "1999-12-31",
        "2101-01-01", "2026-3/5", "2026-03-05至2026-03-08", "2026-03-05 9:5", "2026-3-59:05", "2026年3月", "19999",
        "80001", 80001, 1.5, -1, True, time(9, 5), timedelta(days=1), float("inf"), float("nan"),
        datetime(1899, 12, 30), datetime(9999, 12, 31, 23, 59, 59, 999_999), "20261301", "见备注", "2026-03-05T09:05:00Z",
    ],
)  # fmt: skip
def test_date_forms_that_are_errors(written):
    with pytest.raises(CellError) as refused:
        DateTime().parse(written, PLAIN)
    assert refused.value.code == "invalid_date"


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("2026-03-05", "2026-03-05T23:59:59"),
        ("2026-03-05 00:00:00", "2026-03-05T23:59:59"),
        ("2026-03-05 24:00", "2026-03-05T23:59:59"),
        ("2026-03-05 17:30", "2026-03-05T17:30:00"),
        (datetime(2026, 3, 5), "2026-03-05T23:59:59"),
    ],
)
def test_due_date_without_a_time_is_the_end_of_its_day(written, end):
    assert DueDateTime().parse(written, PLAIN).value == moment(end)


def test_date_says_whether_a_time_was_written():
    assert not DateTime().parse("2026-03-05", PLAIN).has_time
    assert DateTime().parse("2026-03-05 24:00", PLAIN).has_time
    assert Date().parse("2026-03-05 09:05", PLAIN).value == date(2026, 3, 5)
    assert DateTime().parse("未办结", PLAIN).value is None


@given(MOMENTS)
def test_serial_numbers_mean_the_same_in_both_date_systems(written):
    for epoch, is_1904 in ((EPOCH_1900, False), (EPOCH_1904, True)):
        serial = (written - epoch) / timedelta(days=1)
        if 20_000 <= serial <= 80_000:
            assert read_date(serial, epoch_1904=is_1904).moment() == written
            assert read_date(f"{serial:.10f}", epoch_1904=is_1904).moment() == written


@given(MOMENTS)
def test_every_written_form_of_a_moment_reads_back(written):
    forms = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y.%m.%dT%H:%M:%S", "%Y年%m月%d日%H:%M:%S", "%Y%m%d%H%M%S"]
    assert {read_date(written.strftime(form)).moment() for form in forms} == {written}


@given(st.text() | st.floats() | st.integers() | st.datetimes() | st.dates() | st.times() | st.booleans())
def test_any_cell_either_means_something_or_is_refused_in_chinese(value):
    fields = [Text(), Multiline(), NumberId(), DateTime(), DueDateTime(), Date(), Person(), Phones(), SATISFACTION]
    for field in [*fields, Flag(), Figure(), WholeNumber()]:
        for source in (PLAIN, CSV, OLD_MAC):
            assert refusal(field, value, source) != ""


# --- numbers that are names ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (260308.0, "260308"),
        (999_999_999_999_999.0, "999999999999999"),
        (" 2603 08\t", "260308"),
        ("123.0", "123"),
        ("'260303687600000012", "260303687600000012"),
        ("ZMD 2026", "ZMD2026"),
        ("２６０３", "2603"),
    ],
)
def test_number_id_keeps_its_digits(cell, number):
    assert NumberId().parse(cell, PLAIN).value == number


@pytest.mark.parametrize("cell", [1e15, 2.603028097e17, 12.5, "2.60422E+17", "2e5", float("inf")])
def test_number_id_that_went_through_a_float_is_an_error(cell):
    with pytest.raises(CellError) as refused:
        NumberId().parse(cell, PLAIN)
    assert refused.value.code == "number_as_float"


# --- people, phones, departments ----------------------------------------------------------------
def test_person_drops_layout_blanks_in_chinese_names_only():
    assert Person().parse("王\u3000 刚", PLAIN).value == "王刚"
    assert Person().parse("John  Smith", PLAIN).value == "John  Smith"


@pytest.mark.parametrize(
    ("cell", "stored", "is_valid"),
    [
        (13900001234.0, "13900001234", True),
        ("13900001234.0", "13900001234", True),
        ("+86 139-0000-1234", "13900001234", True),
        ("（0396）6003650", "03966003650", True),
        ("13900001234、0396-6003125", "13900001234;03966003125", True),
        ("6003125/4001234567", "6003125;4001234567", True),
        ("１３９００００１２３４", "13900001234", True),
        ("139****1234", "139****1234", False),
        ("见备注", "见备注", False),
        ("1390000123", "1390000123", False),
        ("-", None, True),
        ("；；", None, True),
    ],
)
def test_phones_are_cleaned_joined_and_only_warned_about(cell, stored, is_valid):
    parsed = Phones().parse(cell, PLAIN)
    assert parsed.value == stored
    assert (parsed.warning is None) == is_valid


NAMES = DepartmentNames(
    [
        ("zjj", ["西平县住房和城乡建设局", "县住建局", "住建局"]),
        ("gaj", ["西平县公安局", "县公安局"]),
        ("x", ["住建局", ""]),
    ],
    {"县交警大队": "gaj"},
)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("县住建局", ["zjj"]),
        ("驻马店市西平县住建局", ["zjj"]),
        (" 西平住 建局 ", ["zjj"]),
        ("县住建局、县公安局，住建局", ["zjj", "gaj"]),
        ("西平县交警大队\n县住建局", ["gaj", "zjj"]),
        ("待派单", None),
        ("、", None),
    ],
)
def test_departments_by_any_of_their_names(cell, codes):
    assert Departments(NAMES).parse(cell, PLAIN).value == codes


def test_unknown_department_is_named():
    with pytest.raises(CellError) as refused:
        Departments(NAMES).parse("县住建局、宏达物业、某中心", PLAIN)
    assert (refused.value.code, refused.value.value) == ("unknown_department", "宏达物业、某中心")


def test_department_key_compares_names_as_people_shorten_them():
    assert (
        department_key("驻马店市西平县财政局") == department_key("西平财政局") == department_key("县财政局") == "财政局"
    )


# --- choices, flags, figures --------------------------------------------------------------------
def test_satisfaction_unknown_is_a_warning_and_no_value():
    assert SATISFACTION.parse("非常满意", PLAIN).value == "满意"
    assert SATISFACTION.parse("拒访", PLAIN).value == "无法联系"
    other = SATISFACTION.parse("其他", PLAIN)
    assert (other.value, other.warning[0]) == (None, "unknown_satisfaction")


def test_choice_offers_the_first_word_of_each_group_and_refuses_others():
    direction = Choice({"lower": ("越低越好", "低"), "higher": ("越高越好",)}, label="方向")
    assert direction.options == ["越低越好", "越高越好"]
    assert direction.parse("低", PLAIN).value == "lower"
    with pytest.raises(CellError, match="方向只能填：越低越好、越高越好"):
        direction.parse("中", PLAIN)


@pytest.mark.parametrize("yes", ["是", "Y", "yes", "√", "1", 1.0, True, "true", "保密"])
def test_flag_yes(yes):
    assert Flag("保密").parse(yes, PLAIN).value is True


@pytest.mark.parametrize("no", ["", None, "否", "0", 0.0, False, "N", "不保密"])
def test_flag_everything_else_is_no(no):
    assert Flag("保密").parse(no, PLAIN).value is False


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("６．５", "6.5"),
        ("1,234.50", "1234.50"),
        (0.1 + 0.2, "0.3"),
        (7, "7"),
        ("-3", "-3"),
        ("96.3%", "96.3"),
        ("0", "0"),
    ],
)
def test_figure_forms_that_are_taken(cell, number):
    assert Figure().parse(cell, PLAIN).value == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("6天", "invalid_number"),
        ("1,23", "invalid_number"),
        ("1e3", "invalid_number"),
        ("0.00001", "too_many_decimals"),
        (True, "invalid_number"),
        (float("nan"), "invalid_number"),
        (datetime(2026, 1, 1), "invalid_number"),
    ],
)
def test_figure_forms_that_are_errors(cell, code):
    with pytest.raises(CellError) as refused:
        Figure().parse(cell, PLAIN)
    assert refused.value.code == code


@given(st.decimals(-(10**9), 10**9, places=4))
def test_figure_reads_back_a_number_cell_exactly(number):
    assert Figure().parse(float(number), PLAIN).value == number


def test_whole_number_within_its_range():
    assert WholeNumber(1, 3).parse("2", PLAIN).value == 2
    with pytest.raises(CellError, match="应在 1 到 3 之间"):
        WholeNumber(1, 3).parse(4, PLAIN)
