"""Reading files: every type by its content, headers and rows as people make them, hostile files refused."""

import random
import tracemalloc
from contextlib import suppress
from datetime import datetime

import pytest

from core.exceptions import FileRefused, FileTooLarge
from core.spreadsheets import Column, read_table
from core.spreadsheets.fields import DateTime, Multiline, NumberId, Text
from core.spreadsheets.headers import header_key
from core.spreadsheets.limits import LARGEST_FILE
from core.spreadsheets.parser_process import parse_apart
from tests.factories import files

COLUMNS = [
    Column("number", "编号", NumberId(), ("单号",), required=True),
    Column("at", "时间", DateTime(), ("日期",), required=True),
    Column("content", "内容", Multiline(), required=True),
    Column("note", "备注", Text()),
]
HEAD = ["编号", "时间", "内容"]
ROW = ["1", "2026-03-05", "甲"]


def read(data: bytes):
    return read_table(data, COLUMNS)


def numbers(data: bytes) -> list:
    return [(row.row, row.values["number"]) for row in read(data).rows]


# --- types --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data",
    [
        files.xlsx([HEAD, ROW]),
        files.xls([HEAD, ROW]),
        files.csv_bytes(["编号,时间,内容", "1,2026-03-05,甲"]),
        files.csv_bytes(["编号,时间,内容", "1,2026-03-05,甲"], "utf-8-sig"),
        files.csv_bytes(["编号,时间,内容", "1,2026-03-05,甲"], "gb18030"),
        "<html><meta charset=gb2312><table><tr><td>编号<td>时间<td>内容<tr><td>1<td>2026-03-05<td>甲</table>".encode(
            "gbk"
        ),
        "\ufeff<table><tr><th>编号</th><th>时间</th><th>内容</th></tr><tr><td>1</td><td>2026-03-05</td><td>甲</td></tr></table>".encode(),
    ],
    ids=["xlsx", "xls", "utf-8", "bom", "gb18030", "html gb2312", "html"],
)
def test_read_table_knows_a_file_by_its_content(data):
    (row,) = read(data).rows
    assert (row.row, row.values["number"], row.values["content"]) == (2, "1", "甲")
    assert row.values["at"].isoformat() == "2026-03-05T00:00:00+08:00"
    assert row.cells == {"编号": "1", "时间": "2026-03-05", "内容": "甲"}


def test_csv_row_number_is_the_record_number():
    assert numbers(files.csv_bytes(["编号,时间,内容", '1,2026-03-05,"甲', '乙"', "", "2,2026-03-05,丙"])) == [
        (2, "1"),
        (4, "2"),
    ]


def test_html_lays_out_spans_line_breaks_and_entities():
    page = """<table><tr><th colspan=3>标题</th></tr><tr><th rowspan=2>编号</th><th colspan=2>组</th></tr>
    <tr><th>时间</th><th>内容</th></tr><tr><td rowspan=2>1</td><td>2026-03-05</td><td>甲<br>&lt;b&gt;&amp;amp;<script>x</script></td></tr>
    <tr><td>2026-03-06</td><td>乙</td></tr></table>"""
    first, second = read(page.encode()).rows
    assert first.values["content"] == "甲\n<b>&amp;"
    assert (second.row, second.values["number"], second.values["content"]) == (5, "1", "乙")


def test_xls_formula_and_date_system():
    rows = [HEAD, ["1", datetime(2026, 3, 5, 9, 5), "甲"], ["2", 44623.0, "乙"]]  # noqa: DTZ001
    table = read(files.xls(rows, epoch_1904=True, formulas={(1, 3): "1+1"}))
    assert [row.values["at"].date().isoformat() for row in table.rows][1] == "2026-03-04"
    assert files.xls(rows) != files.xls(rows, epoch_1904=True)


def test_xlsx_formula_gives_its_stored_result_and_a_warning():
    cells = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("ABC", HEAD, strict=True))
    data = files.with_sheet_xml(
        f'<row r="1">{cells}</row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>46086</v></c>'
        '<c r="C2" t="str"><f>A1</f><v>甲</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>46086</v></c><c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    good, bad = read(data).rows
    assert (good.values["content"], [w.code for w in good.warnings]) == ("甲", ["formula_cell"])
    assert [e.code for e in bad.errors] == ["missing_required"]
    assert (bad.warnings[0].column, bad.warnings[0].row) == ("C", 3)


def test_sheets_visible_ones_with_a_complete_header_in_order():
    data = files.xlsx(
        [["说明"]], [HEAD, ROW], [["编号", "时间"], ["9", "9"]], [HEAD, ["2", *ROW[1:]]], [HEAD, ["3", *ROW[1:]]],
        names=["说明", "4月", "缺列", "5月", "隐藏"], hidden=("隐藏",),
    )  # fmt: skip
    table = read(data)
    assert [(row.sheet, row.values["number"]) for row in table.rows] == [("4月", "1"), ("5月", "2")]
    assert table.unmapped == [("4月", ()), ("5月", ())]


# --- headers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "工单编号*",
        "＊工单编号：",
        " 工单 编号 ",
        "工单编号（必填）",
        "工单编号(按文本填写)*",
        "工\u200b单编号\n",
        "工单编号【必填】",
    ],
)
def test_header_key_ignores_decoration(text):
    assert header_key(text) == "工单编号"


def test_header_within_twenty_rows_and_best_name_wins():
    data = files.xlsx(
        [*[["标题"]] * 18, ["单号", "日期", "内容", "编号", "来源"], ["旧", "2026-03-05", "甲", "新", "x"]]
    )
    table = read(data)
    assert table.rows[0].values["number"] == "新"
    assert table.rows[0].row == 20
    assert table.unmapped[0][1] == ("单号", "来源")


def test_header_below_row_twenty_is_not_found():
    with pytest.raises(FileRefused) as refused:
        read(files.xlsx([*[["标题"]] * 20, HEAD, ROW]))
    assert (refused.value.code, refused.value.detail) == (
        "missing_column",
        "没有找到完整的表头，必须有这些列：编号、时间、内容",
    )


def test_header_of_two_rows():
    below = files.xlsx([["编号", "时间", "内容", "其他"], ["", "", "", "备注"], ["1", "2026-03-05", "甲", "乙"]])
    assert [(row.row, row.values["note"]) for row in read(below).rows] == [(3, "乙")]
    above = files.xlsx([["", "", "", "备注"], ["编号", "时间", "内容", ""], ["1", "2026-03-05", "甲", "乙"]])
    assert [(row.row, row.values["note"]) for row in read(above).rows] == [(3, "乙")]


def test_header_merged_downward_over_a_row_of_subtitles_is_not_data():
    page = """<table><tr><th rowspan=2>编号<th rowspan=2>时间<th rowspan=2>内容<th>其他</tr><tr><th>小类</tr>
    <tr><td>1<td>2026-03-05<td>甲<td>乙</tr></table>"""
    assert numbers(page.encode()) == [(3, "1")]


def test_rows_not_counted():
    data = files.xlsx(
        [
            HEAD,
            ROW,
            ["", "", ""],
            HEAD,
            ["合计", 1],
            [" 小 计", 1],
            ["制表人：张", "", ""],
            ["", "注:", "x"],
            ["说明", *ROW[1:]],
        ]
    )
    assert numbers(data) == [(2, "1"), (9, "说明")]


# --- refusals -----------------------------------------------------------------------------------
DOCTYPE = b'<?xml version="1.0"?>' + b"<!-- long -->" * 1000 + b'<!DOCTYPE lolz [<!ENTITY a "ha">]><sst>&a;</sst>'
STRAY = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unsupported_file"),
        (b"\0\1\2", "unsupported_file"),
        (b"%PDF-1.4", "unsupported_file"),
        (b"MZ" + b"a" * 100, "unsupported_file"),
        (files.picture(), "unsupported_file"),
        (files.docx(), "unsupported_file"),
        (b"<?xml version='1.0'?><Workbook/>", "unsupported_file"),
        (b"<html><body>login</body></html>", "unsupported_file"),
        (files.xlsx([HEAD, ROW])[:-300], "unsupported_file"),
        (files.xlsx([HEAD, ROW])[:40] + b"\0" * 4000, "unsupported_file"),
        (files.xls([HEAD, ROW])[:600], "unsupported_file"),
        (files.xls([HEAD, ROW])[:512] + b"\xff" * 5000, "unsupported_file"),
        (files.with_parts(files.xlsx([HEAD, ROW]), {"xl/vbaProject.bin": b"x"}), "unsupported_file"),
        (files.with_parts(files.xlsx([HEAD, ROW]), {"xl/sharedStrings.xml": DOCTYPE}), "unsupported_file"),
        (
            files.with_parts(files.xlsx([HEAD, ROW]), {"docProps/app.xml": DOCTYPE.decode().encode("utf-16")}),
            "unsupported_file",
        ),
        (
            files.with_parts(files.xlsx([HEAD, ROW]), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"}),
            "unsupported_file",
        ),
        (files.lying_zip(), "unsupported_file"),
        (files.zip_bomb(), "file_too_large"),
        (b"a" * (LARGEST_FILE + 1), "file_too_large"),
        (files.with_sheet_xml(STRAY), "too_many_rows"),
        (b"<table><tr>" + b"<td colspan=1000>" * 3000 + b"</table>", "too_many_rows"),
        (files.csv_bytes(["编号,时间,内容"] + ["1,2026-03-05,x"] * 5001), "too_many_rows"),
        (b"hello", "missing_column"),
        (files.csv_bytes(["编号,时间"]), "missing_column"),
        (files.csv_bytes(['编号,时间,内容,"' + "x" * 200_000]), "unsupported_file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_read_table_refuses_the_file_as_a_whole(data, code):
    with pytest.raises((FileRefused, FileTooLarge)) as refused:
        read(data)
    assert refused.value.code == code


def test_workbook_that_kills_its_parser_is_refused_and_the_process_lives():
    data = files.endless_xls()
    assert parse_apart(data, ["工单"]) is None
    with pytest.raises(FileRefused) as refused:
        read(data)
    assert refused.value.code == "unsupported_file"


@pytest.mark.parametrize("seed", range(20))
def test_damaged_at_random_a_file_is_read_or_refused(seed):
    chance = random.Random(seed)
    data = bytearray(chance.choice([files.xlsx([HEAD, ROW]), files.xls([HEAD, ROW], formulas={(2, 0): "1+1"})]))
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(FileRefused, FileTooLarge):
        read(bytes(data))


def test_password_protected_workbook_is_refused():
    with pytest.raises(FileRefused, match="密码"):
        read(files.encrypted_xlsx())


@pytest.mark.parametrize("noise", [b"<", b"<a ", b"<!--", b"<!", b"&", b"<td", b"<a '\"", b"<script>"])
def test_malformed_markup_takes_linear_time(noise):
    page = b"<table><tr><td>" + noise * 100_000 + b"</table>"
    with pytest.raises(FileRefused) as refused:
        read(page)
    assert refused.value.code == "missing_column"


def test_exactly_five_thousand_rows_are_taken():
    assert len(read(files.csv_bytes(["编号,时间,内容"] + ["1,2026-03-05,x"] * 5000)).rows) == 5000


def test_reading_stays_small_in_memory():
    rows = [[str(number), "2026-03-05 09:05", "诉求内容" * 50] for number in range(1000)]
    data = files.xlsx([HEAD, *rows])
    tracemalloc.start()
    read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * 1024 * 1024, "12 kB a row: 5,000 rows stay far below the 300 MB of the quality bar"
