"""Writing: streamed, typed, nothing that calculates; templates that read back as they were meant."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import Column, read_table
from core.spreadsheets.fields import Choice, DateTime, Figure, Multiline, NumberId, Text
from core.spreadsheets.templates import DATA_SHEET, template_workbook
from core.spreadsheets.writing import ExportColumn, export_response, safe_text, write_workbook
from tests.factories import files

TWO = [ExportColumn("编号"), ExportColumn("内容", 40)]


def written(rows, columns=TWO) -> bytes:
    with write_workbook(columns, rows) as file:
        return file.read()


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 139", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")']
)
def test_safe_text_disarms_what_a_spreadsheet_would_run(text):
    assert safe_text(text) == "'" + text


@pytest.mark.parametrize("text", ["", "甲", "a=b", "—", "'=1"])
def test_safe_text_leaves_the_rest_alone(text):
    assert safe_text(text) == text


def test_write_workbook_keeps_types_and_writes_no_formula():
    rows = [
        ["=1+1", Decimal("-6.5")],
        ["0012", 7],
        ["260308666400000001", True],
        [10**17, None],
        [date(2026, 3, 5), datetime(2026, 3, 4, 16, 30, tzinfo=UTC)],
        ["http://example.invalid", "x" * 40_000],
    ]
    data = written(rows)
    assert files.sheet_values(data)[1:-1] == [
        ["'=1+1", -6.5],
        ["0012", 7],
        ["260308666400000001", "是"],
        [str(10**17), None],
        [datetime(2026, 3, 5), datetime(2026, 3, 5, 0, 30)],  # noqa: DTZ001  as the cells are
    ]
    with files.opened(data) as book:
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        assert len(book.active["B7"].value) == 32_767


def test_export_response_is_a_named_download(db):
    response = export_response("清单.xlsx", TWO, [["1", "甲"]])
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"].endswith("filename*=UTF-8''%E6%B8%85%E5%8D%95.xlsx")
    assert files.sheet_values(response.getvalue()) == [["编号", "内容"], ["1", "甲"]]
    response.close()


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=50)


@given(st.lists(st.tuples(st.from_regex(r"[A-Z]{2}[0-9]{1,16}", fullmatch=True), WORDS), min_size=1, max_size=20))
def test_what_is_exported_reads_back(rows):
    columns = [
        Column("number", "编号", NumberId(), required=True),
        Column("content", "内容", Multiline(), required=True),
        Column("note", "备注", Text(), required=True),
    ]
    lines = [[number, f"内容{content}", "备注有值"] for number, content in rows]
    data = written(lines, [*TWO, ExportColumn("备注")])
    assert [list(row.values.values()) for row in read_table(data, columns).rows] == lines


# --- templates ----------------------------------------------------------------------------------
COLUMNS = [
    Column("code", "指标代码", NumberId(), required=True, note="如 A08.2"),
    Column("direction", "方向", Choice({"lower": ("越低越好",), "higher": ("越高越好",)}, label="方向"), required=True),
    Column("unit", "单位", Choice({str(n): (f"单位名称很长的选项{n:03}",) for n in range(60)}, label="单位")),
    Column("at", "时间", DateTime(), required=True),
    Column("value", "数值", Figure()),
]
SAMPLE = {
    "指标代码": "A08.2",
    "方向": "越低越好",
    "时间": date(2026, 3, 5),
    "数值": 6.5,
    "单位": "单位名称很长的选项001",
}


def template() -> bytes:
    with template_workbook(COLUMNS, sample=SAMPLE, notes=["先填代码"]) as file:
        return file.read()


def test_template_reads_back_as_its_own_sample():
    (row,) = read_table(template(), COLUMNS).rows
    assert not row.errors
    assert row.values["code"] == "A08.2"
    assert row.values["direction"] == "lower"
    assert row.values["unit"] == "1"
    assert row.values["value"] == Decimal("6.5")
    assert row.values["at"].isoformat() == "2026-03-05T00:00:00+08:00"


def test_template_explains_itself_and_offers_choices():
    with files.opened(template()) as book:
        assert book.sheetnames == [DATA_SHEET, "填写说明", "选项"]
        assert book["选项"].sheet_state == "hidden"
        lines = [cell.value for cell in book["填写说明"]["B"]]
        assert "先填代码" in lines
        assert "必填；如 A08.2" in lines
        rules = book[DATA_SHEET].data_validations.dataValidation
        assert [rule.formula1 for rule in rules] == ['"越低越好,越高越好"', "选项!$C$1:$C$60"]
        assert book[DATA_SHEET]["A1"].value == "指标代码*"
