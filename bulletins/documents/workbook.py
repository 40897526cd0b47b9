"""The .xlsx annexes: every score is a formula over its own row, with the frozen number beside it (domain §8).

No formula refers to another file or address; text from users never becomes one.
"""

from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from bulletins.documents.tables import rank_change_text
from bulletins.models import Bulletin
from core.spreadsheets.writing import safe_text

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What every sheet's numbers are: text keeps an exact decimal, the cell shows it.
HEAD_ROW = 2


def workbook_of(bulletin: Bulletin) -> bytes:
    """Return the workbook of the annexes; the same snapshot gives the same bytes."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    # xlsxwriter writes naive moments; the property is the moment of the cut, so that bytes repeat.
    moment = (bulletin.issued_at or bulletin.snapshot_at).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": safe_text(bulletin.title), "created": moment})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1, "text_wrap": True}),
        "figure": book.add_format({"num_format": "0.####"}),
        "score": book.add_format({"num_format": "0.00"}),
    }
    tables = bulletin.snapshot["tables"]
    if "indicators" in tables:
        _indicator_sheet(book, formats, bulletin, tables["indicators"])
    if "complaint_departments" in tables:
        _department_sheet(book, formats, bulletin, tables["complaint_departments"])
    if "open_issues" in tables:
        _issue_sheet(book, formats, bulletin, tables["open_issues"])
    if "named" in tables:
        _overdue_sheet(book, formats, bulletin, tables["named"])
    _number_sheet(book, formats, bulletin)
    book.close()
    return file.getvalue()


def _sheet(book, formats, bulletin: Bulletin, name: str, columns: list[tuple[str, int]]):
    """Return a sheet with the paper's title, its cut-off, frozen heads, and pages that repeat them."""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, safe_text(f"{bulletin.title}　{name}"), formats["title"])
    sheet.write_string(1, 0, f"数据截至 {bulletin.snapshot['cut_off'][:16].replace('T', ' ')}")
    for index, (label, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        sheet.write_string(HEAD_ROW, index, label, formats["head"])
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


INDICATOR_COLUMNS = [
    ("代码", 10),
    ("指标", 36),
    ("层级", 6),
    ("牵头单位", 20),
    ("单位", 8),
    ("期初值", 10),
    ("期末值", 10),
    ("变化", 10),
    ("目标值", 10),
    ("最差值", 10),
    ("前沿值", 10),
    ("自评分（公式）", 12),
    ("自评分（定稿）", 12),
    ("差距", 22),
    ("位次", 6),
    ("位次变化", 8),
]
#: Columns of the formula: 期末值, 最差值, 前沿值.
VALUE, WORST, FRONTIER = "G", "J", "K"


def _indicator_sheet(book, formats, bulletin: Bulletin, rows: list[dict[str, Any]]) -> None:
    sheet = _sheet(book, formats, bulletin, "指标情况", INDICATOR_COLUMNS)
    for place, row in enumerate(rows, HEAD_ROW + 1):
        for column, text in enumerate((row["code"], row["name"], str(row["level"]), row["lead"], row["unit"])):
            sheet.write_string(place, column, safe_text(text))
        for column, name in enumerate(("before", "value", "change", "target", "worst", "frontier"), 5):
            _figure(sheet, place, column, row[name], formats["figure"])
        if row["is_leaf"]:
            frozen = float(row["score"]) if row["score"] is not None else ""
            sheet.write_formula(place, 11, score_formula(place + 1), formats["score"], frozen)
        _figure(sheet, place, 12, row["score"], formats["score"])
        sheet.write_string(place, 13, safe_text(row["gap_text"]))
        if row["rank"] is not None:
            sheet.write_number(place, 14, row["rank"])
            sheet.write_string(place, 15, rank_change_text(row["rank_change"]))


def score_formula(row: int) -> str:
    """Return the score of a leaf over its own row: (worst - value) / (worst - frontier) * 100, 0 to 100 (domain §3).

    Empty where a figure is missing or worst equals frontier; the same for both directions.
    """
    value, worst, frontier = f"{VALUE}{row}", f"{WORST}{row}", f"{FRONTIER}{row}"
    missing = f'OR({value}="",{worst}="",{frontier}="",{worst}={frontier})'
    exact = f"({worst}-{value})/({worst}-{frontier})*100"
    return f'=IF({missing},"",ROUND(MAX(0,MIN(100,{exact})),2))'


def _figure(sheet, row: int, column: int, text: str | None, style) -> None:
    if text is not None:
        sheet.write_number(row, column, float(text), style)


#: Rate -> what its numerator, its denominator and itself are called (oracles README §4).
RATE_COLUMNS = (
    ("on_time_sign", "按时签收", "应签收", "按时签收率"),
    ("close", "办结", "转办", "办结率"),
    ("on_time_close", "按期办结", "应办结", "按期办结率"),
    ("satisfaction", "满意和基本满意", "已评价", "满意率"),
    ("solved", "已解决", "已答复是否解决", "解决率"),
)


def _department_sheet(book, formats, bulletin: Bulletin, rows: list[dict[str, Any]]) -> None:
    columns = [("单位", 22)]
    for _, done, asked, rate in RATE_COLUMNS:
        columns += [(f"{done}（件）", 10), (f"{asked}（件）", 10), (f"{rate}（%）", 10)]
    columns.append(("超期（件）", 10))
    sheet = _sheet(book, formats, bulletin, "投诉办理", columns)
    for place, row in enumerate(rows, HEAD_ROW + 1):
        sheet.write_string(place, 0, safe_text(row["name"]))
        for index, (key, *_) in enumerate(RATE_COLUMNS):
            first = 1 + index * 3
            sheet.write_number(place, first, row[key]["numerator"])
            sheet.write_number(place, first + 1, row[key]["denominator"])
            if row[key]["denominator"]:
                sheet.write_number(place, first + 2, float(row[key]["text"]), formats["score"])
            else:
                sheet.write_string(place, first + 2, row[key]["text"])
        sheet.write_number(place, 1 + len(RATE_COLUMNS) * 3, row["overdue_open"]["numerator"])


def _issue_sheet(book, formats, bulletin: Bulletin, rows: list[dict[str, Any]]) -> None:
    columns = [("编号", 16), ("问题", 48), ("来源", 12), ("程度", 8), ("牵头单位", 20), ("整改时限", 12), ("状态", 10)]
    sheet = _sheet(book, formats, bulletin, "未销号问题", columns)
    for place, row in enumerate(rows, HEAD_ROW + 1):
        due = date.fromisoformat(row["due_on"]).isoformat() if row["due_on"] else "—"
        texts = (row["number"], row["title"], row["source"], row["severity"], row["department"], due, row["state"])
        for column, text in enumerate(texts):
            sheet.write_string(place, column, safe_text(text))


def _overdue_sheet(book, formats, bulletin: Bulletin, rows: list[dict[str, Any]]) -> None:
    sheet = _sheet(book, formats, bulletin, "超期事项", [("编号", 20), ("承办单位", 30), ("超期（工作日）", 14)])
    for place, row in enumerate(rows, HEAD_ROW + 1):
        sheet.write_string(place, 0, safe_text(row["number"]))
        sheet.write_string(place, 1, safe_text(row["department"]))
        sheet.write_number(place, 2, row["days"])


def _number_sheet(book, formats, bulletin: Bulletin) -> None:
    """Write every bound number of the text with what it prints as, so that each can be traced."""
    sheet = _sheet(book, formats, bulletin, "正文数字", [("名称", 36), ("标识", 32), ("正文所印", 18), ("精确值", 18)])
    numbers = bulletin.snapshot["numbers"]
    names = sorted(bulletin.printed_names() & numbers.keys())
    for place, name in enumerate(names, HEAD_ROW + 1):
        number = numbers[name]
        for column, text in enumerate((number["label"], name, number["text"], number["value"] or "—")):
            sheet.write_string(place, column, safe_text(text))
